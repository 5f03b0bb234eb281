"""What a ranking policy promises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.follows import Follows
from cocoonsim.ranking import Ranking
from cocoonsim.testing.broken import calls, first_difference, nearly, own_dice_only, require, same, untouched
from cocoonsim.testing.renaming import new_ids, new_order, rename_items
from cocoonsim.testing.scoring import learned, scores
from cocoonsim.testing.worlds import TinyWorld, cold_start, tiny_worlds

Change = Callable[[TinyWorld], TinyWorld]


def promise_scores_are_numbers(policy: Ranking) -> None:
    """Scores are finite floats, or -inf for never, one for each user and candidate."""
    for tiny in tiny_worlds():
        view = replace(tiny.view(minds=policy.sees_minds), model=learned(policy, tiny))
        given = np.asarray(calls(policy, f"on {tiny.name}", policy.score, view))
        require(given.dtype.kind == "f", policy, f"scores are {given.dtype}, not floats, on {tiny.name}")
        fits = given.ndim <= 2 and all(
            have in (1, want) for have, want in zip(given.shape[::-1], view.shape[::-1], strict=False)
        )
        require(fits, policy, f"scores {given.shape} do not fit (users, candidates) {view.shape} on {tiny.name}")
        wrong = np.isnan(given) | (given == np.inf)
        require(not wrong.any(), policy, f"{wrong.sum()} scores are NaN or +inf on {tiny.name}")


def promise_works_on_cold_start(policy: Ranking) -> None:
    """A platform that knows nothing yet still shows something: every user has candidates that score above -inf."""
    empty = np.isneginf(scores(policy, cold_start())).all(axis=1)
    require(not empty.any(), policy, f"{empty.sum()} users have no candidate above -inf before anything was clicked")


def promise_repeatable(policy: Ranking) -> None:
    """The same view gives the same scores, bit for bit, and no global random numbers are used."""
    for tiny in tiny_worlds():
        with own_dice_only(policy):
            one, other = scores(policy, tiny), scores(policy, tiny)
        require(same(one, other), policy, f"two calls differ on {tiny.name} {first_difference(one, other)}")


def promise_leaves_the_view_untouched(policy: Ranking) -> None:
    """Learning and scoring read the world and the history, and write nothing into them."""
    for tiny in tiny_worlds():
        with untouched(policy, tiny.world, tiny.history):
            scores(policy, tiny)


def promise_blocks_do_not_matter(policy: Ranking) -> None:
    """A user's scores are the same bits whichever users and items are scored with them."""
    for tiny in tiny_worlds():
        model, live = learned(policy, tiny), tiny.platform.live
        whole = scores(policy, tiny, model=model)
        for users, items in (
            (slice(3, 20), slice(0, None)),
            (slice(0, 48), slice(7, 24)),
            (slice(47, 48), slice(1, 2)),
        ):
            part = scores(policy, tiny, tiny.users[users], live[items], model)
            difference = first_difference(part, whole[users, items])
            require(difference == "nowhere", policy, f"a part is scored unlike the whole on {tiny.name} {difference}")


def promise_own_candidates_score_alike(policy: Ranking) -> None:
    """An item's score is the same in a list shared by all users as in a list of one user's own, padded with -1."""
    for tiny in tiny_worlds():
        model, live = learned(policy, tiny), tiny.platform.live
        whole = scores(policy, tiny, model=model)
        place = (np.arange(12)[None, :] * 5 + tiny.users[:, None]) % len(live)
        own = live[place]
        own[:, 9:] = np.where(tiny.users[:, None] % 3 == 0, -1, own[:, 9:])
        given = np.where(own >= 0, scores(policy, tiny, items=own, model=model), 0)
        shared = np.where(own >= 0, np.take_along_axis(whole, place, axis=1), 0)
        difference = first_difference(given, shared)
        require(difference == "nowhere", policy, f"own and shared candidates differ on {tiny.name} {difference}")


def promise_item_names_do_not_matter(policy: Ranking) -> None:
    """Numbering the items differently moves no score (but for random policies, whose dice are addressed by item)."""
    if policy.random:
        return
    for tiny in tiny_worlds():
        order = new_order(tiny.world.n_items)
        renamed = rename_items(tiny, order)
        before, after = scores(policy, tiny), scores(policy, renamed)
        place = np.searchsorted(renamed.platform.live, new_ids(order)[tiny.platform.live])
        kept = nearly(after[:, place], before)
        require(kept, policy, f"scores move when the items of {tiny.name} are renumbered")


