"""How large a scenario is, before anything is built: what cannot fit is refused with the estimate.

The estimate is read off the settings (`users`, `items`, `topics`, ...) of the parts; what only a data file knows counts
as nothing. It counts what surely lies in memory at the same time, so a scenario a little below the limit may still be
too large, but one above it is.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cocoonsim.core.errors import UserError

if TYPE_CHECKING:
    from cocoonsim.assemble import Parts
    from cocoonsim.scenario import Scenario

MOST_IDS = 2**31 - 1
"""Ids of users and items are int32."""
_CGROUPS = Path("/sys/fs/cgroup")
_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")


@dataclass(frozen=True)
class Sizes:
    """Estimated bytes by what they are for, and on disk."""

    users: int
    """How many there are; 0 when only the data know."""
    items: int
    memory: dict[str, int]
    """What lies in memory throughout a run."""
    events: int
    """What the event log will have on disk at the end, compressed."""

    @property
    def total(self) -> int:
        """All of the memory."""
        return sum(self.memory.values())

    @property
    def checkpoint(self) -> int:
        """One checkpoint on disk: about what lies in memory, without the copy of the step before."""
        return self.total - self.memory["the step before"]


def estimate(scenario: Scenario, parts: Parts) -> Sizes:
    """Bytes of a scenario by its settings, without building anything."""
    users, topics = _number(parts.population, "users"), _number(parts.catalogue, "topics")
    dimensions = _number(parts.population, "dimensions") or 1
    items = int(
        _number(parts.catalogue, "items") + scenario.steps * sum(_published(rule, users) for rule in _rules(parts))
    )
    changing = 4 * topics + 8 * dimensions  # interests and opinion
    follows = max(_number(parts.network, "degree"), _number(parts.network, "neighbours"))
    follows = follows or _number(parts.network, "ties") * (2 if getattr(parts.network, "mutual", False) else 1)
    # people may be shown the same again and again; only candidates that remember pairs see to it that they are not
    seen = scenario.slate * (scenario.steps if "pairs" in parts.candidates.needs else 1)
    memory = {
        "the people": users * (changing + 8 * dimensions + 21),  # innate opinion; tolerance, activity, group, ...
        "what influence keeps of them": users * parts.influence.bytes_per_user(items, topics),
        "the step before": users * changing,
        "counts of what they saw": users * (8 * topics + 16),
        "their last items": users * scenario.memory * 5,
        "their feeds": users * scenario.slate * 5,
        "who follows whom": int(users * (8 + 4 * follows)),
        "the catalogue": items * (12 * topics + 60),
        "pairs of user and item": 8 * users * min(seen, items or seen) if "pairs" in parts.needs else 0,
    }
    row = scenario.slate * (items.bit_length() + 1) // 8 + 2
    kept = _share_kept(scenario.record.events) * min(_number(parts.activity, "share") or 1, 1)
    return Sizes(users, items, memory, int(kept * users * scenario.steps * row))


def check_memory(scenario: Scenario, parts: Parts) -> None:
    """Raises UserError, with the estimate, for a scenario that cannot fit into the memory that is free."""
    sizes = estimate(scenario, parts)
    for stage, setting, count in (("population", "users", sizes.users), ("catalogue", "items", sizes.items)):
        if count > MOST_IDS:
            raise UserError(
                f"{count:,} {setting} are more than can be told apart: at most {MOST_IDS:,}",
                where=scenario.place(f"{stage}.{setting}"),
            )
    free = free_memory()
    if free is None or sizes.total <= free:
        return
    largest = sorted(sizes.memory, key=sizes.memory.__getitem__, reverse=True)[:3]
    parts_in_words = ", ".join(f"{name} {in_words(sizes.memory[name])}" for name in largest)
    of_items = sizes.memory["the catalogue"]
    fitting = int(sizes.users * (free - of_items) / max(sizes.total - of_items, 1)) if free > of_items else 0
    first = float(f"{fitting:.0e}") if fitting else 0  # one digit is all that an estimate can promise
    first = first if first <= fitting else float(f"{fitting * 0.85:.0e}")
    by_users = of_items < sizes.total / 2
    raise UserError(
        f"this needs about {in_words(sizes.total)} of memory ({parts_in_words}), and {in_words(free)} are free. "
        + (f"Use fewer users (about {int(first):,} fit)" if by_users and first >= 1 else "Use fewer items or topics")
        + ", a smaller memory, or a larger machine",
        where=scenario.place("population.users" if by_users else "catalogue.items"),
    )


def check_disk(scenario: Scenario, parts: Parts, folder: Path, seeds: int = 1, checkpoints: bool = False) -> None:
    """Raises UserError, with the estimate, when the event log and the checkpoints cannot fit on the disk of `folder`."""
    sizes = estimate(scenario, parts)
    needed = sizes.events * seeds + (
        3 * sizes.checkpoint if checkpoints else 0
    )  # two are kept while a third is written
    there = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    free = shutil.disk_usage(there).free
    if needed <= free:
        return
    what = [f"the event log about {in_words(sizes.events * seeds)}"] if sizes.events else []
    what += [f"checkpoints about {in_words(3 * sizes.checkpoint)}"] if checkpoints else []
    ways = [f"--events 'sample {max(0.9 * free / needed, 1e-6):.1g}' or none"] if sizes.events else []
    ways += ["no --checkpoint-every"] if checkpoints else []
    raise UserError(
        f"{' and '.join(what)} would be written to {there}, where {in_words(free)} are free. "
        f"Use {', '.join(ways)}, or another place with --out",
        where=scenario.place("record.events") if sizes.events else "",
    )


def free_memory() -> int | None:
    """Bytes that can still be had, within the limits of a container; None where the system does not tell."""
    found = [*_within_limits()]
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        found += [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    except (OSError, ValueError):
        with contextlib.suppress(AttributeError, OSError, ValueError):
            found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min(found) if found else None


def give_back() -> None:
    """Give memory that is free, but kept by the C library for later, back to the system; where that cannot be, nothing."""
    with contextlib.suppress(OSError, AttributeError, TypeError):  # not glibc; no C library to be found
        ctypes.CDLL(None).malloc_trim(0)


def _within_limits(root: Path = _CGROUPS, about_us: Path = Path("/proc/self/cgroup")) -> list[int]:
    """What the control groups of this process leave to it (Linux: how containers are kept small)."""
    try:
        ours = about_us.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    names = [line.rpartition(":")[2].strip("/") for line in ours if line.startswith("0::") or ":memory:" in line]
    folders = {root, root / "memory"}
    for name in names:
        for base in (root, root / "memory"):
            folders |= {place for place in (base / name, *(base / name).parents) if place.is_relative_to(root)}
    left = []
    for folder in folders:
        for limit, used, cached in (
            ("memory.max", "memory.current", "inactive_file"),
            ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
        ):
            try:
                most, now = int((folder / limit).read_text()), int((folder / used).read_text())
                stat = dict(line.split() for line in (folder / "memory.stat").read_text().splitlines())
                left.append(max(most - now + int(stat.get(cached, 0)), 0))  # files that are only kept for speed
            except (OSError, ValueError):
                continue  # no such version of control groups here, or no limit ("max")
    return left


def in_words(size: int) -> str:
    """Bytes for people.

    >>> in_words(1536), in_words(3 * 2**30)
    ('1.5 KiB', '3 GiB')
    """
    power = max(min((max(size, 1).bit_length() - 1) // 10, len(_UNITS) - 1), 0)
    value = size / 1024**power
    return f"{value:.0f} {_UNITS[power]}" if value >= 100 else f"{value:.3g} {_UNITS[power]}"


def _number(part: Any, name: str) -> Any:
    """A setting that is a number; 0 where the part has none of that name."""
    value = getattr(part, name, 0)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0


def _rules(parts: Parts) -> list[Any]:
    """The rules of publishing, and those inside one that combines several."""
    return [parts.publishing, *(rule for _, rule in parts.publishing.inside())]


def _published(rule: Any, users: int) -> float:
    """About how many items appear in a step: so many, or so many for each user (of a share of them)."""
    share = _number(rule, "share") or 1
    return float(_number(rule, "items") / (_number(rule, "every") or 1) + _number(rule, "rate") * users * share)


def _share_kept(events: str) -> float:
    word, _, share = events.partition(" ")
    return float(share) if word == "sample" else float(word == "all")
