"""What a generator of follow graphs promises."""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Chance, Dice
from cocoonsim.core.follows import Follows
from cocoonsim.core.world import Columns, people
from cocoonsim.network import Network
from cocoonsim.testing.broken import calls, require, untouched
from cocoonsim.testing.graphs import check_graph
from cocoonsim.testing.seeds import check_seeded
from cocoonsim.testing.worlds import tiny_worlds

USERS = 240
SEEDS = (1, 2, 3, 4)


def promise_no_self_follow_no_double(network: Network) -> None:
    """Nobody follows themselves, nobody twice, and nobody who is not there, in small worlds and large."""
    for tiny in tiny_worlds():
        users = users_for(network, tiny.world.users)
        check_graph(network, _build(network, users, Chance(1)), users.size, f"over the users of {tiny.name}")
    users = users_for(network, _many_users())
    for seed in SEEDS:
        check_graph(network, _build(network, users, Chance(seed)), users.size, f"over {users.size} users")


def promise_mean_degree_is_as_stated(network: Network) -> None:
    """The mean degree over a few graphs is within 5 % (or 4 standard errors) of `mean_degree()`, where that is known."""
    users = users_for(network, _many_users())
    stated = network.mean_degree(users.size)
    if stated is None:
        return
    degrees = [_build(network, users, Chance(seed)).n_arcs / users.size for seed in range(1, 9)]
    seen, error = float(np.mean(degrees)), float(np.std(degrees, ddof=1) / np.sqrt(len(degrees)))
    slack = max(0.05 * stated, 4 * error)
    require(
        abs(seen - stated) <= slack,
        network,
        f"users follow {seen:.3f} people on average; mean_degree says {stated:.3f}",
    )


def promise_seeded(network: Network) -> None:
    """The same chance gives the same graph; other chance another one, if the network draws from it at all."""
    users = users_for(network, _many_users())

    def build(chance: Chance) -> Follows:
        return network.build(users, chance)

    check_seeded(network, build, "follows")


def promise_leaves_the_users_untouched(network: Network) -> None:
    """Building reads the users and writes nothing into them."""
    users = users_for(network, _many_users())
    with untouched(network, users):
        _build(network, users, Chance(1))


# ---------------------------------------------------------------------------------------------------- what is tried
def users_for(network: Network, users: Columns) -> Columns:
    """As many of the users as the network is for: one read from a file has its own number of nodes."""
    size = getattr(network, "example_users", None) or users.size
    if size == users.size:
        return users
    rows = np.arange(size) % users.size
    return Columns(**{name: column[rows] for name, column in users.items()})


def _many_users() -> Columns:
    """240 users in four groups, with opinions and interests of every kind."""
    dice, number = Dice(3, 0), np.arange(USERS)
    taste = -np.log(dice.uniform("taste", number, 6))
    opinion = 2 * dice.uniform("opinion", number)[:, 0] - 1
    return people(taste / taste.sum(axis=1, keepdims=True), opinion=opinion, group=number % 4)


def _build(network: Network, users: Columns, chance: Chance) -> Follows:
    follows: Follows = calls(network, f"for {users.size} users", network.build, users, chance)
    return follows
