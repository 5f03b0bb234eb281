"""Every component that the model promises is there: the table of the design, typed in by hand, against `cocoonsim list`.

A name on the right of a `/` is another word for the one on the left; one of them must be there.
"""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from cocoonsim.cli import app

TABLE = {
    "population": "uniform clustered two_camps dirichlet equispaced power_law_activity from_data",
    "catalogue": "topic_mix partisan_news ring multilingual from_data",
    "network": "none complete erdos_renyi/gnm small_world scale_free blocks homophilous lfr from_file",
    "publishing": "none releases user_posts reposts central adaptive_creators polluters",
    "activity": "everyone share individual one_at_a_time permutation continuous",
    "candidates": "everything unseen recent followed not_followed sampled popular_and_fresh mixture",
    "ranking": "shuffled newest popularity trending content user_knn item_knn factorisation bpr social engagement quality "
    "similarity opposite bridging adaptive_estimate click_rate personalised_pagerank jaccard oracle mixture linear_bandit",
    "feed": "top softmax proportional epsilon_greedy ucb thompson maximal_marginal xquad calibrated determinantal quota "
    "fair_exposure interleaved",
    "choice": "argmax logit bernoulli follows_recommendation confidence_gate accepts_all satiating risk_averse agents",
    "influence": "none degroot friedkin_johnsen bounded_confidence pairwise hegselmann_krause reinforcement memory "
    "radicalisation biased_assimilation backlash copy belief_update fatigue",
    "rewiring": "none unfollow_discordant friend_of_friend follow_similar follow_originator people_recommender same_label "
    "cross_group_links",
    "interventions": "data_minimisation retention_limit private_clicks opt_out non_profiling_option diversity_quota "
    "downrank_arousal fair_exposure audit media_literacy translation cross_group_links warning_label",
}
PROMISED = [(stage, names) for stage, row in TABLE.items() for names in row.split()]


@pytest.fixture(scope="module")
def listed() -> set[tuple[str, str]]:
    said = CliRunner().invoke(app, ["list", "--json"])
    assert said.exit_code == 0
    return {(about["stage"], about["name"]) for about in json.loads(said.output)}


@pytest.mark.parametrize(("stage", "names"), PROMISED, ids=[f"{stage}-{names}" for stage, names in PROMISED])
def test_a_promised_component_is_listed(listed: set[tuple[str, str]], stage: str, names: str) -> None:
    assert any((stage, name) in listed for name in names.split("/")), f"there is no {stage} called {names}"


def test_the_table_is_whole() -> None:
    """Twelve stages have components in the table (metrics have a page of their own), 121 rows in all."""
    assert len(TABLE) == 12
    assert len(PROMISED) == 121
