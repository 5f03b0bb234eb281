"""What can be guessed: nothing from noise, everything from a profile that says it, less after privacy rules."""

import numpy as np
import pytest

from cocoonsim import Scenario, play
from cocoonsim.metrics.profile_leakage import ProfileLeakage
from cocoonsim.testing import tiny_worlds


def guessed(tiny, profile, group):
    tiny.history.clicked_topics[:] = profile
    tiny.history.shown_topics[:] = 0
    object.__setattr__(tiny, "world", tiny.world.with_users(group=np.asarray(group, np.int32)))
    (said,) = ProfileLeakage().measure(tiny.moment)
    return said.values[0], said.null[0]


def test_a_profile_that_says_it_all_is_always_guessed():
    group = np.arange(48) % 3
    value, null = guessed(next(tiny_worlds("two_camps")), np.eye(8)[group] * 10, group)
    assert value == 1.0
    assert null == pytest.approx(1 / 3)


def test_from_an_empty_profile_the_majority_is_guessed():
    group = (np.arange(48) % 4 == 0).astype(int)
    value, null = guessed(next(tiny_worlds("two_camps")), np.zeros((48, 8)), group)
    assert value == null == pytest.approx(0.75)


def test_noise_is_no_better_than_a_coin():
    """Labels have nothing to do with the profile: over 40 draws the mean accuracy is a half, within 4 standard errors."""
    rates = []
    for seed in range(40):
        luck = np.random.Generator(np.random.Philox(seed))
        value, _ = guessed(
            next(tiny_worlds("two_camps")), luck.dirichlet(np.ones(8), 48), luck.permutation(np.arange(48) % 2)
        )
        rates.append(value)
    # balanced labels: leaving a part out leaves the other label in the majority, which can only hurt the guess
    assert np.mean(rates) <= 0.5 + 4 * np.std(rates) / np.sqrt(40)


def test_undefined_with_one_value():
    tiny = next(tiny_worlds("monoculture"))
    assert np.isnan(ProfileLeakage().measure(tiny.moment)[0].values[0])


def test_what_a_rule_forbids_does_not_leak():
    """After everybody has opted out the platform may use nothing, so only the majority can be guessed."""
    spec = {
        "steps": 10, "slate": 8, "population": {"kind": "two_camps", "users": 300, "lean": 3.0}, "ranking": "shuffled",
        "catalogue": {"kind": "partisan_news", "items": 300, "topics": 8, "lean": 3.0}, "choice": "bernoulli",
    }  # fmt: skip
    open_book, closed = (
        ProfileLeakage().measure(list(play(Scenario.from_dict({**spec, "interventions": rules})))[-1])[0]
        for rules in ([], [{"kind": "opt_out"}])
    )
    assert open_book.values[0] > 0.8
    assert closed.values[0] <= closed.null[0] + 1e-9
