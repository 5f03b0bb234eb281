"""People who are drawn to their like and excited by it talk each other into extremes.

Opinions fade by themselves and are pushed by contacts: dx/dt = -decay x + strength x the sum of tanh(controversy x opinion)
over all who influence the person in this step. In each step every user is active with the chance in the column `activity`;
an active one contacts `contacts_each` others, drawn with a chance proportional to |distance of opinions|^-homophily,
and influences them; with the chance `reciprocity` each contact works the other way too. With `among: followees` nobody is
contacted: whoever is active is heard by all who follow them, as loud as their tie weighs. Nobody's feed matters.

How: distances below `distance_floor` count as this. Who meets whom is drawn once for a step, also when the integrator looks
at several points of it. Opinions are unbounded. In several dimensions each is a topic, and any two topics have the `overlap` o
in common (the cosine of the angle between them): on topic v the tanh is of controversy x ((1 - o) x_v + o x the sum over all
topics), and the square of a distance is (1 - o) x the sum of squared gaps + o x the square of their sum. With `hearing` h above
0 what people hear, in the first dimension, is noted in a column `heard`, for measuring only: its rate of change is h x the sum
of (opinion of the other - heard) over contacts.

Also known as: radicalisation dynamics, echo-chamber model of Baumann et al., activity-driven reinforcement.
Why it matters here: neither bounded confidence nor repulsion is needed for two camps: homophily and controversy will do.
Source: Baumann, Lorenz-Spreen, Sokolov & Starnini (2020), Modeling echo chambers and polarization dynamics in social
networks; for several topics the same (2021), Emergence of polarized ideological opinions in multidimensional topic spaces; on
a network that recommendations change, Santos, Lelkes & Levin (2021), Link recommendation algorithms and dynamics of
polarization in online social networks.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cocoonsim.core.chance import Dice, gumbel
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.influence import Influence


class Radicalisation(Influence):
    drifts = True
    keeps_consensus = False

    strength: float = setting(3.0, low=0.0, help="How strongly contacts push, against the fading of opinions")
    controversy: float = setting(3.0, low=0.0, help="How soon an opinion counts as fully for or against")
    homophily: float = setting(3.0, low=0.0, high=100.0, help="How much likelier it is to contact one's like; 0 = not")
    decay: float = setting(1.0, low=0.0, help="How fast opinions fade by themselves")
    contacts_each: int = setting(10, low=1, high=10_000, unit="users", help="How many others an active user contacts")
    reciprocity: float = setting(0.5, low=0.0, high=1.0, help="Chance that a contact works both ways")
    hearing: float = setting(0.0, low=0.0, help="How fast what is heard is noted, to be measured; 0 = not at all")
    distance_floor: float = setting(1e-9, above=0.0, help="Distances below this count as this when contacts are drawn")
    overlap: float = setting(
        0.0, low=0.0, high=1.0, help="How much topics have in common; 1 = they are one and the same"
    )
    among: str = setting("everyone", choices=("everyone", "followees"), help="Whom one may hear from")

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        if self.among == "followees":
            if world.follows.n_arcs:
                return []
            return [("among", "nobody follows anybody. Use a network, or among: everyone")]
        if self.contacts_each >= world.n_users:
            return [("contacts_each", f"{self.contacts_each} others to contact, but there are {world.n_users} users")]
        return []

    def begin(self, world: World, dice: Dice) -> World:
        return world.with_users(heard=np.zeros(world.n_users))

    def ready(self, world: World, dice: Dice) -> World:
        return self.begin(world, dice) if self.hearing > 0 and "heard" not in world.users else world

    def contacts(self, world: World, users: np.ndarray, dice: Dice) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
        """(influenced, influencing, weight), each pair once: over all people, whoever of `users` is asked about."""
        everybody = np.arange(world.n_users)
        active = dice.uniform("radicalisation active", everybody)[:, 0] < world.users.activity
        if self.among == "followees":
            follows = world.follows
            heard = active[follows.targets]
            weights = None if follows.weights is None else follows.weights[heard]
            return follows.sources()[heard], follows.targets[heard], weights
        return *self._met(world, everybody[active], dice), None

    def _met(self, world: World, active: np.ndarray, dice: Dice) -> tuple[np.ndarray, np.ndarray]:
        """(influenced, influencing) in the contacts that the active make, ascending."""
        many = min(self.contacts_each, world.n_users - 1)
        if not active.size or many < 1:
            return np.empty(0, np.int64), np.empty(0, np.int64)
        far = np.maximum(self._distances(world.users.opinion, active), self.distance_floor)
        # the largest of log odds plus Gumbel numbers: drawing without replacement
        luck = gumbel(dice.pairs("radicalisation contact", active, np.arange(world.n_users)))
        keys = -self.homophily * np.log(far) + luck
        keys[np.arange(len(active)), active] = -np.inf
        met = np.argpartition(-keys, many - 1, axis=1)[:, :many].ravel()
        source = np.repeat(active, many)
        back = dice.pairs("radicalisation back", source, met[:, None])[:, 0] < self.reciprocity
        pairs = np.concatenate([met * world.n_users + source, (source * world.n_users + met)[back]])
        pairs = np.sort(pairs)
        pairs = pairs[np.concatenate([[True], pairs[1:] != pairs[:-1]])]
        return pairs // world.n_users, pairs % world.n_users

    def _distances(self, opinion: np.ndarray, active: np.ndarray) -> np.ndarray:
        """float64 (n_active, n_users): how far the opinions (n_users, dims) of the active are from everybody's."""
        gaps = [own[active][:, None] - own[None, :] for own in opinion.T]
        if len(gaps) == 1:
            return np.abs(gaps[0])
        total, square = gaps[0].copy(), np.square(gaps[0])
        for gap in gaps[1:]:
            total += gap
            square += np.square(gap)
        far: np.ndarray = np.sqrt((1 - self.overlap) * square + self.overlap * np.square(total))
        return far

    def slope(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice, contacts: Any
    ) -> dict[str, np.ndarray]:
        influenced, influencing, weight = contacts
        opinion = world.users.opinion
        weight = 1.0 if weight is None else weight
        felt = opinion
        if self.overlap > 0:
            felt = (1 - self.overlap) * opinion + self.overlap * np.add.accumulate(opinion, axis=1)[:, -1:]
        said = np.tanh(self.controversy * felt[influencing])
        push = np.stack([np.bincount(influenced, weight * topic, world.n_users) for topic in said.T], axis=1)
        rate = self.strength * push[users] - self.decay * opinion[users]
        if self.hearing == 0:
            return {"opinion": rate}
        gap = weight * (opinion[influencing, 0] - world.users["heard"][influenced])
        return {"opinion": rate, "heard": self.hearing * np.bincount(influenced, gap, world.n_users)[users]}
