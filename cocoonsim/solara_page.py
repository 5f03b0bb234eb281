"""The same world as a page of Mesa's own, SolaraViz: `solara run cocoonsim.solara_page`.

Needs the extra `solara`, whose pinned versions work without a network. For two policies side by side, and for people who do
not know Mesa, there is `cocoonsim app`.
"""

from __future__ import annotations

from collections.abc import Callable

import solara
from mesa.visualization import SolaraViz
from solara.server import settings

from cocoonsim.figures._lines import against_null, narrative
from cocoonsim.figures._look import BLUE, canvas
from cocoonsim.mesa_model import CocoonModel
from cocoonsim.snapshots import opinion_histogram

PARAMETERS = {
    "ranking": {
        "type": "Select", "value": "content", "label": "Ranking",
        "values": ["content", "social", "popularity", "engagement", "newest", "shuffled"],
    },
    "influence": {
        "type": "Select", "value": "reinforcement", "label": "How people change",
        "values": ["reinforcement", "bounded_confidence", "none"],
    },
    "users": {"type": "SliderInt", "value": 300, "label": "Users", "min": 100, "max": 1000, "step": 100},
    "rng": {"type": "SliderInt", "value": 1, "label": "Seed", "min": 1, "max": 50, "step": 1},
    "scenario": "lesson:1",
}  # fmt: skip
"""What can be changed on the page, and the scenario, which cannot."""


settings.main.mode = "production"
settings.telemetry.mixpanel_enable = False
# by default Solara has the browser ask its makers whether it is online, and tells them of every start


def diversity(model: CocoonModel) -> None:
    """How many topics people are shown, against chance."""
    if model.moment is None:
        solara.Text("Press STEP or play: nothing has been shown to anybody yet.")
        return
    solara.FigurePlotly(against_null(model.metrics, "effective_topics", 400).update_layout(width=470))
    solara.Text(narrative(model.metrics, "effective_topics"))


def opinions(model: CocoonModel) -> None:
    """How many people hold which opinion now."""
    now = opinion_histogram(model.run_seed, model.world.step, model.world)
    drawn = canvas(400, width=470, showlegend=False, bargap=0.05)
    drawn.add_bar(x=(now["low"] + now["high"]) / 2, y=now["count"], marker_color=BLUE)
    drawn.update_xaxes(title_text="Opinion")
    drawn.update_yaxes(title_text="People")
    solara.FigurePlotly(drawn)
    opinion = model.world.users.opinion[:, 0]
    solara.Text(f"{len(opinion):,} people; the standard deviation of their opinions is {opinion.std():.2f}.")


@solara.component  # type: ignore[untyped-decorator]
def Page() -> None:  # noqa: N802
    """The page: a model, its two pictures, and what can be changed."""
    model = solara.use_memo(lambda: CocoonModel("lesson:1", rng=1), [])
    pictures = [(in_column(diversity), 0), (in_column(opinions), 0)]
    SolaraViz(model, components=pictures, model_params=PARAMETERS, name="cocoonsim", play_interval=300)


def in_column(picture: Callable[[CocoonModel], None]) -> Callable[[CocoonModel], None]:
    """A picture and its sentence, one below the other."""

    def drawn(model: CocoonModel) -> None:
        with solara.Column():
            picture(model)

    return drawn
