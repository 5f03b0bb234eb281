import numpy as np

from cocoonsim import Scenario, play
from cocoonsim.interventions.fair_exposure import FairExposure

BASE = {
    "steps": 12, "slate": 5, "population": {"kind": "two_camps", "users": 200}, "ranking": "engagement",
    "catalogue": {"kind": "partisan_news", "items": 150, "topics": 6, "right_share": 0.2}, "choice": "bernoulli",
}  # fmt: skip


def shares(*interventions):
    """Share of places held by group 1, place by place, over the run; and the group's share of the pool."""
    held, n = np.zeros(5), 0
    for moment in play(Scenario.from_dict({**BASE, "interventions": list(interventions)})):
        held += (moment.world.items.group[moment.feed] == 1).sum(axis=0)
        n += len(moment.users)
    pool = (moment.world.items.group == 1).mean()
    return held / n, pool, n


def test_every_place_has_the_share_of_the_pool_or_the_one_asked_for():
    for given, target in (
        ({"kind": "fair_exposure"}, None),
        ({"kind": "fair_exposure", "target": "share", "part": 0.6}, 0.6),
    ):
        held, pool, n = shares(given)
        wanted = pool if target is None else target
        assert (np.abs(held - wanted) <= 4 * np.sqrt(wanted * (1 - wanted) / n)).all()


def test_the_untreated_have_their_old_feeds():
    plain = next(play(Scenario.from_dict(BASE)))
    half = next(play(Scenario.from_dict({**BASE, "interventions": [{"kind": "fair_exposure", "share": 0.5}]})))
    treated = FairExposure(share=0.5).treated(plain.users, plain.dice)
    assert (plain.feed[~treated] == half.feed[~treated]).all()
