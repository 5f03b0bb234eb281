"""One run on several machines: every shard plays the same loop, works on its own users, and fetches the rest.

All that a step computes for single users goes through `Blocks.map`: pure work on slices of the users. So a run can be
shared out by its *work*. Every shard holds the whole state and plays the whole loop, but in each `map` it computes only
its own pieces and fetches the others' from those who computed them. All then hold the same results, put together in the
same order, and so the same next state, to the last bit: as many shards as you like, one set of numbers.

The process that asked for the run plays along as their leader. It computes nothing but a spot check, and so it measures
and writes while the shards are already at the next step.

What a shard owes is a pure function of a state that all of them hold. So nothing is lost with a shard that dies: whoever
misses a piece computes it, and from the next `map` on the dead one's pieces belong to the others. Nobody has to agree
with anybody: who believes wrongly that another is dead only computes a piece twice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from cocoonsim.core.blocks import Blocks
from cocoonsim.core.errors import UserError

T = TypeVar("T")

PIECES = 4
"""Pieces that each shard begins with. When it dies, they go to as many others."""
AHEAD = 8
"""How many exchanges (two or three a step) the shards may be ahead of their leader: what waits for it fills memory."""
GIVEN_UP = "this shard has been given up"

Answer = Mapping[int, list[Any]] | str
"""The pieces that a shard gave, or in words why it gave none."""
Ask = Callable[[int, int, Mapping[int, list[int]]], Mapping[int, Answer]]
"""`ask(call, n, {shard: pieces})`: fetch pieces from several shards at once."""


class Closed(Exception):  # noqa: N818 - an end, not an error
    """The desk was closed: nobody waits for this shard's work any more."""


class Desk:
    """Where a shard lays out what it has computed, for the others and the leader to fetch."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._laid: dict[int, tuple[int, dict[int, list[Any]]]] = {}
        self._waiting: dict[int, Future[None]] = {}
        self._leader_at = 0
        self.closed = ""
        """Why nothing more will be laid out here; empty while there will."""

    def lay(self, call: int, n: int, pieces: dict[int, list[Any]]) -> None:
        """Lay out one call's pieces, of work on range(n); waits while the leader is too far behind."""
        with self._changed:
            self._changed.wait_for(lambda: self.closed or call <= self._leader_at + AHEAD)
            if self.closed:
                raise Closed(self.closed)
            self._laid[call] = (n, pieces)
            waiting = self._waiting.pop(call, None)
        if waiting:
            waiting.set_result(None)

    def ready(self, call: int) -> Future[None]:
        """Resolved as soon as a call's pieces lie here, or never will."""
        with self._changed:
            done: Future[None] = Future()
            if self.closed or call in self._laid:
                done.set_result(None)
                return done
            return self._waiting.setdefault(call, done)

    def leader_at(self, call: int) -> None:
        """The leader has come to this call: what nobody will want any more is cleared away, and work may go on."""
        with self._changed:
            self._leader_at = max(self._leader_at, call)
            # a shard is at most one exchange behind the leader, who could not have gone on without its pieces
            for old in [known for known in self._laid if known < call - 1]:
                del self._laid[old]
            self._changed.notify_all()

    def fetch(self, call: int, n: int, wanted: Sequence[int]) -> Answer:
        """Those of the wanted pieces that lie here."""
        with self._changed:
            if call not in self._laid:
                return self.closed or GIVEN_UP
            known_n, pieces = self._laid[call]
        if known_n != n:
            return f"it works on {known_n:,} users where {n:,} are meant: it plays another game"
        return {piece: pieces[piece] for piece in wanted if piece in pieces}

    def close(self, why: str) -> None:
        """Nothing more will be laid out; whoever waits is told."""
        with self._changed:
            self.closed = self.closed or why
            waiting, self._waiting = list(self._waiting.values()), {}
            self._changed.notify_all()
        for one in waiting:
            one.set_result(None)


@dataclass
class Team:
    """What one member knows of the shards: who it is, how to ask the others, and who has gone."""

    shards: int
    ask: Ask
    number: int = -1
    """Which shard this member is; -1: the leader, who computes nothing that another has computed."""
    desk: Desk | None = None
    on_loss: Callable[[int, str], None] = lambda shard, why: None
    call: int = 0
    gone: dict[int, str] = field(default_factory=dict)
    """Why each of those who are gone is gone."""

    @property
    def leads(self) -> bool:
        return self.number < 0

    def owner(self, piece: int) -> int:
        """Who computes a piece, as far as this member knows; the leader (-1) when all are gone."""
        home, turn = divmod(piece, PIECES)
        others = [(home + 1 + (turn + place) % (self.shards - 1)) % self.shards for place in range(self.shards - 1)]
        return next((shard for shard in (home, *others) if shard not in self.gone), -1)

    def lose(self, shard: int, why: str) -> None:
        """Note that a shard is gone."""
        if shard not in self.gone:
            self.gone[shard] = why
            self.on_loss(shard, why)


