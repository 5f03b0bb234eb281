"""People may choose a feed that is not made for them.

Those it reaches see their candidates in an order that is the same for everybody: newest first, most clicked first, or at
random. The platform keeps its records of them.

Also known as: non-profiling option, algorithm switch, chronological feed option.
Why it matters here: large platforms must offer it; it shows what people gain and lose who use it, and that a measure which
few use changes little for the rest.
Source: own; after article 38 of the Digital Services Act (EU) 2022/2065.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.interventions import Intervention


class NonProfilingOption(Intervention):
    order: str = setting(
        "newest",
        choices=("newest", "most_clicked", "random"),
        help="The order in which everybody who chose it sees items",
    )

    def shortlists(self, scores: np.ndarray, view: View) -> dict[str, np.ndarray]:
        if self.order == "random":
            wanted = view.uniform("non-profiling option")
        else:
            wanted = np.asarray(view.item("created" if self.order == "newest" else "clicks"), np.float32)
        return {repr(self): np.where(scores > -np.inf, wanted, np.float32(-np.inf))}

    def on_feed(self, feed: np.ndarray, view: View) -> np.ndarray:
        return view.lists[repr(self)][1][:, : feed.shape[1]]
