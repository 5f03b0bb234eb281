import numpy as np
import pytest
from scipy.stats import chisquare

from cocoonsim.choice.argmax import Argmax
from cocoonsim.core.chance import Dice
from cocoonsim.testing import tiny_worlds


def clicked(world, model, feed):
    feed = np.tile(np.array(feed, np.int32), (world.n_users, 1))
    return model.choose(world, np.arange(world.n_users), feed, Dice(5, 0))


@pytest.mark.parametrize(
    ("model", "place"),
    [
        (Argmax(attention_decay=0.0), 2),
        (Argmax(attention_decay=0.8), 0),  # 0.5 against 0.6 x 2^-0.8 = 0.34 and 0.9 x 3^-0.8 = 0.37
        (Argmax(attention_decay=0.8, threshold=0.55), 2),
        (Argmax(attention_decay=2.0, threshold=0.55), 1),  # 0.6 / 4 = 0.15 against 0.9 / 9 = 0.1
        (Argmax(threshold=0.95), None),
    ],
)
def test_by_hand(valued, model, place):
    wanted = [[i == place for i in range(4)]] * 3
    assert clicked(valued(3, [0.5, 0.6, 0.9]), model, [0, 1, 2, -1]).tolist() == wanted


def test_equals_are_clicked_alike(valued):
    given = clicked(valued(6000, [0.5, 0.7, 0.7, 0.7]), Argmax(attention_decay=0.0), [1, 0, 2, -1, 3])
    assert (given.sum(axis=1) == 1).all()
    assert given[:, [1, 3]].sum() == 0
    assert chisquare(given[:, [0, 2, 4]].sum(axis=0)).pvalue > 1e-3


def test_something_is_clicked_even_if_worthless_unless_nothing_is_there(valued):
    assert clicked(valued(2, [0.0, 0.0]), Argmax(), [0, 1]).sum(axis=1).tolist() == [1, 1]
    assert not clicked(valued(2, [0.0]), Argmax(), [-1, -1]).any()


def test_same_as_a_plain_loop():
    model = Argmax(attention_decay=0.8, threshold=0.2)
    for tiny in tiny_worlds():
        clicks = model.choose(tiny.world, tiny.users, tiny.feed, tiny.dice)
        utility = tiny.world.utility(tiny.users, tiny.feed)
        for user in tiny.users:
            values = [float(u) * (place + 1) ** -0.8 if u >= 0.2 else -1.0 for place, u in enumerate(utility[user])]
            if max(values) < 0:
                assert not clicks[user].any()
            else:
                assert clicks[user].sum() == 1
                assert values[clicks[user].argmax()] == pytest.approx(max(values), rel=1e-6)
