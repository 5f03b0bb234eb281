"""Randomness by event: against the public SplitMix64 sequence, statistics of known distributions, and set equality."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cocoonsim.core import chance as module
from cocoonsim.core.chance import ALWAYS, Chance, Dice, gumbel, mix, to_uniform

GOLDEN = 0x9E3779B97F4A7C15


def splitmix64(seed: int, n: int) -> list[int]:
    """Steele, Lea & Flood (2014), figure 17, in plain Python integers."""
    out, mask = [], 2**64 - 1
    for _ in range(n):
        seed = (seed + GOLDEN) & mask
        z = seed
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & mask
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
        out.append(z ^ (z >> 31))
    return out


def test_mix_gives_the_published_sequence_of_seed_0() -> None:
    # first outputs of SplitMix64 with seed 0, as in Vigna's reference splitmix64.c and the tests of java.util
    state = np.array([GOLDEN * n % 2**64 for n in (1, 2, 3)], np.uint64)
    assert [hex(word) for word in mix(state).tolist()] == [
        "0xe220a8397b1dcdaf",
        "0x6e789e6aa1b965f4",
        "0x6c45d188009454f",
    ]


@given(st.integers(0, 2**64 - 1))
def test_mix_is_splitmix64_for_any_seed(seed: int) -> None:
    states = np.array([(seed + GOLDEN * n) % 2**64 for n in range(1, 6)], np.uint64)
    assert mix(states).tolist() == splitmix64(seed, 5)


def test_a_row_of_bits_is_the_splitmix64_sequence_of_its_unit() -> None:
    dice = Dice(5, 2)
    row = dice.bits("choice", np.array([17]), 6)[0].tolist()
    start = int(dice._unit_keys("choice", np.array([17]))[0])
    assert row == splitmix64(start, 6)


def test_uniform_is_strictly_inside_0_and_1_for_every_word() -> None:
    words = np.array([0, 1, 2**41 - 1, 2**41, 2**63, 2**64 - 2**41, 2**64 - 1], np.uint64)
    numbers = to_uniform(words)
    assert numbers.dtype == np.float32
    assert numbers.min() > 0
    assert numbers.max() < 1
    assert np.isfinite(gumbel(numbers)).all()
    # the extreme words are half a step from the ends: (0 + 1/2) / 2^23 and (2^23 - 1/2) / 2^23
    assert numbers[0] == np.float32(2.0**-24)
    assert numbers[-1] == np.float32(1 - 2.0**-24)


def test_the_numbers_of_a_subset_are_those_it_has_in_the_crowd() -> None:
    dice, some = Chance(3).at(9), np.array([999, 4, 4, 700])
    for draw in (
        lambda users: dice.uniform("a", users, 3),
        lambda users: dice.bits("a", users, 3),
        lambda users: dice.below("a", users, 3, 17),
        lambda users: dice.normal("a", users, 3),
        lambda users: dice.gumbel("a", users, 3),
        lambda users: dice.pairs("a", users, np.arange(40)),
    ):
        np.testing.assert_array_equal(draw(np.arange(1000))[some], draw(some))


def test_more_slots_begin_with_the_same_numbers() -> None:
    dice = Dice(1, 1)
    np.testing.assert_array_equal(dice.uniform("x", np.arange(50), 9)[:, :4], dice.uniform("x", np.arange(50), 4))


def test_pairs_are_addressed_by_the_other_and_not_by_its_place() -> None:
    dice, users, others = Dice(1, 1), np.arange(7), np.arange(30)
    whole = dice.pairs("x", users, others)
    np.testing.assert_array_equal(dice.pairs("x", users, others[11:19]), whole[:, 11:19])
    own = (users[:, None] * 3 + np.arange(5)) % 30
    np.testing.assert_array_equal(dice.pairs("x", users, own), np.take_along_axis(whole, own, axis=1))


@pytest.mark.parametrize("cells", [1, 7, 64, 10**6])
def test_how_many_are_hashed_at_once_does_not_matter(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = Dice(8, 3).bits("x", np.arange(200), 11)
    monkeypatch.setattr(module, "_CELLS", cells)
    np.testing.assert_array_equal(Dice(8, 3).bits("x", np.arange(200), 11), expected)


@pytest.mark.parametrize(("units", "n"), [(1, 1), (1, 6), (1, 7), (2, 3), (3, 2), (6, 1), (7, 1)])
def test_few_hashes_are_the_same_without_arrays(units: int, n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    who = np.array([0, -1, 7, 2**40, 5, 5, 12])[:units]
    others = (who[:, None] * 31 + np.arange(n)) % 1000
    draws = (
        lambda: Dice(8, 3, 2).bits("x", who, n),
        lambda: Dice(8, 3).pair_bits("x", who, np.arange(n)),
        lambda: Dice(8, 3).pair_bits("x", who, others),
    )
    found = [draw() for draw in draws]
    monkeypatch.setattr(module, "_FEW", 0)
    for draw, few in zip(draws, found, strict=True):
        many = draw()
        assert (few.shape, few.dtype) == (many.shape, many.dtype) == ((units, n), np.uint64)
        np.testing.assert_array_equal(few, many)


def test_every_part_of_the_address_counts() -> None:
    users = np.arange(100)
    base = Chance(1).at(1).bits("a", users)
    for other in (Chance(2).at(1).bits("a", users), Chance(1).at(2).bits("a", users), Chance(1).at(1).bits("b", users)):
        assert not (base == other).any()
    assert Chance(1).always.step == ALWAYS
    assert not (Chance(1).always.bits("a", users) == base).any()
    assert np.unique(Dice(1, 1).bits("a", np.arange(1000), 50)).size == 50_000


@pytest.mark.parametrize("seed", [0, 1, -1, 2**63, 2**70, -(2**70)])
def test_any_whole_number_is_a_seed(seed: int) -> None:
    numbers = Chance(seed).at(0).uniform("a", np.arange(1000))
    assert abs(float(numbers.mean()) - 0.5) < 5 * np.sqrt(1 / 12 / 1000)
    assert Chance(seed).generator("x").random() == Chance(seed).generator("x").random()


def test_neighbours_are_not_correlated() -> None:
    """Users, steps, streams and slots next to each other: the correlation of independent numbers has sd 1/sqrt(n)."""
    n = 100_000
    users = np.arange(n)
    here = Dice(4, 10).uniform("stream 1", users, 2)
    others = {
        "the next user": Dice(4, 10).uniform("stream 1", users + 1)[:, 0],
        "the next step": Dice(4, 11).uniform("stream 1", users)[:, 0],
        "the next seed": Dice(5, 10).uniform("stream 1", users)[:, 0],
        "the next stream": Dice(4, 10).uniform("stream 2", users)[:, 0],
        "the next slot": here[:, 1],
        "a user 2^32 on": Dice(4, 10).uniform("stream 1", users + 2**32)[:, 0],
    }
    for what, numbers in others.items():
        assert abs(np.corrcoef(here[:, 0], numbers)[0, 1]) < 5 / np.sqrt(n), what


def test_numbers_follow_their_distributions() -> None:
    """Kolmogorov-Smirnov against scipy's distributions: with a fixed seed, p above 0.001 each."""
    dice, users = Dice(12, 0), np.arange(20_000)
    assert stats.kstest(dice.uniform("u", users)[:, 0], "uniform").pvalue > 1e-3
    assert stats.kstest(dice.gumbel("g", users)[:, 0], "gumbel_r").pvalue > 1e-3
    assert stats.kstest(dice.normal("n", users)[:, 0], "norm").pvalue > 1e-3
    counts = np.bincount(dice.below("b", users, 1, 7)[:, 0], minlength=7)
    assert counts.size == 7
    assert stats.chisquare(counts).pvalue > 1e-3