def promise_explanations_add_up(policy: Ranking) -> None:
    """The parts of `explain`, added in their order and rounded to float32, are the score, bit for bit."""
    for tiny in tiny_worlds():
        view = replace(tiny.view(minds=policy.sees_minds), model=learned(policy, tiny))
        parts = calls(policy, f"on {tiny.name}", policy.explain, view)
        require(parts, policy, "explains a score by nothing")
        total = np.zeros(view.shape)
        for part in parts.values():
            total = total + np.asarray(part, np.float64)
        wanted, given = scores(policy, tiny), total.astype(np.float32)
        difference = first_difference(given, wanted)
        require(difference == "nowhere", policy, f"its explanation does not add up on {tiny.name} {difference}")


def promise_personalised_is_true(policy: Ranking) -> None:
    """`personalised = False` gives all users the same scores; True shows a difference somewhere."""
    rows = [(tiny.name, scores(policy, tiny)) for tiny in tiny_worlds()]
    _trait(policy, "personalised", (name for name, row in rows if not same(row, row[:1].repeat(len(row), axis=0))))


def promise_social_is_true(policy: Ranking) -> None:
    """`social = False` does not move when the follow graph is shuffled or emptied; True moves somewhere."""
    _trait(policy, "social", _moved(policy, _other_follows, _no_follows))


def promise_random_is_true(policy: Ranking) -> None:
    """`random = False` gives the same scores with other dice; True gives others somewhere."""
    _trait(policy, "random", _moved(policy, lambda tiny: tiny.with_dice(4711)))


def promise_by_topic_is_true(policy: Ranking) -> None:
    """`by_topic = True`: where every item has one topic, a user's scores are the same for all items of a topic."""
    if not policy.by_topic:
        return
    for tiny in tiny_worlds():
        topic = tiny.world.items.topics.argmax(axis=1)
        pure = np.eye(tiny.world.n_topics, dtype=np.float32)[topic]
        tiny = replace(tiny, world=tiny.world.with_items(topics=pure))
        given, topic = scores(policy, tiny), topic[tiny.platform.live]
        for number in range(tiny.world.n_topics):
            column = given[:, topic == number]
            alike = same(column, column[:, :1].repeat(column.shape[1], axis=1))
            require(alike, policy, f"says by_topic = True, but items of one topic differ on {tiny.name}")


def promise_sees_minds_is_true(policy: Ranking) -> None:
    """`sees_minds = False` never looks into minds, however it might get at them; True changes with them somewhere."""
    if not policy.sees_minds:
        for tiny in tiny_worlds():
            scores(policy, tiny)  # here `view.minds` raises, and so breaks the promise
    _trait(policy, "sees_minds", _moved(policy, _other_minds, peek=True))


# ---------------------------------------------------------------------------------------------------- how traits are tried
def _trait(policy: Ranking, trait: str, shown_on: Iterator[str]) -> None:
    """The trait must show on some tiny world if declared, and on none if not."""
    declared, worlds = getattr(policy, trait), list(shown_on)
    if not declared:
        require(not worlds, policy, f"says {trait} = False, but it shows on {', '.join(worlds)}")
    else:
        require(worlds, policy, f"says {trait} = True, but it shows on none of the tiny worlds")


def _moved(policy: Ranking, *changes: Change, peek: bool = False) -> Iterator[str]:
    """Names of the worlds in which the scores move when something is changed that may or may not matter."""
    for tiny in tiny_worlds():
        before = _peeked(policy, tiny) if peek else scores(policy, tiny)
        for change in changes:
            other = change(tiny)
            if not same(before, _peeked(policy, other) if peek else scores(policy, other)):
                yield tiny.name
                break


def _peeked(policy: Ranking, tiny: TinyWorld) -> Any:
    """The scores with the true world within reach, as it is for a policy that goes behind the view's back."""
    view = replace(tiny.view(minds=True), model=learned(policy, tiny))
    given = np.asarray(calls(policy, f"on {tiny.name}", policy.score, view))
    return np.broadcast_to(given, view.shape)


def _other_follows(tiny: TinyWorld) -> TinyWorld:
    """As many follows, from and to other people."""
    follows, ids = tiny.world.follows, new_ids(new_order(tiny.world.n_users))
    shuffled = Follows.from_arcs(tiny.world.n_users, ids[follows.sources()], ids[follows.targets])
    return replace(tiny, world=replace(tiny.world, follows=shuffled))


def _no_follows(tiny: TinyWorld) -> TinyWorld:
    return replace(tiny, world=replace(tiny.world, follows=Follows.none(tiny.world.n_users)))


def _other_minds(tiny: TinyWorld) -> TinyWorld:
    """The same people with each other's minds: behaviour and what they declared stay theirs."""
    users, order = tiny.world.users, new_order(tiny.world.n_users)
    others = {name: column[order] for name, column in users.items() if name not in ("consent", "group")}
    others["interests"] = np.roll(others["interests"], 1, axis=1)
    others["opinion"] = others["opinion"][::-1] * 0.5
    dice = Dice(tiny.dice.seed, tiny.dice.step)
    return replace(tiny, world=tiny.world.with_users(**others), dice=dice)
