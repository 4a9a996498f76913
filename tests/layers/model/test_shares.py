"""What clusters consist of, against counting one by one; and that they agree with the legend."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.model import mercator
from layers.model.cluster import ClusterRequest, cluster
from layers.model.cluster_index import ClusterIndex, Masks, build_index, updated_index
from layers.model.features import Feature, FeatureStore
from layers.model.layer_set import Categorised, Category, Layer, LayerSet, Look, Single
from layers.model.order import SpatialOrder
from layers.model.painter import Painter
from layers.model.painting import Painted
from layers.model.shares import MOST_GROUPS, groups_of, in_parts
from layers.model.things import Things
from services.domain.model import Severity

WORLD = (0.0, 0.0, 1.0, 1.0)
ORIGIN = mercator.world_xy(101.8, 36.6)
STYLE = Categorised(
    field="f",
    classes=(
        Category(value="a", look=Look(color="series_1")),
        Category(value="b", look=Look(color="series_2")),
        Category(value="c", look=Look(color="series_3"), visible=False),
    ),
)


def thing(n: int, value: str, severity: int = 0) -> Feature:
    """Things lie in a small town."""
    lon, lat = 101.8 + n % 7 * 1e-3, 36.6 + n % 5 * 1e-3
    return Feature(f"f{n}", "camera", "", lon, lat, Severity(severity), attrs={"f": value})


def layers(filter_: str = "", **more: object) -> LayerSet:
    values = {"style": STYLE, "filter": filter_, **more}
    return LayerSet(items=(Layer(id="l", kinds=("camera",), **values),))  # type: ignore[arg-type]


def painted_of(store: FeatureStore, shown: LayerSet, level: int = 12) -> Painted:
    return Painter(Things.live(store)).painted(shown, level)


def index_of(
    store: FeatureStore, painted: Painted, older: ClusterIndex | None = None
) -> ClusterIndex:
    every = np.ones(len(store.kinds), np.bool_)
    masks = Masks(every, every, ~every, painted.shown)
    columns = store.columns()
    if older is None:
        made = build_index(columns, SpatialOrder.of(columns), masks)
    else:
        changes = store.changes(older.version)
        assert changes is not None
        made = updated_index(older, changes, masks)
    return made.with_shares(painted.groups, older)


def told(index: ClusterIndex, painted: Painted, zoom: float) -> list[tuple[dict[str, int], int]]:
    """Of each mark how many things of each colour, and how many in all."""
    response = cluster(index, ClusterRequest(zoom, WORLD, (float(ORIGIN[0]), float(ORIGIN[1]))))
    shares, groups = response.shares(), painted.groups
    assert shares is not None
    assert groups is not None
    found = []
    for mark, count in enumerate(response.count.tolist()):
        rows = response.members(mark)
        looks = [painted.paints[n].look.color for n in painted.number[rows].tolist()]  # type: ignore[index]
        wanted = {color: looks.count(color) for color in groups.colors}
        given_ = dict.fromkeys(groups.colors, 0)
        for color, many in zip(groups.colors, shares[mark].tolist(), strict=True):
            given_[color] += many
        assert given_ == wanted
        found.append((given_, count))
    return found


things = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from("abcd"), st.sampled_from([0, 0, 0, 4])),
    min_size=1,
    max_size=60,
)


@settings(max_examples=60)
@given(things, things, st.sampled_from([3.0, 11.0, 15.0, 18.0]))
def test_each_cluster_tells_the_classes_of_its_things(
    first: list[tuple[int, str, int]], then: list[tuple[int, str, int]], zoom: float
) -> None:
    store = FeatureStore()
    store.upsert(thing(*one) for one in first)
    painted = painted_of(store, layers())
    index = index_of(store, painted)
    told(index, painted, zoom)
    store.upsert(thing(*one) for one in then)
    store.remove(["f3", "f4"])
    later = painted_of(store, layers())
    if later.groups is not None:
        told(index_of(store, later, index), later, zoom)


def test_clusters_agree_with_the_legend_the_filter_and_the_range() -> None:
    store = FeatureStore()
    store.upsert(thing(n, "abcd"[n % 4]) for n in range(56))
    shown = layers("f <> 'b'")
    painter = Painter(Things.live(store))
    tally = painter.tally(shown.layers()[0])
    assert (tally.passed, tally.total, tally.classes, tally.other) == (42, 56, (14, 0, 14), 14)
    painted = painter.painted(shown, 12)
    (mark,) = told(index_of(store, painted), painted, 3.0)
    assert mark == ({"": 14, "series_1": 14}, 28)  # without the class that is off
    store.upsert([thing(5, "b", 4), thing(8, "a", 4)])
    far = painted_of(store, layers("f <> 'b'", min_zoom=14.0))  # out of range but for the alarm
    (mark,) = told(index_of(store, far), far, 3.0)
    assert mark == ({"": 0, "series_1": 1}, 1)


def test_groups_are_told_only_where_something_looks_other_than_its_kind() -> None:
    store = FeatureStore()
    store.upsert(thing(n, "a") for n in range(5))
    assert painted_of(store, layers("f = 'a'", style=Single())).groups is None
    faint = painted_of(store, layers(style=Single(), opacity=0.4)).groups
    assert faint is not None
    assert (faint.colors, faint.opacities) == (("", ""), (1.0, 0.4))


def test_of_very_many_colours_the_rarest_are_all_else() -> None:
    looks = [("", 1.0), *((f"#0000{n:02x}", 1.0) for n in range(30))]
    number = np.repeat(np.arange(31), np.arange(31)).astype(np.uint16)
    groups = groups_of(number, looks)
    assert groups is not None
    assert len(groups.colors) == MOST_GROUPS
    assert groups.colors[1] == "#00001d"
    assert groups.of(np.array([len(number) - 1, 0, 10**6])).tolist() == [1, 0, 0]


@given(st.lists(st.integers(0, 500), min_size=1, max_size=12))
def test_a_ring_is_whole_and_leaves_nothing_out_that_is_there(counts: list[int]) -> None:
    (parts,) = in_parts(np.array([counts]), 24).tolist()
    if not any(counts):
        return
    assert sum(parts) == 24
    assert all((part > 0) == (count > 0) for part, count in zip(parts, counts, strict=True))
    for part, count in zip(parts, counts, strict=True):
        exact = count * 24 / sum(counts)
        assert part <= max(1.0, exact + 1.0)
