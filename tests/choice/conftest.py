"""A world in which the true utility of each item is given by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from cocoonsim.core.follows import Follows
from cocoonsim.core.world import World, content, people


@pytest.fixture
def valued() -> Callable[..., World]:
    """`valued(n_users, utilities, arousal=None)`: everybody and everything is about one topic, so utility is quality."""

    def make(n_users, utilities, arousal=None):
        extra = {} if arousal is None else {"arousal": np.array(arousal)}
        items = content(np.ones((len(utilities), 1)), quality=np.array(utilities), **extra)
        return World(0, people(np.ones((n_users, 1))), items, Follows.none(n_users))

    return make
