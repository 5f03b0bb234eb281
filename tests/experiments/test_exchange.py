"""The exchange between the members of a team, in threads of one process: whoever dies, all hold the same results."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cocoonsim import Scenario, play
from cocoonsim.core.blocks import Blocks
from cocoonsim.core.errors import UserError
from cocoonsim.experiments.exchange import AHEAD, PIECES, Answer, Closed, Desk, ShardBlocks, Team, same_bits

PLAY = Callable[[Blocks], Any]


class Crew:
    """A team whose members are threads; `dying` says after how many calls a shard is gone."""

    def __init__(self, shards: int, users: int = 3, dying: Mapping[int, int] | None = None) -> None:
        self.desks = [Desk() for _ in range(shards)]
        self.dying = dict(dying or {})
        self.blocks = [
            ShardBlocks(users, threads=1, team=Team(shards, self._asker(number), number, self.desks[number]))
            for number in range(shards)
        ]
        self.losses: list[tuple[int, str]] = []
        leader = Team(shards, self._asker(-1), on_loss=lambda *loss: self.losses.append(loss))
        self.leader = ShardBlocks(users, threads=1, team=leader)

    def _asker(self, me: int) -> Callable[[int, int, Mapping[int, list[int]]], dict[int, Answer]]:
        def ask(call: int, n: int, wanted: Mapping[int, list[int]]) -> dict[int, Answer]:
            if me >= 0 and call > self.dying.get(me, call):
                raise Closed("dead")
            found: dict[int, Answer] = {}
            for shard, pieces in wanted.items():
                if call > self.dying.get(shard, call):
                    found[shard] = "dead"
                    continue
                if me < 0:
                    self.desks[shard].leader_at(call)
                self.desks[shard].ready(call).result(timeout=10)
                found[shard] = self.desks[shard].fetch(call, n, pieces)
            return found

        return ask

    def play(self, game: PLAY) -> tuple[Any, list[Any]]:
        """(what the leader holds at the end, what each shard holds; None for the dead)."""
        held: list[Any] = [None] * len(self.blocks)

        def one(number: int) -> None:
            try:
                held[number] = game(self.blocks[number])
            except Closed:
                self.desks[number].close("dead")
            except Exception as error:
                self.desks[number].close(f"{type(error).__name__}: {error}")

        threads = [threading.Thread(target=one, args=(number,)) for number in range(len(self.blocks))]
        for thread in threads:
            thread.start()
        try:
            found = game(self.leader)
        except BaseException:
            for desk in self.desks:
                desk.close("the leader is gone")
            raise
        finally:
            for thread in threads:
                thread.join(timeout=20)
        assert not any(thread.is_alive() for thread in threads)
        return found, held


def powers(blocks: Blocks, n: int = 100, calls: int = 20) -> list[np.ndarray]:
    """Every call works on what all of the one before gave, as a step does."""
    state, states = np.arange(n, dtype=np.float64), []
    for call in range(calls):
        before, call_ = state, call
        state = blocks.rows(lambda part, b=before, c=call_: np.sqrt(b[part] + b.mean() + c), n)
        states.append(state)
    return states


def counted(count: list[int]) -> PLAY:
    """`powers`, counting the users each member has worked on."""

    def game(blocks: Blocks) -> list[np.ndarray]:
        me = blocks.team.number if isinstance(blocks, ShardBlocks) else -1
        state, states = np.arange(96, dtype=np.float64), []
        for _ in range(20):
            before = state

            def work(part: slice, before: np.ndarray = before) -> np.ndarray:
                count[me] += part.stop - part.start
                return np.sqrt(before[part] + before.mean())

            state = blocks.rows(work, 96)
            states.append(state)
        return states

    return game


@pytest.mark.parametrize("shards", [1, 2, 3, 5])
def test_all_members_hold_what_one_process_computes(shards: int) -> None:
    alone = powers(Blocks(users=3, threads=1))
    found, held = Crew(shards).play(powers)
    assert same_bits(alone, found)
    assert all(same_bits(alone, each) for each in held)


def test_the_work_is_shared_out_evenly() -> None:
    count = [0, 0, 0, 0, 0]  # four shards, and the leader last
    Crew(4).play(counted(count))
    assert count[:4] == [20 * 24] * 4
    assert count[4] == 20 * 3  # one block in each call: the spot check


def test_work_of_one_block_is_done_by_everybody() -> None:
    crew = Crew(2, users=100)
    found, held = crew.play(powers)
    assert same_bits(found, held[0])
    assert crew.leader.team.call == 0


@pytest.mark.parametrize("dying", [{0: 0}, {1: 5}, {0: 3, 1: 3}, {0: 3, 2: 9}, {1: 19}])
def test_the_others_go_on_without_the_dead(dying: dict[int, int]) -> None:
    crew = Crew(3, dying=dying)
    alone = powers(Blocks(users=3, threads=1))
    found, held = crew.play(powers)
    assert same_bits(alone, found)
    assert all((same_bits(alone, each) if number not in dying else True) for number, each in enumerate(held))
    assert {shard for shard, _ in crew.losses} == set(crew.leader.team.gone)
    assert set(crew.leader.team.gone) == {shard for shard, last in dying.items() if last < 20}


def test_a_dead_shards_work_is_shared_out_among_the_others() -> None:
    count = [0] * 6
    Crew(5, dying={0: 0}).play(counted(count))
    # 32 blocks in 20 pieces: a survivor has about a fifth of the users and a quarter of a fifth more; in the first call
    # each of them computes all that the dead one owed
    assert all(20 * 96 / 4 * 0.75 <= some <= 20 * 96 / 4 * 1.3 + 96 / 5 for some in count[1:5])


def test_when_all_are_dead_the_leader_says_so() -> None:
    with pytest.raises(UserError, match=r"all workers of this run were lost \(shard 0: dead; shard 1: dead\)"):
        Crew(2, dying={0: 4, 1: 6}).play(powers)


def test_a_mistake_in_the_work_is_told_as_without_shards() -> None:
    def game(blocks: Blocks) -> list[int]:
        return blocks.map(lambda part: 1 // (part.start - 60), 100)

    with pytest.raises(ZeroDivisionError):
        Crew(2).play(game)


def test_a_shard_that_computes_other_bits_is_found_out() -> None:
    def game(blocks: Blocks) -> np.ndarray:
        assert isinstance(blocks, ShardBlocks)
        wrong = 1e-16 if blocks.team.number == 1 else 0.0
        return blocks.rows(lambda part: np.full(part.stop - part.start, 0.1) + wrong, 48)

    def often(blocks: Blocks) -> None:
        for _ in range(20):
            game(blocks)

    with pytest.raises(UserError, match=r"shard 1 computes other numbers than this process.*Use the same version"):
        Crew(2).play(often)


def test_a_shard_that_plays_another_game_is_not_listened_to() -> None:
    desk = Desk()
    desk.leader_at(1)
    desk.lay(1, 500, {0: [1]})
    assert desk.fetch(1, 500, [0, 1]) == {0: [1]}
    assert desk.fetch(1, 400, [0]) == "it works on 500 users where 400 are meant: it plays another game"


def test_nobody_runs_far_ahead_of_the_leader_and_nothing_piles_up() -> None:
    desk = Desk()
    laid: list[int] = []

    def work() -> None:
        for call in range(1, 100):
            desk.lay(call, 1, {0: [call]})
            laid.append(call)

    thread = threading.Thread(target=work)
    thread.start()
    for call in range(1, 100):
        desk.leader_at(call)
        desk.ready(call).result(timeout=10)
        assert desk.fetch(call, 1, [0]) == {0: [call]}
        time.sleep(0.001)
        assert max(laid, default=0) <= call + AHEAD
        assert len(desk._laid) <= AHEAD + 2
    thread.join(timeout=10)
    assert not thread.is_alive()


def test_a_closed_desk_lets_everybody_go() -> None:
    desk = Desk()
    waiting = desk.ready(3)
    assert not waiting.done()
    desk.close("given up")
    assert waiting.result(timeout=1) is None
    assert desk.ready(4).done()
    assert desk.fetch(4, 10, [1]) == "given up"
    with pytest.raises(Closed, match="given up"):
        desk.lay(1, 10, {})


def test_every_piece_has_an_owner_until_all_are_gone() -> None:
    team = Team(4, lambda call, n, wanted: {})
    assert [team.owner(piece) for piece in range(4 * PIECES)] == [piece // PIECES for piece in range(4 * PIECES)]
    team.lose(1, "dead")
    assert sorted(team.owner(piece) for piece in range(PIECES, 2 * PIECES)) == [0, 2, 2, 3]
    for shard in (0, 2, 3):
        team.lose(shard, "dead")
    assert {team.owner(piece) for piece in range(4 * PIECES)} == {-1}


def test_what_only_the_leader_does_is_never_exchanged() -> None:
    """Metrics are measured by the leader alone: `map` and `rows` there would wait for shards that never come."""
    for path in (Path(__file__).parents[2] / "cocoonsim" / "metrics").glob("*.py"):
        assert not re.search(r"\bblocks\.(map|rows)\(", path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("shards", [2, 3])
def test_a_game_is_the_same_for_all(shards: int) -> None:
    scenario = Scenario.from_dict(
        {
            "steps": 5,
            "population": {"kind": "uniform", "users": 150},
            "influence": "reinforcement",
            "ranking": "popularity",
        }
    )

    def game(blocks: Blocks) -> list[Any]:
        return [
            [moment.feed, moment.clicks, moment.after.users.interests, moment.history.item_shown.copy()]
            for moment in play(scenario, 3, blocks)
        ]

    alone = game(Blocks(threads=1))
    found, held = Crew(shards, users=16, dying={1: 7}).play(game)
    assert same_bits(alone, found)
    assert same_bits(alone, held[0])