def test_generators_hang_on_seed_and_names_only() -> None:
    assert Chance(1).generator("people").random() == Chance(1).generator("people").random()
    keys = [(1, ("people",)), (2, ("people",)), (1, ("items",)), (1, ("people", 1)), (1, ("people", 2)), (1, ())]
    assert len({Chance(seed).generator(*names).random() for seed, names in keys}) == len(keys)


def test_nobody_gets_no_numbers() -> None:
    assert Dice(1, 1).uniform("a", np.empty(0, np.int64), 3).shape == (0, 3)
    assert Dice(1, 1).uniform("a", np.arange(4), 0).shape == (4, 0)


@pytest.mark.parametrize("units", [np.arange(30), np.array([7, 3, 900])])
def test_words_asked_for_step_after_step_are_those_of_the_step(units: np.ndarray) -> None:
    """However often, in whatever order, for others in between, and though the words that were given are written to."""

    def plainly(step: int, of: np.ndarray) -> list[list[int]]:
        key = Dice(5, step)._key("ahead")
        return [splitmix64(splitmix64(key + (unit - 1) * GOLDEN, 1)[0], 4) for unit in of.tolist()]

    for step in [*range(40), 39, 38, *range(20, 60, 2), 7, 8, 9]:
        for of in [units, units[::-1], units] if step == 25 else [units, units] if step % 9 == 4 else [units]:
            words = Dice(5, step).bits("ahead", of, 4)
            assert words.tolist() == plainly(step, of)
            words[:] = 0
    assert [Dice(5, step).bits("of a list", [7, 3, 900], 4).tolist() for step in range(5)] == [
        Dice(5, step).bits("of a list", np.array([7, 3, 900]), 4).tolist() for step in range(5)
    ]
