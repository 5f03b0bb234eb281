"""A newsroom, creators who adapt, bots, and several sources at once."""

import numpy as np
import pytest

from cocoonsim import Scenario, play
from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.core.follows import Follows
from cocoonsim.core.history import History
from cocoonsim.core.world import Columns, World, content, people
from cocoonsim.publishing.adaptive_creators import AdaptiveCreators
from cocoonsim.publishing.central import Central
from cocoonsim.publishing.combined import Combined
from cocoonsim.publishing.polluters import Polluters


def world_of(users: int = 6, items: int = 2, step: int = 4) -> World:
    interests = np.tile([1.0, 0.0, 0.0], (users, 1))
    persons = people(interests, opinion=np.linspace(-0.5, 0.5, users))
    return World(step, persons, content(np.full((items, 3), 1 / 3)), Follows.none(users), ("a", "b", "c"))


def history_of(world: World) -> History:
    return History(world.n_users, 3, world.n_items)


def drafts(n: int) -> Columns:
    number = np.arange(n) % 7
    return content(np.tile([1.0, 0, 0], (n, 1)), quality=number / 10, arousal=1 - number / 10, stance=number / 3 - 1)


def new(before: World, after: World) -> dict[str, np.ndarray]:
    return {name: column[before.n_items :] for name, column in after.items.items()}


def publish(rule, world: World, make=drafts, history: History | None = None) -> dict[str, np.ndarray]:
    dice = Chance(1).at(world.step)
    return new(world, rule.publish(world, make, dice, history or history_of(world)))


@pytest.mark.parametrize(
    ("pick", "column", "value"), [("quality", "quality", 0.6), ("arousal", "arousal", 1.0), ("moderate", "stance", 0.0)]
)
def test_a_newsroom_publishes_the_best_draft(pick, column, value):
    edition = publish(Central(items=3, drafts=7, pick=pick), world_of())
    assert edition[column].ravel() == pytest.approx([value] * 3, abs=1e-6)
    assert edition["author"].tolist() == [-1] * 3


def test_an_edition_makes_room_for_the_next():
    rule = Central(items=2, every=3, lifespan=3)
    world, existing = world_of(step=0), []
    for step in range(7):
        world = World(step, world.users, world.items, world.follows, world.topic_names)
        world = rule.publish(world, drafts, Chance(1).at(step), history_of(world))
        existing.append([item for item in world.live().tolist() if item >= 2])
    assert existing == [[2, 3]] * 3 + [[4, 5]] * 3 + [[6, 7]]


def test_creators_move_towards_what_was_clicked_and_only_there():
    # user 0 made three works; the clicks are on those about topic b (2) and c (1): the mean is (0, 2/3, 1/3), stance 0.4
    topics = [[1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0], [0, 0, 1.0]]
    world = world_of().publish(content(topics, author=[0, 0, 0, 1], stance=[-1.0, 0.5, 0.2, 0.9], created=[1, 2, 3, 3]))
    history = history_of(world)
    for item, times in ((3, 2), (4, 1)):
        for _ in range(times):
            history.add(np.array([5]), np.array([[item]], np.int32), np.ones((1, 1), bool), world.items.topics)
    works = publish(AdaptiveCreators(share=1.0, gain=0.25, noise=0.0), world, history=history)
    assert works["author"].tolist() == [0, 1, 2, 3, 4, 5]
    # the latest work of user 0 is about c, stance 0.2
    assert works["topics"][0] == pytest.approx([0, 0.25 * 2 / 3, 0.75 + 0.25 / 3], abs=1e-6)
    assert works["stance"][0, 0] == pytest.approx(0.75 * 0.2 + 0.25 * 0.4)
    # nobody clicked the work of user 1: it goes on as before; the others begin with their own interests and opinion
    assert works["topics"][1] == pytest.approx([0, 0, 1], abs=1e-6)
    assert works["stance"][1, 0] == pytest.approx(0.9)
    assert works["topics"][2:] == pytest.approx(np.tile([1.0, 0, 0], (4, 1)))
    assert works["stance"][2:, 0].tolist() == world.users.opinion[2:, 0].tolist()
    short = publish(AdaptiveCreators(share=1.0, gain=0.25, noise=0.0, look_back=1), world, history=history)
    assert short["topics"][0] == pytest.approx([0, 0, 1], abs=1e-6)  # only the latest counts


@pytest.mark.parametrize(("stance", "values"), [("extreme", {-1.0, 1.0}), ("campaign", {0.7})])
def test_bots_flood_with_poor_content(stance, values):
    world = world_of(users=400)
    posts = publish(Polluters(share=0.1, rate=2, stance=stance, campaign=0.7), world)
    bots = set(posts["author"].tolist())
    assert 20 <= len(bots) <= 62  # 40 expected, 3.7 standard deviations of 6
    assert len(posts["author"]) == 2 * len(bots)
    assert posts["harmful"].all()
    assert posts["quality"] == pytest.approx(0.1)
    assert set(posts["stance"].ravel().tolist()) == values
    later = World(9, world.users, world.items, world.follows, world.topic_names)
    assert set(publish(Polluters(share=0.1, rate=2), later)["author"].tolist()) == bots
    assert len(publish(Polluters(share=0.0), world)["author"]) == 0


def test_several_sources_publish_in_turn():
    world = world_of()
    rule = Combined(parts=({"kind": "releases", "items": 2}, {"kind": "user_posts"}, {"kind": "reposts"}))
    assert rule.makes_items
    posts = publish(rule, world)
    assert posts["author"].tolist() == [-1, -1, 0, 1, 2, 3, 4, 5]
    assert posts["turn"].tolist() == [0, 0, 1, 1, 1, 1, 1, 1]
    assert not Combined(parts=("user_posts", "polluters")).makes_items
    nothing = np.full((1, 1), -1, np.int32), np.zeros((1, 1), bool)
    after = rule.after_reading(world, np.array([3]), *nothing, Chance(1).at(4), history_of(world))
    assert new(world, after)["author"].tolist() == [3]
    assert Combined(parts=()).problems()[0][0] == "parts"


def test_who_needs_authors_can_have_users_who_post():
    scenario = {
        "steps": 3, "slate": 3, "population": {"kind": "uniform", "users": 40}, "ranking": "jaccard",
        "network": {"kind": "erdos_renyi", "degree": 4.0}, "catalogue": {"kind": "topic_mix", "items": 5},
    }  # fmt: skip
    with pytest.raises(UserError, match="authors"):
        next(play(Scenario.from_dict(scenario)))
    for publishing in ("user_posts", {"kind": "combined", "parts": ["releases", "reposts"]}):
        *_, last = play(Scenario.from_dict(scenario | {"publishing": publishing}))
        assert (last.world.items.author[last.feed] >= 0).any()