@dataclass(frozen=True)
class ShardBlocks(Blocks):
    """Blocks of which every member of a team computes some; each ends up with all results, in order."""

    team: Team = field(default_factory=lambda: Team(1, lambda call, n, wanted: {}), compare=False)

    def map(self, work: Callable[[slice], T], n: int) -> list[T]:
        """Run `work` on slices that cover range(n), each on one of the shards; the results come in order."""
        if n <= self.users:
            return super().map(work, n)  # one block is not worth a letter
        team = self.team
        team.call += 1
        pieces = _pieces(list(self.parts(n)), team.shards * PIECES)
        owners = {piece: team.owner(piece) for piece in pieces}
        found = self._compute(work, pieces, [piece for piece, owner in owners.items() if owner == team.number])
        if team.desk:
            team.desk.lay(team.call, n, dict(found))
        checked = self._spot_check(work, pieces) if team.leads else None

        wanted: dict[int, list[int]] = {}
        for piece, owner in owners.items():
            if piece not in found:
                wanted.setdefault(owner, []).append(piece)
        for shard, answer in team.ask(team.call, n, wanted).items():
            if isinstance(answer, str):
                team.lose(shard, answer)
            else:
                found |= answer

        missing = [piece for piece in pieces if piece not in found]
        if missing and team.leads and len(team.gone) == team.shards:
            self._refuse_to_go_on_alone(work, pieces, missing)
        found |= self._compute(work, pieces, missing)
        if checked:
            piece, place, answer_here = checked
            if not same_bits(found[piece][place], answer_here):
                raise UserError(
                    f"shard {owners[piece]} computes other numbers than this process from the same scenario and seed. "
                    "Use the same version of NumPy and processors of one family for all of them"
                )
        return [answer for piece in pieces for answer in found[piece]]

    def columns(self, work: Callable[[slice], dict[str, np.ndarray]], n: int) -> dict[str, np.ndarray]:
        """Run `work` on slices that cover range(n), and put the rows of each column together from what all shards found."""
        parts = self.map(work, n) if n else [work(slice(0, 0))]
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    def _compute(
        self, work: Callable[[slice], T], pieces: Mapping[int, list[slice]], which: Sequence[int]
    ) -> dict[int, list[T]]:
        """Some pieces, computed here, all of them at once so that no thread waits for another's piece."""
        answers = iter(self.run(work, [part for piece in which for part in pieces[piece]]))
        return {piece: [next(answers) for _ in pieces[piece]] for piece in which}

    def _spot_check(self, work: Callable[[slice], T], pieces: Mapping[int, list[slice]]) -> tuple[int, int, T]:
        """One block, another one in each call, computed by the leader too: (piece, its place in it, the answer)."""
        places = [(piece, place) for piece, parts in pieces.items() for place in range(len(parts))]
        piece, place = places[self.team.call * 7 % len(places)]
        return piece, place, work(pieces[piece][place])

    def _refuse_to_go_on_alone(
        self, work: Callable[[slice], T], pieces: Mapping[int, list[slice]], missing: Sequence[int]
    ) -> None:
        self._compute(work, pieces, missing[:1])  # a mistake in a component is told here as it is without shards
        reasons = "; ".join(f"shard {shard}: {why}" for shard, why in sorted(self.team.gone.items()))
        raise UserError(f"all workers of this run were lost ({reasons})")


def _pieces(parts: list[slice], n: int) -> dict[int, list[slice]]:
    """At most n pieces of about as many blocks each; those that would be empty are left out."""
    edges = [len(parts) * number // n for number in range(n + 1)]
    cut = {number: parts[edges[number] : edges[number + 1]] for number in range(n)}
    return {number: some for number, some in cut.items() if some}


def same_bits(one: Any, other: Any) -> bool:
    """Whether two answers, arrays or collections of them, are the same to the last bit (NaN and the sign of 0 too).

    >>> same_bits({"a": np.array([np.nan])}, {"a": np.array([np.nan])}), same_bits(np.array([0.0]), np.array([-0.0]))
    (True, False)
    """
    if isinstance(one, np.ndarray):
        alike = isinstance(other, np.ndarray) and (one.dtype, one.shape) == (other.dtype, other.shape)
        return bool(alike and one.tobytes() == other.tobytes())
    if isinstance(one, Mapping):
        return (
            isinstance(other, Mapping) and one.keys() == other.keys() and all(same_bits(one[k], other[k]) for k in one)
        )
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same_bits, one, other))
    return bool(one == other)
