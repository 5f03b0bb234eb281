"""Nothing new appears: the catalogue of the first step is all there ever is.

Also known as: fixed catalogue, static item set.
Source: own; the usual assumption of offline recommender evaluation.
"""

from __future__ import annotations

from cocoonsim.publishing import Publishing


class NoPublishing(Publishing):
    pass
