"""From a thing to what the map shows: label with its reading, search keys, a site's own kind."""

from __future__ import annotations

from pathlib import Path

from app.projection import case_feature, entity_batch
from layers.model.features import Batch, Feature, FeatureStore
from services.domain.model import Alarm, Case, Entity, Link, Severity, Suppression
from services.packs.loader import default_directory, load
from services.packs.model import Catalogue
from tests.services.packs.site import site_packs

NOW = 1_784_088_000.0


def batch_of(
    things: list[Entity], catalogue: Catalogue, standing: dict[str, dict[str, Alarm]] | None = None
) -> Batch:
    return entity_batch(things, catalogue, standing or {}, NOW)


def shown(entity: Entity, catalogue: Catalogue, *alarms: Alarm) -> Feature:
    store = FeatureStore()
    standing = {entity.id: {alarm.key: alarm for alarm in alarms}} if alarms else {}
    store.put(batch_of([entity], catalogue, standing))
    feature = store.feature(entity.id)
    assert feature is not None
    return feature


def test_a_site_s_kind_is_on_the_map_and_found(tmp_path: Path) -> None:
    catalogue = load(default_directory(), site_packs(tmp_path / "site"))
    store = FeatureStore(tuple(catalogue.kinds.values()))
    hive = Entity(
        id="beehive:1", kind="beehive", name="北山蜂箱 1", lon=101.83, lat=36.62,
        attrs={"keeper_unit": "园林所", "keeper": "马建国"}, values={"weight": 21.04},
        link=Link.ONLINE, observed_at=NOW,
    )  # fmt: skip
    feature = shown(hive, catalogue)
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
    store.put(batch_of(things, catalogue))
    assert store.search("建国路") == ["team:1", "mall:1"]


def test_a_label_that_changes_is_drawn_and_the_name_stays_found() -> None:
    catalogue = load(default_directory())
    store = FeatureStore(tuple(catalogue.kinds.values()))

    def put(level: float) -> int:
        entity = Entity(
            id="level_sensor:1", kind="level_sensor", name="康乐十字", lon=101.8, lat=36.6,
            values={"level": level}, link=Link.ONLINE, observed_at=NOW,
        )  # fmt: skip
        store.put(batch_of([entity], catalogue))
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
    feature = shown(sensor, catalogue)
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


def _alarm(key: str, severity: Severity, **more: object) -> Alarm:
    return Alarm(
        key=key, source="s", rule="r", object_id="level_sensor:1", severity=severity, **more
    )  # type: ignore[arg-type]  # fields by name


def test_alarms_colour_a_mark_unless_somebody_has_put_them_aside() -> None:
    catalogue = load(default_directory())
    sensor = Entity(id="level_sensor:1", kind="level_sensor", name="n", lon=101.8, lat=36.6)
    plain = shown(sensor, catalogue)
    assert (plain.severity, plain.unacked, plain.stale) == (Severity.NORMAL, False, False)
    minor = _alarm("a", Severity.MINOR, acknowledged=True)
    assert (shown(sensor, catalogue, minor).severity, shown(sensor, catalogue, minor).unacked) == (
        Severity.MINOR,
        False,
    )
    shelf = Suppression(kind="shelved", by="u", reason="r", since=NOW - 9, until=NOW + 9)
    shelved = _alarm("b", Severity.CRITICAL, suppressed=(shelf,))
    assert shown(sensor, catalogue, minor, shelved).severity == Severity.MINOR
    past = _alarm("c", Severity.CRITICAL, active=False)
    both = shown(sensor, catalogue, minor, past)
    assert (both.severity, both.unacked) == (Severity.MINOR, True)


def test_where_things_look_and_what_has_no_place() -> None:
    catalogue = load(default_directory())
    mounted = Entity(
        id="camera:1", kind="camera", name="n", lon=101.8, lat=36.6, observed_at=1.0,
        attrs={"bearing_deg": 90, "fov_deg": 60.0},
    )  # fmt: skip
    camera = shown(mounted, catalogue)
    assert (camera.heading_deg, camera.fov_deg, camera.stale) == (90.0, 60.0, True)
    team = Entity(id="team:1", kind="team", name="n", lon=101.8, lat=36.6, heading_deg=10.0)
    assert (shown(team, catalogue).heading_deg, shown(team, catalogue).fov_deg) == (10.0, None)
    other = Entity(id="x", kind="unheard of", name="n", lon=101.8, lat=36.6, observed_at=1.0)
    assert not shown(other, catalogue).stale
    nowhere = Entity(id="team:2", kind="team", name="n")
    together = batch_of([team, nowhere, mounted, other], catalogue)
    assert together.ids == ["team:1", "camera:1", "x"]
    store = FeatureStore()
    store.put(together)
    assert [store.feature(i) for i in together.ids] == [
        shown(thing, catalogue) for thing in (team, mounted, other)
    ]
