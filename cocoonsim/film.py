"""A run frame by frame: what an animation needs beyond the tables of a run.

Every arm is played with every seed, as in a comparison; the people, ties and feeds of the frames are those of the first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from cocoonsim.assemble import assemble
from cocoonsim.core.chance import Chance
from cocoonsim.notebook import Notebook
from cocoonsim.recorder import data_facts, simulate
from cocoonsim.results import Results, manifest
from cocoonsim.simulate import play
from cocoonsim.snapshots import drawn_people

if TYPE_CHECKING:
    from cocoonsim.core.moment import Moment
    from cocoonsim.scenario import Scenario

MOST_FRAMES = 100
"""Of a longer run, evenly spaced steps are shown, the first and the last among them."""
MOST_PEOPLE, MOST_TIES = 300, 3000
"""More dots and lines than this are a blot, and a heavy page."""


@dataclass
class Film:
    """One arm of a scenario, frame by frame.

    `people` int64 (k,): who is drawn; `opinion` a float64 (k,) for each frame; `ties` an int (m, 2) for each frame, places in
    `people`, where the first follows the second; `results` the tables of all seeds.
    """

    people: np.ndarray
    steps: list[int] = field(default_factory=list)
    opinion: list[np.ndarray] = field(default_factory=list)
    ties: list[np.ndarray] = field(default_factory=list)
    results: Results | None = None
    _share: float = 1.0

    def watch(self, moment: Moment, seed: int) -> None:
        """Note a frame: how things stood when people looked at their feeds."""
        self.steps.append(moment.step)
        self.opinion.append(moment.world.users.opinion[self.people, 0])
        ties = _ties_among(moment, self.people)
        if not self.ties:
            self._share = MOST_TIES / max(len(ties), 1)
        # each tie has a lot of its own, so that one that is drawn is drawn for as long as it is there
        lots = Chance(seed).always.uniform("drawn ties", ties[:, 0] * len(self.people) + ties[:, 1])[:, 0]
        self.ties.append(ties[lots < self._share])


def film(scenario: Scenario, seeds: list[int], progress: Callable[[int, int], None] | None = None) -> Film:
    """Play a scenario with each of the seeds, and note the frames of the first.

    >>> from cocoonsim import Scenario
    >>> tiny = Scenario.from_dict({"steps": 3, "population": {"kind": "uniform", "users": 20}})
    >>> film(tiny, [1]).steps
    [0, 1, 2]
    """
    total = len(seeds) * scenario.steps
    move = progress or (lambda done, total: None)
    wanted = set(np.linspace(0, scenario.steps - 1, min(scenario.steps, MOST_FRAMES)).round().astype(int).tolist())
    parts = assemble(scenario)
    book = Notebook(scenario, seeds[0], parts)
    made: Film | None = None
    for moment in play(scenario, seeds[0]):
        if made is None:
            made = Film(np.flatnonzero(drawn_people(seeds[0], moment.world.n_users, MOST_PEOPLE)))
        if moment.step in wanted or moment.stopped:
            made.watch(moment, seeds[0])
        book.watch(moment)
        move(moment.step + 1, total)
    assert made is not None
    tables: dict[str, Any] = {name: book.table(name) for name in Notebook.TABLES}
    made.results = Results(**tables, manifest=manifest(scenario, {seeds[0]: book.ending()}, data_facts(scenario)))
    if len(seeds) > 1:
        others = simulate(scenario, seeds[1:], progress=lambda done, _: move(scenario.steps + done, total))
        made.results.metrics = made.results.metrics.vstack(others.metrics)
        made.results.manifest["seeds"] = seeds
    return made


def _ties_among(moment: Moment, people: np.ndarray) -> np.ndarray:
    """int64 (m, 2): the ties among some people, by their places in `people`."""
    follows = moment.world.follows
    place = np.full(follows.n_users, -1)
    place[people] = np.arange(len(people))
    source, target = place[follows.sources()], place[follows.targets]
    both = (source >= 0) & (target >= 0)
    return np.stack([source[both], target[both]], axis=1)
