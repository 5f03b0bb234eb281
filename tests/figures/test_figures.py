"""Every figure, and what its caption says of numbers made up in `tests/conftest.py`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from cocoonsim.core.errors import UserError
from cocoonsim.figures import NothingToShow, comparison_figure, comparison_figures, figure, figures
from cocoonsim.results import Results

EMPTY_TABLES = ("opinions", "sample_feeds", "sample_network")


def emptied(run: Results) -> Results:
    """The run with undefined numbers, and nothing else recorded."""
    undefined = run.metrics.with_columns(pl.lit(float("nan")).alias("value"), pl.lit(float("nan")).alias("null_value"))
    return replace(run, metrics=undefined, **{name: getattr(run, name).clear() for name in EMPTY_TABLES})


def trace(drawn: Any, name: str) -> Any:
    return next(one for one in drawn.data if one.name == name)


def titles(drawn: Any) -> list[str]:
    return [
        axis.title.text or "" for axis in [*drawn.select_xaxes(), *drawn.select_yaxes()] if axis.visible is not False
    ]


# ---------------------------------------------------------------------------------------------------- all of them
@pytest.mark.parametrize("name", figures())
@pytest.mark.parametrize("which", ["run", "two_seeds"])
def test_a_figure_draws_and_says_what_it_shows(name: str, which: str, request: pytest.FixtureRequest) -> None:
    results = request.getfixturevalue(which)
    drawn, caption = figures()[name].draw(results), figures()[name].caption(results)
    assert drawn.data
    assert any(character.isdigit() for character in caption), caption
    assert caption[0].isupper() or caption[0].isdigit()
    assert caption.rstrip(")")[-1] == "."
    assert "nan" not in caption.lower().split()
    assert drawn.to_json() == figures()[name].draw(results).to_json()


@pytest.mark.parametrize("name", figures())
def test_a_figure_without_numbers_says_why(name: str, run: Results) -> None:
    for act in (figures()[name].draw, figures()[name].caption):
        with pytest.raises(NothingToShow) as caught:
            act(emptied(run))
        assert caught.value.message.endswith(".")
        assert len(caught.value.message) > 20


@pytest.mark.parametrize("name", sorted(set(figures()) - {"network", "funnel"}))
def test_axes_have_titles(name: str, run: Results) -> None:
    found = titles(figures()[name].draw(run))
    assert "Step" in found
    assert any(title and title != "Step" for title in found)


@pytest.mark.parametrize("name", figures())
def test_a_figure_leaves_the_results_alone(name: str, run: Results) -> None:
    before = {table: getattr(run, table).clone() for table in ("metrics", "users", *EMPTY_TABLES)}
    figures()[name].draw(run)
    for table, frame in before.items():
        assert getattr(run, table).equals(frame, null_equal=True)


def test_a_figure_by_name_has_its_title(run: Results) -> None:
    assert figure("diversity", run).layout.title.text == figures()["diversity"].TITLE
    with pytest.raises(UserError, match="did you mean 'diversity'"):
        figure("diverstiy", run)


def test_no_text_in_a_figure_is_markup_of_the_users(run: Results, arms: Any, nasty: str) -> None:
    drawn = [figures()[name].draw(run) for name in figures()]
    drawn += [comparison_figures()[name].draw(arms) for name in comparison_figures()]
    texts = [str(one.to_plotly_json()) for one in drawn]
    assert not any(nasty in text for text in texts)
    assert sum("&lt;script&gt;" in text for text in texts) == 3  # the feeds, and both figures of the comparison


# ---------------------------------------------------------------------------------------------------- one by one
def test_diversity_is_held_against_its_nulls(run: Results) -> None:
    drawn = figure("diversity", run)
    np.testing.assert_allclose(trace(drawn, "Shown").y, [8.0 - 0.4 * step for step in range(11)])
    assert set(trace(drawn, "Expected: a random draw from the pool").y) == {8.5}
    assert trace(drawn, "Expected: a draw by popularity").line.dash == "dot"
    band = trace(drawn, "Middle half of the users")
    assert max(band.y) == 9.0
    assert min(band.y) == 3.0  # the quartiles lie 1 to either side of 8 ... 4
    caption = figures()["diversity"].caption(run)
    assert "went from 8 to 4 topics" in caption
    assert "a random draw from the pool would give 8.5" in caption


def test_two_seeds_are_averaged_and_their_range_drawn(two_seeds: Results) -> None:
    drawn = figure("diversity", two_seeds)
    assert trace(drawn, "Shown").y[0] == pytest.approx(8.005)  # 8.00 and 8.01
    thin = [one for one in drawn.data if one.name is None]
    assert sorted(one.y[0] for one in thin) == pytest.approx([8.0, 8.01])


def test_the_band_has_a_gap_where_it_is_undefined(run: Results) -> None:
    gone = pl.when(pl.col("step") == 5, pl.col("stat").is_in(["q25", "q75"])).then(float("nan")).otherwise("value")
    drawn = figure("diversity", replace(run, metrics=run.metrics.with_columns(gone.alias("value"))))
    pieces = [one for one in drawn.data if one.name == "Middle half of the users"]
    assert [sorted(set(one.x)) for one in pieces] == [[0, 1, 2, 3, 4], [6, 7, 8, 9, 10]]


def test_the_funnel_tells_where_most_is_lost(run: Results) -> None:
    """Last three of eleven steps (a fifth, rounded up): shown 0.34, 0.32, 0.30, mean 0.32; clicked 0.05 less."""
    np.testing.assert_allclose(figure("funnel", run).data[0].y, [0.5, 0.46, 0.32, 0.27])
    caption = figures()["funnel"].caption(run)
    assert "mean over the last 3 recorded steps" in caption
    assert "by 14 percentage points, is from “from the people they follow” to “shown”" in caption


def test_opinions_are_shares_of_people(run: Results) -> None:
    shares = np.array(figure("opinions", run).data[0].z)
    np.testing.assert_allclose(shares.sum(axis=0), 1.0)
    np.testing.assert_allclose(shares[:, 0], 0.1)
    np.testing.assert_allclose(shares[[4, 5], -1], 0.5)
    caption = figures()["opinions"].caption(run)
    # mid-points ±0.1 ... ±0.9: variance (0.01 + 0.09 + 0.25 + 0.49 + 0.81) / 5 = 0.33; at last all at ±0.1
    assert "narrowed: their standard deviation was 0.574 in the first recorded step and 0.1 in the last" in caption
    # two and a half of the five bins on either side lie beyond 0.5
    assert "50\u202f% of people were further than 0.5 from the middle at first, 0\u202f% at last" in caption


def test_opinions_that_leave_the_usual_range_share_one_axis(run: Results) -> None:
    """Two steps with bins of different widths: all people at 0 to 0.2, then the same spread over 0 to 0.4 of wider bins."""
    narrow = pl.DataFrame({"seed": 1, "step": 0, "low": [-0.2, 0.0], "high": [0.0, 0.2], "count": [0, 10]})
    wide = pl.DataFrame({"seed": 1, "step": 1, "low": [-0.4, 0.0], "high": [0.0, 0.4], "count": [0, 10]})
    shares = np.array(figure("opinions", replace(run, opinions=pl.concat([narrow, wide]))).data[0].z)
    np.testing.assert_allclose(shares, [[0.0, 0.0], [1.0, 1.0]], atol=1e-12)


def test_the_network_counts_what_crosses(run: Results) -> None:
    """10 of 110 follows cross; as half of all ends lie on either side, blind follows would cross half the time."""
    caption = figures()["network"].caption(run)
    assert "100 people and the 110 follows between them; 9.1\u202f% of these" in caption
    assert "would give 50\u202f%" in caption
    dots = figure("network", run).data[1]
    assert len(dots.x) == 100
    assert np.isfinite(np.array(dots.x)).all()


def test_the_network_lays_small_pieces_around_the_large(run: Results) -> None:
    ties = pl.DataFrame({"seed": [1] * 6, "source": [0, 1, 2, 0, 10, 20], "target": [1, 2, 3, 2, 11, 21]})
    dots = figure("network", replace(run, sample_network=ties)).data[1]
    who = np.array(dots.customdata)[:, 0].astype(int).tolist()
    spot = dict(zip(who, zip(dots.x, dots.y, strict=True), strict=True))
    centre = np.mean([spot[i] for i in (0, 1, 2, 3)], axis=0)
    reach = max(np.linalg.norm(np.subtract(spot[i], centre)) for i in (0, 1, 2, 3))
    for pair in ((10, 11), (20, 21)):
        middle = np.mean([spot[i] for i in pair], axis=0)
        assert np.linalg.norm(middle - centre) > reach


def test_feeds_show_topics_and_clicks(run: Results, nasty: str) -> None:
    drawn = figure("feeds", run)
    strips = [one for one in drawn.data if one.type == "heatmap"]
    assert len(strips) == 3
    codes = np.array(strips[0].z)
    assert codes.shape == (4, 11)
    assert (codes[:, 6:] == 0).all()  # the topic shown most comes first, and fills the second half
    clicks = next(one for one in drawn.data if one.name == "Clicked")
    assert set(clicks.y) == {1}
    assert "user 0: 3, then 1" in figures()["feeds"].caption(run)


def test_feeds_put_rare_topics_together(run: Results) -> None:
    rows = run.sample_feeds.with_columns(pl.format("t{}", pl.col("rank") + 10 * (pl.col("step") % 3)).alias("topic"))
    drawn = figure("feeds", replace(run, sample_feeds=rows))
    assert "other topics" in {one.name for one in drawn.data}
    assert len({one.name for one in drawn.data if one.name}) == 8  # six topics, the others, the clicks


def test_long_feeds_and_long_runs_are_cut_and_it_is_said(run: Results) -> None:
    one = run.sample_feeds.filter(pl.col("step") == 0, pl.col("rank") == 1, pl.col("user") == 0)
    many = one.drop("step", "rank").join(pl.DataFrame({"step": range(500)}), how="cross")
    many = many.join(pl.DataFrame({"rank": range(1, 41)}), how="cross").select(run.sample_feeds.columns)
    long = replace(run, sample_feeds=many)
    assert np.array(figure("feeds", long).data[0].z).shape == (25, 120)
    caption = figures()["feeds"].caption(long)
    assert "The first 25 places are drawn" in caption
    assert "120 evenly spaced steps of 500" in caption


def test_groups_are_told_apart(run: Results) -> None:
    caption = figures()["groups"].caption(run)
    assert "narrowest feeds are those of group 0 (3.5 topics), the widest those of group 1 (4.5 topics)" in caption


def test_a_long_run_is_thinned(run: Results) -> None:
    one = run.metrics.filter(pl.col("metric") == "opinion_variance", pl.col("step") == 0)
    steps = pl.DataFrame({"step": range(5000)})
    long = one.drop("step").join(steps, how="cross").select(run.metrics.columns)
    step = figure("polarisation", replace(run, metrics=long)).data[0].x
    assert len(step) == 400
    assert (step[0], step[-1]) == (0, 4999)


def test_a_metric_that_begins_late_says_so(run: Results) -> None:
    from cocoonsim.figures._numbers import series

    words = series(run.metrics, "calibration_js", "shown").course("bits")
    assert words == "went from 0.1 (in step 1, the first where it is defined) to 0.1 bits"


# ---------------------------------------------------------------------------------------------------- comparisons
@pytest.mark.parametrize("name", comparison_figures())
@pytest.mark.parametrize("which", ["arms", "arms_of_one_seed"])
def test_a_figure_of_a_comparison_draws_and_says(name: str, which: str, request: pytest.FixtureRequest) -> None:
    comparison = request.getfixturevalue(which)
    file = comparison_figures()[name]
    assert file.draw(comparison).to_json() == file.draw(comparison).to_json()
    assert file.caption(comparison)[-1] == "."
    assert comparison_figure(name, comparison).layout.title.text == file.TITLE


@pytest.mark.parametrize("name", comparison_figures())
def test_a_comparison_without_numbers_says_why(name: str, arms: Any) -> None:
    arms.metrics = arms.metrics.with_columns(pl.lit(float("nan")).alias("value"))
    arms.differences = arms.differences.clear()
    with pytest.raises(NothingToShow):
        comparison_figures()[name].draw(arms)


def test_arms_share_axes_and_differ_in_colour_and_dash(arms: Any) -> None:
    lines = {one.name: one for one in comparison_figure("over_time", arms).data if one.showlegend and one.name}
    assert lines["mix"].y[0] == pytest.approx(8.25)
    styles = [(one.line.color, one.line.dash) for one in lines.values()]
    assert len({colour for colour, _ in styles}) == len(styles) == 4
    assert "4 in “base”, 4.25 in “mix”" in comparison_figures()["over_time"].caption(arms)


def test_the_forest_fills_what_is_told_apart_from_zero(arms: Any) -> None:
    drawn = comparison_figure("forest", arms)
    dots = [one for one in drawn.data if one.mode == "markers"]
    assert {one.x[0] for one in dots} == {0.25, 0.0}
    assert all((one.marker.color == "#FFFFFF") == (one.x[0] == 0.0) for one in dots)
    # 11 metrics with numbers, of which the funnel's chance and network are left out
    assert "9 of 18 intervals leave out zero" in comparison_figures()["forest"].caption(arms)


def test_one_seed_has_no_whiskers(arms_of_one_seed: Any) -> None:
    dots = [one for one in comparison_figure("forest", arms_of_one_seed).data if one.mode == "markers"]
    assert not any(one.error_x.visible for one in dots)
    assert "no intervals" in comparison_figures()["forest"].caption(arms_of_one_seed)
