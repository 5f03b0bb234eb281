"""Everybody follows everybody else with the same small chance.

There are no groups and no hubs: a network on which any structure that appears later has been made by the run. The chance
is `mean_degree` divided by the number of others. With `exact`, the number of ties is exactly its expected value, and
every such network is equally likely.

Also known as: random graph, Gilbert graph, G(n, p), G(n, m), gnm, binomial graph.
Source: Erdős & Rényi (1959), On random graphs I; Gilbert (1959), Random graphs; drawn by the gaps between ties as in
Batagelj & Brandes (2005), Efficient generation of large random networks.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.core.follows import Follows
from cocoonsim.core.places import each_with_chance, exactly, unordered_pairs
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns
from cocoonsim.network import Network


class ErdosRenyi(Network):
    mean_degree_wanted: float = setting(10.0, low=0.0, help="How many people a user follows on average", unit="users")
