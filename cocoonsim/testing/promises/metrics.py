"""What a metric promises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.metrics import Metric, PopulationMetric, Reading, UserMetric
from cocoonsim.testing.broken import calls, nearly, own_dice_only, require, same, untouched
from cocoonsim.testing.nulls import NULLS, REPEATS, played
from cocoonsim.testing.renaming import new_order, rename_items, rename_topics, rename_users
from cocoonsim.testing.worlds import TinyWorld, cold_start, melting_pot, monoculture, tiny_worlds, two_camps

HALF = 19  # where the users are cut in two: not in the middle


def promise_readings_are_well_formed(metric: Metric) -> None:
    """Values and nulls are float64 of one shape (a null may be one number), aligned with the users or one for all."""
    for tiny in _moments():
        for reading in _measure(metric, tiny.moment):
            require(reading.values.dtype == np.float64, metric, f"values are {reading.values.dtype}, not float64")
            wanted = (1,) if reading.users is None else reading.users.shape
            require(reading.values.shape == wanted, metric, f"values have shape {reading.values.shape}, not {wanted}")
            fits = np.shape(reading.null) in ((), (1,), wanted)
            require(fits, metric, f"null of shape {np.shape(reading.null)} for values {wanted}")
            stages = ("chance", "network", "shown", "clicked", "people")
            require(reading.stage in stages, metric, f"stage {reading.stage!r} is none of {', '.join(stages)}")
            unnamed = np.isfinite(reading.null).any() and not reading.null_name
            require(not unnamed, metric, "gives a null but does not name it")


def promise_inside_bounds(metric: Metric) -> None:
    """Every value is NaN or inside the declared bounds, and so is its null."""
    low, high = metric.bounds
    for tiny in _moments():
        for reading in _measure(metric, tiny.moment):
            for what, numbers in (("value", reading.values), ("null", np.asarray(reading.null, np.float64))):
                known = numbers[~np.isnan(numbers)]
                if known.size:
                    inside = known.min() >= low - 1e-9 and known.max() <= high + 1e-9
                    seen = f"{what}s from {known.min():.6g} to {known.max():.6g}"
                    require(inside, metric, f"{seen} ({reading.stage}) on {tiny.name}; bounds are {low:g} to {high:g}")


def promise_direction_is_true(metric: Metric) -> None:
    """A metric with a direction puts `melting_pot` on the diverse side of a bubble.

    The bubble is `monoculture` for what is shown and clicked, and `two_camps` for people and their ties.
    """
    if not metric.diverse:
        return
    pot, mono, camps = (_means(metric, tiny) for tiny in (melting_pot(), monoculture(), two_camps()))
    told = 0
    for stage, open_minded in pot.items():
        bubble = camps if stage in ("people", "network") else mono
        if stage == "chance" or not np.isfinite(open_minded) or not np.isfinite(bubble[stage]):
            continue
        difference = open_minded - bubble[stage]
        seen = f"{open_minded:.4g} on melting_pot and {bubble[stage]:.4g} in the bubble ({stage})"
        require(metric.diverse * difference > -1e-9, metric, f"says diverse = {metric.diverse:+d}, but is {seen}")
        told += abs(difference) > 1e-9
    require(told, metric, f"says diverse = {metric.diverse:+d}, but tells no bubble from the melting pot")


def promise_undefined_is_nan(metric: Metric) -> None:
    """Where nothing was ever shown, what is said of the shown and the clicked is NaN, never a number."""
    tiny = cold_start()
    empty = replace(tiny, feed=np.full_like(tiny.feed, -1), clicks=np.zeros_like(tiny.clicks))
    for reading in _measure(metric, empty.moment):
        if reading.stage in ("shown", "clicked"):
            known = reading.values[~np.isnan(reading.values)]
            require(not known.size, metric, f"{reading.stage} is {known[:1]} where nothing was ever shown, not NaN")


def promise_nobody_online_is_no_trouble(metric: Metric) -> None:
    """A step in which nobody is online is measured without an error, and with as many readings as ever."""
    for tiny in tiny_worlds():
        nobody = tiny.moment.only(slice(0, 0))
        readings, usual = _measure(metric, nobody), _measure(metric, tiny.moment)
        stages, expected = [reading.stage for reading in readings], [reading.stage for reading in usual]
        require(stages == expected, metric, f"gives readings of {stages} when nobody is online, else of {expected}")


def promise_parts_make_the_whole(metric: Metric) -> None:
    """Two parts of the users, measured apart, give the whole: readings joined, or tallies added."""
    for tiny in _moments():
        moment = tiny.moment
        parts = [moment.only(slice(0, HALF)), moment.only(slice(HALF, None))]
        if isinstance(metric, UserMetric):
            whole = _measure(metric, moment)
            for first, second, reading in zip(*(_measure(metric, part) for part in parts), whole, strict=True):
                joined = np.concatenate([first.values, second.values])
                require(nearly(joined, reading.values, 1e-12), metric, f"parts and whole differ on {tiny.name}")
                nulls = np.concatenate([np.broadcast_to(part.null, part.values.shape) for part in (first, second)])
                alike = nearly(nulls, np.broadcast_to(reading.null, joined.shape), 1e-12)
                require(alike, metric, f"the nulls of parts and whole differ on {tiny.name}")
        elif isinstance(metric, PopulationMetric):
            tallies = [metric.tally(part) for part in parts]
            whole_tally = metric.tally(moment)
            for name, count in whole_tally.items():
                added = nearly(tallies[0][name] + tallies[1][name], count, 1e-9)
                require(added, metric, f"the tallies {name!r} of two parts do not add up to the whole on {tiny.name}")
            summed = {name: tallies[0][name] + tallies[1][name] for name in whole_tally}
            for one, other in zip(metric.conclude(summed, moment), _measure(metric, moment), strict=True):
                alike = nearly(one.values, other.values, 1e-9) and nearly(
                    np.asarray(one.null), np.asarray(other.null), 1e-9
                )
                require(alike, metric, f"summed tallies conclude otherwise than the whole on {tiny.name}")


def promise_user_names_do_not_matter(metric: Metric) -> None:
    """Numbering the users differently changes no reading but the order."""
    for tiny in tiny_worlds():
        order = new_order(tiny.world.n_users)
        _must_agree(metric, tiny, rename_users(tiny, order), order, "users")


def promise_item_names_do_not_matter(metric: Metric) -> None:
    """Numbering the items differently changes no reading."""
    for tiny in tiny_worlds():
        _must_agree(metric, tiny, rename_items(tiny, new_order(tiny.world.n_items)), tiny.users, "items")


def promise_topic_names_do_not_matter(metric: Metric) -> None:
    """Numbering the topics differently changes no reading."""
    for tiny in tiny_worlds():
        _must_agree(metric, tiny, rename_topics(tiny, new_order(tiny.world.n_topics)), tiny.users, "topics")


def promise_no_excess_on_its_own_null(metric: Metric) -> None:
    """On feeds drawn from the null it names, a metric's mean excess is within 4 standard errors of 0.

    The nulls that can be drawn are those of `cocoonsim.testing.nulls.NULLS`.
    """
    for null_name in NULLS:
        excess: dict[str, list[float]] = {}
        for moment in played(null_name):
            for reading in _measure(metric, moment):
                known = reading.excess[~np.isnan(reading.excess)]
                if reading.null_name == null_name and known.size:
                    excess.setdefault(reading.stage, []).append(float(known.mean()))
            if not excess:
                break
        for stage, means in excess.items():
            mean, error = float(np.mean(means)), float(np.std(means, ddof=1) / np.sqrt(len(means)))
            seen = f"mean excess {mean:.5f}, standard error {error:.5f} ({stage})"
            require(abs(mean) <= 4 * error + 1e-6, metric, f"{seen} on feeds drawn from its null {null_name}")


def promise_leaves_the_moment_untouched(metric: Metric) -> None:
    """The same moment gives the same readings; measuring writes into nothing and uses no global random numbers."""
    for tiny in tiny_worlds():
        moment = tiny.moment
        with own_dice_only(metric), untouched(metric, tiny.world, tiny.history, tiny.feed, tiny.clicks):
            one, other = _measure(metric, moment), _measure(metric, tiny.moment)
        for first, second in zip(one, other, strict=True):
            require(same(first.values, second.values), metric, f"two calls give different values on {tiny.name}")
            require(same(first.null, second.null), metric, f"two calls give different nulls on {tiny.name}")


# ---------------------------------------------------------------------------------------------------- what is tried
def _measure(metric: Metric, moment: Moment) -> list[Reading]:
    return list(calls(metric, f"in step {moment.step}", metric.measure, moment))


def _moments() -> Iterator[TinyWorld]:
    """The tiny worlds as they are, and with feeds that are short, empty, or clicked all over."""
    for tiny in tiny_worlds():
        yield tiny
        feed = np.where(np.arange(tiny.feed.shape[1]) < tiny.users[:, None] % 9, tiny.feed, np.int32(-1))
        yield replace(tiny, feed=feed, clicks=tiny.clicks & (feed >= 0))
        yield replace(tiny, clicks=tiny.feed >= 0)


def _means(metric: Metric, tiny: TinyWorld) -> dict[str, float]:
    """The mean of the known values, by stage."""
    means = {}
    for reading in _measure(metric, tiny.moment):
        known = reading.values[~np.isnan(reading.values)]
        means[reading.stage] = float(known.mean()) if known.size else np.nan
    return means


def _must_agree(metric: Metric, tiny: TinyWorld, other: TinyWorld, order: np.ndarray, what: str) -> None:
    """Readings of the two worlds must be the same numbers; those made by dice must agree in the mean."""
    for index, reading in enumerate(_measure(metric, tiny.moment)):
        renamed = _measure(metric, other.moment)[index]
        place = slice(None) if reading.users is None else order
        for kind in ("values", "null"):
            one = np.broadcast_to(getattr(reading, kind), reading.values.shape)[place]
            two = np.broadcast_to(getattr(renamed, kind), renamed.values.shape)
            if not nearly(one, two, 1e-6):
                agrees = _agree_in_the_mean(metric, tiny, other, index, kind)
                require(
                    agrees, metric, f"{kind} ({reading.stage}) change when the {what} of {tiny.name} are renumbered"
                )


def _agree_in_the_mean(metric: Metric, tiny: TinyWorld, other: TinyWorld, index: int, kind: str) -> bool:
    """Whether readings that hang on the dice have the same mean over many dice, within 4 standard errors."""
    means = np.empty((2, REPEATS))
    for row, world in enumerate((tiny, other)):
        for repeat in range(REPEATS):
            reading = _measure(metric, world.with_dice(repeat).moment)[index]
            means[row, repeat] = float(np.nanmean(getattr(reading, kind)))
    error = float(np.sqrt(means.var(axis=1, ddof=1).sum() / REPEATS))
    return error > 0 and abs(float(means[0].mean() - means[1].mean())) <= 4 * error
