import gc

import numpy as np
import pytest

from cocoonsim.core import clusters
from cocoonsim.core.arrays import Vectors
from cocoonsim.core.clusters import clusters_of, find_clusters, nearest


def test_groups_that_are_apart_are_told_apart() -> None:
    """Vectors scattered a little round 8 axes that are at right angles, group by group: the groups are known."""
    generator = np.random.default_rng(1)
    group = np.arange(800) // 100  # in this order the evenly spread first centres are one in each group
    rows = np.eye(8)[group] + 0.05 * generator.random((800, 8))
    labels = find_clusters(rows.astype(np.float32), 8).labels
    assert len(set(zip(group.tolist(), labels.tolist(), strict=True))) == 8


def test_centres_have_length_one_and_labels_name_the_nearest() -> None:
    rows = np.random.default_rng(2).dirichlet([0.3] * 6, 500).astype(np.float32)
    found = find_clusters(rows, 10)
    np.testing.assert_allclose(np.linalg.norm(found.centres, axis=1), 1.0, rtol=1e-6)
    cosines = rows.astype(np.float64) @ found.centres.T.astype(np.float64)
    own = np.take_along_axis(cosines, found.labels[:, None], axis=1)[:, 0]
    assert (own >= cosines.max(axis=1) - 1e-6).all()


def test_length_does_not_matter() -> None:
    rows = np.random.default_rng(3).dirichlet([0.3] * 6, 400).astype(np.float32)
    stretched = rows * np.float32(4.0)  # a power of two: the same bits but for the exponent
    assert (find_clusters(rows, 7).labels == find_clusters(stretched, 7).labels).all()


def test_vectors_of_zeros_stay_apart() -> None:
    rows = np.array([[1, 0], [0, 0], [0, 1], [0, 0]], np.float32)
    found = find_clusters(rows, 2)
    assert (found.labels[[1, 3]] == len(found.centres)).all()
    assert (found.labels[[0, 2]] < len(found.centres)).all()


@pytest.mark.parametrize("rows", [np.zeros((5, 3)), np.zeros((0, 3)), np.ones((1, 3)), np.ones((50, 3))])
def test_odd_catalogues(rows: np.ndarray) -> None:
    found = find_clusters(rows.astype(np.float32), 4)
    assert found.labels.shape == (len(rows),)
    assert ((found.labels >= 0) & (found.labels <= len(found.centres))).all()


def test_the_same_vectors_give_the_same_clusters() -> None:
    rows = np.random.default_rng(4).dirichlet([0.2] * 5, 1000).astype(np.float32)
    first, second = find_clusters(rows, 12), find_clusters(rows.copy(), 12)
    assert (first.labels == second.labels).all()
    assert (first.centres == second.centres).all()


def test_worked_out_once_and_forgotten_with_the_vectors() -> None:
    gc.collect()
    before = len(clusters._KNOWN)
    vectors = Vectors(np.random.default_rng(5).dirichlet([0.2] * 5, 600))
    assert clusters_of(vectors) is clusters_of(vectors)
    assert len(clusters._KNOWN) == before + 1
    del vectors
    gc.collect()
    assert len(clusters._KNOWN) == before


def test_no_centres() -> None:
    assert nearest(np.ones((3, 2)), np.empty((0, 2))).tolist() == [0, 0, 0]
