"""The tools of the promises: what counts as different, what counts as touched."""

import random

import numpy as np
import pytest

from cocoonsim.choice.logit import Logit
from cocoonsim.testing.broken import BrokenPromise, calls, first_difference, nearly, own_dice_only, same, untouched
from cocoonsim.testing.worlds import two_camps

SOMEBODY = Logit()


def test_differences_are_told_with_their_place() -> None:
    assert first_difference(np.array([[1, 2], [3, 4]]), np.array([[1, 2], [3, 5]])) == "at [1, 1]: 4 and 5"
    assert first_difference(np.zeros(2), np.zeros(3)) == "shapes (2,) and (3,)"
    assert same(np.array([np.nan, 1.0]), np.array([np.nan, 1.0]))
    assert not same(np.array([np.nan]), np.array([1.0]))


def test_nearly_forgives_rounding_only() -> None:
    assert nearly(np.array([1.0, np.nan, -np.inf]), np.array([1.0 + 1e-6, np.nan, -np.inf]))
    assert not nearly(np.array([1.0]), np.array([1.01]))
    assert not nearly(np.array([-np.inf]), np.array([0.0]))
    assert not nearly(np.zeros(2), np.zeros(3))


@pytest.mark.parametrize("hand", ["world", "history", "pairs", "follows"])
def test_whoever_writes_is_caught_and_everything_can_be_written_again(hand: str) -> None:
    tiny = two_camps()
    array = {
        "world": tiny.world.users.opinion,
        "history": tiny.history.item_clicks,
        "pairs": tiny.history.pairs("clicks").data,
        "follows": tiny.world.follows.targets,
    }[hand]
    with (
        pytest.raises(BrokenPromise, match="Logit: writes into what it was given"),
        untouched(SOMEBODY, tiny.world, tiny.history),
    ):
        array[0] = 1
    array[0] = 1


def test_whoever_finds_another_way_to_write_is_caught_too() -> None:
    tiny = two_camps()

    def tamper(opinion: np.ndarray) -> None:
        opinion.flags.writeable = True
        opinion[0] = 0.123

    with pytest.raises(BrokenPromise, match=r"changes users\.opinion"), untouched(SOMEBODY, tiny.world):
        tamper(tiny.world.users.opinion)


def test_reading_is_fine() -> None:
    tiny = two_camps()
    with untouched(SOMEBODY, tiny.world, tiny.history):
        assert tiny.history.pairs("shown").sum() > 0
        assert tiny.world.affinity(tiny.users, tiny.feed).max() > 0


def test_global_dice_are_noticed() -> None:
    with own_dice_only(SOMEBODY):
        np.random.default_rng(1).random()  # one of its own
    with pytest.raises(BrokenPromise, match="global random numbers"), own_dice_only(SOMEBODY):
        random.random()
    with pytest.raises(BrokenPromise, match="global random numbers"), own_dice_only(SOMEBODY):
        np.random.random()  # noqa: NPY002 - to be caught


def test_errors_are_told_with_the_verb_and_the_place() -> None:
    def divide(by: int) -> float:
        return 1 / by

    assert calls(SOMEBODY, "anywhere", divide, 2) == 0.5
    with pytest.raises(BrokenPromise, match=r"Logit: divide\(\) on two_camps raised ZeroDivisionError"):
        calls(SOMEBODY, "on two_camps", divide, 0)
