"""What a source of candidates promises."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cocoonsim.candidates import Candidates
from cocoonsim.testing.broken import calls, own_dice_only, require, same, untouched
from cocoonsim.testing.worlds import TinyWorld, tiny_worlds


def promise_only_live_items_are_offered(source: Candidates) -> None:
    """Offered are ids of items that exist in this step, and -1 in rows of users' own."""
    for tiny, _, offer in _offers(source):
        require(offer.dtype == np.int32, source, f"offers {offer.dtype}, not int32 ids")
        given = np.unique(offer)
        strangers = np.setdiff1d(given[given >= 0], tiny.platform.live)
        require(not strangers.size, source, f"offers {strangers[:5].tolist()}, which are not live on {tiny.name}")
        require(given.min(initial=0) >= -1, source, f"offers the id {given.min(initial=0)}")


def promise_an_offer_has_a_right_shape(source: Candidates) -> None:
    """An offer is one row for all users, ascending without doubles, or a row for each, padded with -1 at the right."""
    for tiny, users, offer in _offers(source):
        if offer.ndim == 1:
            require((offer >= 0).all(), source, f"pads the offer that is shared by all on {tiny.name}")
            require((np.diff(offer) > 0).all(), source, f"the shared offer does not ascend on {tiny.name}")
        else:
            right = offer.ndim == 2 and len(offer) == len(users)
            require(right, source, f"offer {offer.shape} for {len(users)} users on {tiny.name}")
            gaps = (offer[:, :-1] < 0) & (offer[:, 1:] >= 0)
            require(not gaps.any(), source, f"{gaps.any(axis=1).sum()} rows have -1 before an id on {tiny.name}")


def promise_distinct_is_true(source: Candidates) -> None:
    """With `distinct = True` nothing stands twice in a row of an offer."""
    for tiny, _, offer in _offers(source):
        if source.distinct and offer.ndim == 2:
            ordered = np.sort(offer, axis=1)
            twice = ((ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0)).any(axis=1).sum()
            require(not twice, source, f"says distinct = True, but {twice} rows hold an item twice on {tiny.name}")


def promise_shows_nothing_is_true(source: Candidates) -> None:
    """With `shows_nothing = True` nothing is ever offered."""
    for tiny, _, offer in _offers(source):
        offered = int((offer >= 0).sum()) if source.shows_nothing else 0
        require(not offered, source, f"says shows_nothing = True, but offers {offered} items on {tiny.name}")


def promise_hidden_is_a_sparse_table(source: Candidates) -> None:
    """What is hidden is nothing, or a sparse table of (these users, all items)."""
    for tiny in tiny_worlds():
        for users in _cohorts(source, tiny):
            hidden = calls(source, f"on {tiny.name}", source.hidden, tiny.platform, users)
            if hidden is not None:
                wanted = (len(users), tiny.world.n_items)
                require(hidden.shape == wanted, source, f"hidden {hidden.shape}, not {wanted} on {tiny.name}")
                require(hasattr(hidden, "tocsr"), source, f"hidden is a {type(hidden).__name__}, not a sparse table")


def promise_repeatable(source: Candidates) -> None:
    """The same platform and dice give the same offer; nothing given is written into, no global random numbers are used."""
    for tiny in tiny_worlds():
        platform = tiny.platform
        for users in _cohorts(source, tiny):
            with own_dice_only(source), untouched(source, tiny.world, tiny.history):
                one, other = (source.offer(platform, users, tiny.dice) for _ in range(2))
                source.hidden(platform, users)
            require(same(one, other), source, f"two calls give different offers on {tiny.name}")


def promise_blocks_do_not_matter(source: Candidates) -> None:
    """What a user is offered does not depend on who else of their cohort is asked with them."""
    for tiny in tiny_worlds():
        platform = tiny.platform
        for users in _cohorts(source, tiny):
            whole = source.offer(platform, users, tiny.dice)
            for rows in (slice(0, 5), slice(5, None)):
                some = users[rows]
                if not some.size:
                    continue
                part = source.offer(platform, some, tiny.dice)
                for row in range(len(some)):
                    one = _row(part, row)
                    alike = same(one, _row(whole, row + rows.start))
                    require(alike, source, f"user {some[row]} is offered other items in another block on {tiny.name}")


# ---------------------------------------------------------------------------------------------------- what is tried
def _row(offer: np.ndarray, row: int) -> np.ndarray:
    """A user's offer without its padding, which is as wide as the longest row asked for."""
    items = offer if offer.ndim == 1 else offer[row]
    return np.sort(items[items >= 0])


def _cohorts(source: Candidates, tiny: TinyWorld) -> list[np.ndarray]:
    """The users as the engine asks for them: in cohorts where the source has them, else all at once."""
    size = source.cohort_size
    return [tiny.users] if not size else np.split(tiny.users, range(size, len(tiny.users), size))


def _offers(source: Candidates) -> Iterator[tuple[TinyWorld, np.ndarray, np.ndarray]]:
    for tiny in tiny_worlds():
        platform = tiny.platform
        for users in _cohorts(source, tiny):
            offer = calls(source, f"on {tiny.name}", source.offer, platform, users, tiny.dice)
            yield tiny, users, np.asarray(offer)
