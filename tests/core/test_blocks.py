"""Blocks cover everything once and in order, whatever their size and the number of threads."""

import platform
import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cocoonsim.core.blocks import Blocks, one_blas_thread


@given(st.integers(0, 100), st.integers(1, 30), st.integers(1, 30))
def test_parts_and_tiles_cover_the_range_once(n: int, users: int, items: int) -> None:
    blocks = Blocks(users=users, items=items)
    for slices, size in ((list(blocks.parts(n)), users), (list(blocks.tiles(n)), items)):
        covered = [number for part in slices for number in range(n)[part]]
        assert covered == list(range(n))
        assert all(0 < part.stop - part.start <= size for part in slices)


@pytest.mark.parametrize(
    ("n", "expected"), [(10_000, [3344, 3344, 3312]), (4097, [2064, 2033]), (4096, [4096]), (5, [5]), (0, [])]
)
def test_tiles_are_of_about_the_same_size(n: int, expected: list[int]) -> None:
    assert [part.stop - part.start for part in Blocks(items=4096).tiles(n)] == expected


@given(st.integers(0, 300), st.integers(1, 30), st.integers(1, 5))
def test_shares_cover_the_range_once_and_none_waits_long_for_another(n: int, users: int, threads: int) -> None:
    shares = list(Blocks(users=users, threads=threads).shares(n))
    assert [number for part in shares for number in range(n)[part]] == list(range(n))
    sizes = [part.stop - part.start for part in shares]
    assert all(0 < size <= users for size in sizes)
    full_rounds = n // (users * threads) * threads
    assert sizes[:full_rounds] == [users] * full_rounds
    assert (
        len(sizes) - full_rounds <= threads
    )  # one round for the rest, in which all have the same to do, or the last less
    assert len(set(sizes[full_rounds:-1])) <= 1


def test_wide_blocks_leave_no_thread_without_work_unless_there_is_little() -> None:
    blocks = Blocks(users=8192, threads=2)
    sizes = {n: [part.stop - part.start for part in blocks.shares(n)] for n in (4096, 4097, 8192, 20_001)}
    assert sizes == {4096: [4096], 4097: [2049, 2048], 8192: [4096, 4096], 20_001: [8192, 8192, 1809, 1808]}


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_results_come_in_order(threads: int) -> None:
    blocks = Blocks(users=3, threads=threads)
    rows = blocks.rows(lambda part: np.arange(part.start, part.stop) ** 2, 20)
    np.testing.assert_array_equal(rows, np.arange(20) ** 2)
    blocks.close()


def test_two_threads_really_run_at_the_same_time() -> None:
    meeting = threading.Barrier(2, timeout=10)  # breaks unless two are there at once
    blocks = Blocks(users=1, threads=2)
    assert len(blocks.map(lambda part: meeting.wait(), 2)) == 2
    blocks.close()
    assert not blocks._pool


def test_wider_blocks_have_the_same_threads() -> None:
    blocks = Blocks(users=2, threads=2)
    assert blocks.wider().map(lambda part: part.stop - part.start, 10) == [4, 4, 1, 1]
    assert blocks._pool
    blocks.close()
    assert not blocks.wider()._pool


def test_an_error_in_a_block_is_raised() -> None:
    def fail(part: slice) -> np.ndarray:
        raise KeyError(part.start)

    blocks = Blocks(users=1, threads=2)
    with pytest.raises(KeyError):
        blocks.rows(fail, 4)
    blocks.close()


def test_of_several_errors_the_first_slices_is_raised() -> None:
    meeting = threading.Barrier(2, timeout=10)

    def fail(part: slice) -> int:
        meeting.wait()
        raise KeyError(part.start)

    blocks = Blocks(users=1, threads=2)
    for _ in range(20):
        with pytest.raises(KeyError, match=r"^0$"):
            blocks.map(fail, 2)
    blocks.close()


def test_after_an_error_no_more_is_begun() -> None:
    begun: list[int] = []

    def fail(part: slice) -> None:
        begun.append(part.start)
        raise KeyError

    blocks = Blocks(users=1, threads=2)
    with pytest.raises(KeyError):
        blocks.map(fail, 1000)
    assert len(begun) < 1000
    blocks.close()


def test_nobody_gives_no_rows_of_the_right_shape() -> None:
    assert Blocks().rows(lambda part: np.zeros((part.stop - part.start, 3)), 0).shape == (0, 3)


@pytest.mark.parametrize("wrong", [{"users": 0}, {"items": 0}, {"threads": -1}])
def test_impossible_blocks_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="blocks need"):
        Blocks(**wrong)


FAULTS = """
import resource, sys
import numpy as np
from cocoonsim.core.blocks import keep_freed_memory

def work():
    return [np.ones(2_000_000, np.float32) for _ in range(3)]

if sys.argv[1] == "kept":
    keep_freed_memory()
for _ in range(5):
    work()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    work()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries keep what they like")
def test_what_is_freed_does_not_come_again_page_by_page() -> None:
    pages = {
        how: int(subprocess.run([sys.executable, "-c", FAULTS, how], capture_output=True, check=True, text=True).stdout)
        for how in ("kept", "not kept")
    }
    assert pages["not kept"] > 4_000  # at least 16 of ten times 24 MB: what the test is about
    assert pages["kept"] < 100


def test_blas_is_kept_to_one_thread() -> None:
    from threadpoolctl import threadpool_info

    with one_blas_thread():
        assert all(pool["num_threads"] == 1 for pool in threadpool_info() if pool["user_api"] == "blas")
