import numpy as np

from cocoonsim.ranking.content import Content


def test_scores_are_the_cosine_of_clicked_and_item_topics(stand):
    topics = [[1, 0, 0], [0, 1, 0], [0.6, 0.4, 0], [0.2, 0.3, 0.5]]
    here = stand(np.eye(3), topics, seen=[(0, 0, True), (0, 2, True), (0, 3, False), (1, 1, True)])
    clicked = np.array([[1.6, 0.4, 0], [0, 1, 0], [0, 0, 0]])
    length = np.linalg.norm(clicked, axis=1)[:, None] * np.linalg.norm(topics, axis=1)
    cosine = np.divide(clicked @ np.array(topics).T, length, out=np.zeros((3, 4)), where=length > 0)
    # the grid of 2^-12 moves a product of unit vectors of three parts by at most 6 steps
    assert np.abs(here.scores(Content()) - cosine).max() <= 6 * 2**-12


def test_all_items_tie_before_the_first_click(stand):
    assert (stand(np.eye(3), np.eye(3), seen=[(0, 1, False)]).scores(Content()) == 0).all()
