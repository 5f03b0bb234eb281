import numpy as np

from cocoonsim.ranking.engagement import Engagement

SEEN = [(0, 0, True), (1, 0, True), (2, 0, False), (2, 1, False), (2, 2, True)]  # clicks 2, 0, 1; views 3, 1, 1


def naive(smoothing, taste, weight, affinity, arousal):
    """The formula in the docstring, in plain Python."""
    clicks, shown, average = [2, 0, 1, 0], [3, 1, 1, 0], 3 / 5
    return [
        (clicks[i] + smoothing * average) / (shown[i] + smoothing)
        * (1 + taste * affinity[i]) * (1 + weight * arousal[i])
        for i in range(4)
    ]  # fmt: skip


def test_scores_follow_the_formula(stand):
    topics, arousal = [[1, 0], [0, 1], [1, 0], [0, 1]], [0.0, 1.0, 0.5, 0.25]
    here = stand(np.eye(2)[[0, 0, 1]], topics, seen=SEEN, arousal=arousal)
    for smoothing, taste, weight in ((10.0, 1.0, 1.0), (1.0, 0.0, 3.0), (0.5, 4.0, 0.0)):
        given = here.scores(Engagement(smoothing=smoothing, taste=taste, arousal_weight=weight))
        # everybody has clicked topic 0 only: affinity is 1 to items 0 and 2, and 0 to the others
        assert np.allclose(given, [naive(smoothing, taste, weight, [1, 0, 1, 0], arousal)] * 3, rtol=1e-6)


def test_arousal_counts_as_much_as_it_is_given_weight(stand):
    here = stand(np.ones((1, 1)), np.ones((2, 1)), arousal=[0.0, 0.6])
    for weight in (0.0, 1.0, 5.0):
        calm, upsetting = here.scores(Engagement(arousal_weight=weight))[0]
        assert np.isclose(upsetting / calm, 1 + 0.6 * weight, rtol=1e-6)


def test_before_anything_was_shown_the_rate_is_one(stand):
    assert np.allclose(stand(np.ones((2, 1)), np.ones((3, 1))).scores(Engagement()), 1.0)
