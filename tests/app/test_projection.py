"""From a thing to what the map shows: label with its reading, search keys, a site's own kind."""

from __future__ import annotations

from pathlib import Path

from app.projection import case_feature, entity_feature
from layers.model.features import FeatureStore
from services.domain.model import Case, Entity, Link, Severity
from services.packs.loader import default_directory, load
from tests.services.packs.site import site_packs

NOW = 1_784_088_000.0


def test_a_site_s_kind_is_on_the_map_and_found(tmp_path: Path) -> None:
    catalogue = load(default_directory(), site_packs(tmp_path / "site"))
    store = FeatureStore(tuple(catalogue.kinds.values()))
    hive = Entity(
        id="beehive:1", kind="beehive", name="北山蜂箱 1", lon=101.83, lat=36.62,
        attrs={"keeper_unit": "园林所", "keeper": "马建国"}, values={"weight": 21.04},
        link=Link.ONLINE, observed_at=NOW,
    )  # fmt: skip
    feature = entity_feature(hive, catalogue, [], NOW)
    assert feature is not None
    assert (feature.label, feature.keys) == ("北山蜂箱 1 21.04 kg", ("园林所",))
    store.upsert([feature])
    assert store.counts()["beehive"].online == 1
    row = store.row_of("beehive:1")
    assert row is not None
    assert (store.style_of(row).shape, store.labels[row]) == ("hexagon", "北山蜂箱 1 21.04 kg")
    assert store.search("园林") == ["beehive:1"]
    assert store.search("马建国") == []  # who keeps it is personal, and no key
    assert store.search("bsfx") == ["beehive:1"]


def test_what_is_known_by_name_comes_before_what_is_known_by_a_key() -> None:
    catalogue = load(default_directory())
    store = FeatureStore(tuple(catalogue.kinds.values()))
    things = [
        Entity(id="mall:1", kind="mall", name="某商圈", lon=101.8, lat=36.6,
               attrs={"address": "建国路12号"}),
        Entity(id="team:1", kind="team", name="建国路排涝队", lon=101.8, lat=36.6),
    ]  # fmt: skip
    features = [entity_feature(e, catalogue, [], NOW) for e in things]
    store.upsert([f for f in features if f is not None])
    assert store.search("建国路") == ["team:1", "mall:1"]


def test_a_label_that_changes_is_drawn_and_the_name_stays_found() -> None:
    catalogue = load(default_directory())
    store = FeatureStore(tuple(catalogue.kinds.values()))

    def put(level: float) -> int:
        entity = Entity(
            id="level_sensor:1", kind="level_sensor", name="康乐十字", lon=101.8, lat=36.6,
            values={"level": level}, link=Link.ONLINE, observed_at=NOW,
        )  # fmt: skip
        feature = entity_feature(entity, catalogue, [], NOW)
        assert feature is not None
        store.upsert([feature])
        return store.version

    first = put(0.31)
    assert put(0.312) == first  # the same in two decimals: nothing to draw
    assert put(0.4) > first
    found = store.feature("level_sensor:1")
    assert found is not None
    assert (found.name, found.label) == ("康乐十字", "康乐十字 0.40 m")
    assert store.search("klsz") == ["level_sensor:1"]


def test_a_mark_knows_what_its_record_says_without_a_copy() -> None:
    catalogue = load(default_directory())
    sensor = Entity(
        id="level_sensor:1", kind="level_sensor", name="康乐十字", lon=101.8, lat=36.6,
        attrs={"street": "建国路"}, values={"level": 0.4}, state="normal", observed_at=NOW,
    )  # fmt: skip
    feature = entity_feature(sensor, catalogue, [], NOW)
    assert feature is not None
    assert feature.attrs is sensor.attrs
    assert feature.readings is sensor.values
    assert (feature.state, feature.observed_at) == ("normal", NOW)


def test_a_case_is_known_by_its_state_category_and_times() -> None:
    case = Case(
        id="c1", category="01-02", title="井盖破损", severity=Severity.MINOR, state="assigned",
        lon=101.8, lat=36.6, department="住建局", reported_at=NOW - 60, deadline_at=NOW + 60,
        attrs={"reporter": "张**", "category": "from elsewhere"},
    )  # fmt: skip
    feature = case_feature(case, NOW)
    assert feature is not None
    assert feature.state == "assigned"
    assert feature.observed_at == NOW - 60
    assert feature.attrs["reporter"] == "张**"
    assert feature.attrs["category"] == "01-02"
    assert feature.attrs["deadline_at"] == NOW + 60
    assert "handler" not in feature.attrs
