"""Let what is new appear at random places among what is ranked.

A few places of each feed, drawn anew for each user and step, go to items that have just been published, drawn by lot; all other
places are filled by the ranking, from the older items, best first. What nobody has clicked yet thus gets its first views.

How: an item is new for `age` steps, counting the one in which it appears. Where there are fewer new items than places for
them, all of them are shown; where older items run out, new ones take their places.

Also known as: random interleaving, cold-start slots, fresh content slots, new-item exploration.
Why it matters here: a ranking that learns from clicks can learn nothing about what it never shows; without such places new
items stay invisible, with them the feedback loop is looser.
Source: Chaney, Stewart & Engelhardt (2018), How algorithmic confounding in recommendation systems increases homogeneity and
decreases utility.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import NOBODY
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.feed import Feed


class Interleaved(Feed):
    places: int = setting(
        2, low=0, high=10_000, unit="places", help="How many places of a feed are for new items, if there are"
    )
    age: int = setting(1, low=1, unit="steps", help="For how many steps an item is new, with the one it appears in")

    def shortlists(self, scores: np.ndarray, view: View) -> dict[str, np.ndarray]:
        if self.places == 0:
            return {"best": scores}
        new = view.step - view.item("created") < self.age
        luck = view.uniform("newcomers")
        never = np.float32(-np.inf)
        return {
            "best": np.where(new, never, scores),
            "new": np.where(new & (scores > never), luck, never),
        }

    def fill(self, scores: np.ndarray, items: np.ndarray, view: View, slate: int) -> np.ndarray:
        if self.places == 0:
            return items[:, :slate]
        old, new = items[:, :slate], view.lists["new"][1][:, :slate]
        n_old, n_new = (old >= 0).sum(axis=1), (new >= 0).sum(axis=1)
        filled = np.minimum(n_old + n_new, slate)
        wanted = np.maximum(np.minimum(n_new, self.places), filled - n_old)
        place = np.arange(slate)
        luck = view.dice.uniform("interleaved", view.users, slate)
        luck = np.where(place < filled[:, None], luck, np.float32(2))  # no new item beyond the end of the feed
        # luck of equals by place, as one number each: sorting those is far quicker than putting places in order
        lots = luck.view(np.int32).astype(np.int64) << 32 | place
        last = np.take_along_axis(np.sort(lots, axis=1), np.maximum(wanted - 1, 0)[:, None], axis=1)
        is_new = (lots <= last) & (wanted > 0)[:, None]
        nth_new = np.maximum(np.cumsum(is_new, axis=1) - 1, 0)
        nth_old = np.maximum(np.cumsum(~is_new, axis=1) - 1, 0)
        feed = np.where(is_new, np.take_along_axis(new, nth_new, axis=1), np.take_along_axis(old, nth_old, axis=1))
        return np.where(place < filled[:, None], feed, np.int32(NOBODY))
