"""What one open page holds: a story, two panels of it, and whom the class is looking at."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from cocoonsim.app.limits import fitted
from cocoonsim.app.panel import Panel
from cocoonsim.core.errors import UserError

if TYPE_CHECKING:
    from cocoonsim.scenario import Scenario

SIDES = ("a", "b")


class Session:
    """Two runs of the same world. Use it under its `lock`: a browser asks for several things at a time."""

    def __init__(self, story: Scenario) -> None:
        """Raises UserError for a scenario that does not fit together."""
        self.lock = threading.Lock()
        self.note = ""
        """A sentence about the story that the class should read, e.g. why it is smaller than in its file."""
        self.follow: int | None = None
        self.panels: dict[str, Panel] = {}
        self.version = 0
        """Goes up whenever all pictures must be drawn anew."""
        self.open(story)

    def open(self, story: Scenario) -> None:
        """Take another story, its first arm on the left and the one it is held against on the right."""
        story, note = fitted(story)
        arms = list(story.compare.arms)
        against = story.compare.against
        first = next((arm for arm in arms if arm != against), "")
        self._restart(story, {"a": first, "b": against or first})
        self.note = note

    def choose(self, side: str, arm: str) -> None:
        """Play another arm in one panel, without what was changed there; both start again."""
        kept = {other: sets for other, sets in self.sets.items() if other != side}
        self._restart(self.story, {**self.arms, side: arm}, kept)

    def set_world(self, sets: Sequence[str]) -> None:
        """Change the world that both share, and start again."""
        story, note = fitted(self.story.with_sets(sets))
        self._restart(story, self.arms, self.sets)
        self.note = note

    def set_panel(self, side: str, sets: Sequence[str], title: str, onward: bool = False) -> None:
        """Change one thing in one panel: from the start, where both start again, or from now on."""
        if not onward:
            self._restart(self.story, self.arms, {**self.sets, side: (list(sets), title)})
            return
        panel = self.panels[side]
        panel.change(fitted(panel.scenario.with_sets(sets))[0], f"{panel.title}, then {title}")
        self.version += 1

    def reset(self) -> None:
        """Both panels from the beginning."""
        self._restart(self.story, self.arms, self.sets)

    def advance(self) -> bool:
        """One step in both panels; False when neither goes on."""
        moved = [panel.advance() for panel in self.panels.values()]
        return any(moved)

    @property
    def step(self) -> int:
        """How many steps have been played."""
        return max((panel.step for panel in self.panels.values()), default=0)

    def close(self) -> None:
        """Let go of both runs."""
        for panel in self.panels.values():
            panel.close()
        self.panels = {}

    def _restart(
        self, story: Scenario, arms: dict[str, str], sets: dict[str, tuple[list[str], str]] | None = None
    ) -> None:
        """Make both panels anew; where that fails, everything stays as it was."""
        sets = sets or {}
        made = {side: self._panel(story, arms[side], *sets.get(side, ([], ""))) for side in SIDES}
        self.close()
        self.story, self.arms, self.sets, self.panels = story, arms, sets, made
        self.version += 1
        people = made["a"].drawn
        if self.follow is not None and self.follow not in people:
            self.follow = None

    @staticmethod
    def _panel(story: Scenario, arm: str, sets: Sequence[str], title: str) -> Panel:
        scenario = story.arms()[arm] if arm else story
        name = arm.capitalize() if arm else "As in the file"
        if sets:
            return Panel(scenario.with_sets(sets), f"{name}, with {title}")
        return Panel(scenario, name)


class Sessions:
    """The open pages by their id. A page that is closed, or has not been heard of for a while, frees its memory.

    >>> clock = iter([0.0, 0.0, 1000.0])
    >>> open_pages = Sessions(lambda: object(), idle=600, now=lambda: next(clock))
    >>> first = open_pages.get("x")
    >>> open_pages.get("x") is first
    True
    >>> open_pages.sweep(), len(open_pages)
    (1, 0)
    """

    def __init__(self, make: Callable[[], Any], idle: float, now: Callable[[], float], most: int = 100) -> None:
        """`make()` gives a new session; `idle` seconds without a sign of life end one; `now()` is a clock in seconds."""
        self._make, self._idle, self._now, self._most = make, idle, now, most
        self._open: dict[str, Any] = {}
        self._seen: dict[str, float] = {}
        self._ended: deque[str] = deque(maxlen=1000)
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._open)

    def __contains__(self, name: str) -> bool:
        return name in self._open

    def get(self, name: str) -> Any:
        """The session of a page, which begins with the first call. Raises UserError: it is closed, or too many are open."""
        with self._lock:
            if name in self._ended:
                raise UserError("The run of this page has been let go. Load the page again.")
            self._seen[name] = self._now()
            if name not in self._open:
                if len(self._open) >= self._most:
                    del self._seen[name]
                    raise UserError(f"{self._most} pages are open already. Close some, and load this one again")
                self._open[name] = self._make()
            return self._open[name]

    def find(self, name: str) -> Any:
        """The session of a page that is open, else None. A page that was closed in this very moment gets no new one."""
        with self._lock:
            if name in self._open:
                self._seen[name] = self._now()
            return self._open.get(name)

    def alive(self, name: str) -> bool:
        """Note that a page is still there; False when its session is gone."""
        return self.find(name) is not None

    def end(self, name: str) -> None:
        """Let go of a page's session."""
        with self._lock:
            found = self._open.pop(name, None)
            self._ended.append(name)
            self._seen.pop(name, None)
        _close(found)

    def sweep(self) -> int:
        """End the sessions that have not been heard of; how many there were."""
        oldest = self._now() - self._idle
        with self._lock:
            silent = [name for name, seen in self._seen.items() if seen < oldest]
        for name in silent:
            self.end(name)
        return len(silent)


def _close(session: Any) -> None:
    if isinstance(session, Session):
        with session.lock:
            session.close()
