"""The rhythm is a function of time and seed: slicing, limits of the packs, load on the hub."""

from __future__ import annotations

import itertools

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cases.calendar_file import load_calendar
from services.demo.inventory import SEED, DemoSet, build
from services.domain.clock import ManualClock
from services.domain.ids import IdFactory
from services.domain.model import Link, Severity
from services.domain.world import World
from services.ingest import seeding
from services.ingest.bodies import Desk, to_bodies
from services.ingest.chance import between, unit, wave, weighted
from services.ingest.hotline import OPEN_S, Hotline
from services.ingest.http_client import Item
from services.ingest.item_types import Item as AnyItem
from services.ingest.mishaps import mishap
from services.ingest.rhythm import Beat, Quiet, Rhythm, interval_s, share_of_day
from services.ingest.scenes import LENGTH_S, Cloudburst
from services.packs.loader import default_directory, load
from services.packs.model import Catalogue
from services.warning.logic import level

NOON = 1_784_088_000.0  # 2026-07-15 12:00 Beijing


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(default_directory())


@pytest.fixture(scope="module")
def demo(catalogue: Catalogue) -> DemoSet:
    return build(SEED, now=NOON, catalogue=catalogue)


@pytest.fixture(scope="module")
def quiet(demo: DemoSet, catalogue: Catalogue) -> Rhythm:
    return Rhythm(demo.entities, catalogue, SEED, Quiet())


def plain(item: Item) -> str:
    return msgspec.json.encode(item).decode()


# -- chance -----------------------------------------------------------------------
def test_chance_depends_on_its_names_alone() -> None:
    draws = [unit(1, "a", n) for n in range(2_000)]
    assert draws == [unit(1, "a", n) for n in range(2_000)]
    assert all(0.0 <= d < 1.0 for d in draws)
    assert abs(sum(draws) / 2_000 - 0.5) < 0.03
    assert unit(1, "a") != unit(2, "a")
    assert unit("a", "bc") != unit("ab", "c")
    assert 3.0 <= between(3.0, 4.0, "x") < 4.0
    assert all(-1.0 <= wave(t * 10.0, "x") <= 1.0 for t in range(1_000))
    picks = [weighted([("rare", 1), ("often", 9)], n) for n in range(1_000)]
    assert 50 < picks.count("rare") < 160


# -- beats ------------------------------------------------------------------------
@settings(max_examples=60, deadline=None)
@given(
    st.floats(0.0, 1e5),
    st.lists(st.floats(0.0, 300.0), min_size=1, max_size=8),
    st.sampled_from([7.0, 20.0, 60.0, 900.0]),
)
def test_a_beat_is_the_same_however_time_is_sliced(
    start: float, steps: list[float], period: float
) -> None:
    beat = Beat([f"id{n}" for n in range(30)], 1, period)
    cuts = [start]
    for step in steps:
        cuts.append(cuts[-1] + step)
    sliced = [due for a, b in itertools.pairwise(cuts) for due in beat.due(a, b)]
    assert sliced == list(beat.due(cuts[0], cuts[-1]))
    assert all(start < at <= cuts[-1] for at, _ in sliced)


def test_everybody_reports_once_in_a_period() -> None:
    beat = Beat([f"id{n}" for n in range(100)], 1, 60.0)
    due = list(beat.due(1_234.5, 1_294.5))
    assert sorted(i for _, i in due) == sorted(f"id{n}" for n in range(100))
    assert [at for at, _ in due] == sorted(at for at, _ in due)


# -- the whole rhythm -------------------------------------------------------------
def test_the_rhythm_is_the_same_however_time_is_sliced(demo: DemoSet, catalogue: Catalogue) -> None:
    scene = Cloudburst(demo.entities, catalogue.categories, SEED, NOON + 5.0, 600.0)
    rhythm = Rhythm(demo.entities, catalogue, SEED, scene)
    again = Rhythm(demo.entities, catalogue, SEED, scene)
    whole = rhythm.items(NOON, NOON + 40.0)
    sliced = [t for n in range(16) for t in again.items(NOON + n * 2.5, NOON + n * 2.5 + 2.5)]
    assert [plain(t.item) for t in whole] == [plain(t.item) for t in sliced]
    assert whole == sorted(whole)


def test_the_load_stays_below_sixty_items_a_second(
    demo: DemoSet, catalogue: Catalogue, quiet: Rhythm
) -> None:
    assert 5.0 < len(quiet.items(NOON, NOON + 600.0)) / 600.0 < 60.0
    scene = Cloudburst(demo.entities, catalogue.categories, SEED, NOON, 600.0)
    busy = Rhythm(demo.entities, catalogue, SEED, scene)
    assert len(busy.items(NOON, NOON + 600.0)) / 600.0 < 60.0


def test_nothing_that_answers_grows_stale(
    demo: DemoSet, catalogue: Catalogue, quiet: Rhythm
) -> None:
    for kind in catalogue.kinds.values():
        if kind.stale_after_s is not None:
            period = interval_s(kind)
            assert period is not None
            assert period < kind.stale_after_s
    half_an_hour = {str(t.item["id"]) for t in quiet.items(NOON, NOON + 1_800.0)}
    answering = {
        e.id
        for e in demo.entities
        if e.link is Link.ONLINE and 0 < (catalogue.kinds[e.kind].stale_after_s or 0) <= 1_800.0
    }
    silent = answering - half_an_hour
    assert len(silent) < 0.03 * len(answering)  # the cameras that have dropped out meanwhile


def test_things_that_do_not_answer_stay_silent(demo: DemoSet, quiet: Rhythm) -> None:
    dead = {e.id for e in demo.entities if e.link is not Link.ONLINE}
    assert dead.isdisjoint(str(t.item["id"]) for t in quiet.items(NOON, NOON + 3_600.0))


def test_cameras_drop_out_and_come_back(quiet: Rhythm) -> None:
    told: dict[str, list[str]] = {}
    for timed in quiet.items(NOON, NOON + 7_200.0):
        if timed.item["type"] == "status":
            told.setdefault(str(timed.item["id"]), []).append(str(timed.item["link"]))
    dropped = {id_: links for id_, links in told.items() if "offline" in links}
    assert len(dropped) > 50
    came_back = [links for links in dropped.values() if "online" in links[links.index("offline") :]]
    assert len(came_back) > 0.8 * len(dropped)


def test_the_hub_takes_every_item_of_the_demo_and_of_a_stormy_hour(
    demo: DemoSet, catalogue: Catalogue
) -> None:
    world, clock = World("e"), ManualClock(NOON)
    new_id = IdFactory(clock)
    scene = Cloudburst(demo.entities, catalogue.categories, SEED, NOON + 10.0, 600.0)
    rhythm = Rhythm(demo.entities, catalogue, SEED, scene)
    hotline = Hotline(demo.entities, catalogue.categories, SEED)
    items = [
        t.item
        for t in sorted([*rhythm.items(NOON, NOON + 600.0), *hotline.items(NOON, NOON + 600.0)])
    ]
    offset = 0
    from services.domain.events import Event

    desk = Desk(world, catalogue, load_calendar(), "source", NOON + 600.0, new_id)
    for item in [*seeding.items(demo), *items]:
        read: AnyItem = msgspec.json.decode(msgspec.json.encode(item), type=AnyItem)
        for body in to_bodies(read, desk):
            offset += 1
            event = Event(
                offset=offset, event_time=NOON, recv_time=NOON, source="source", body=body
            )
            world.apply(event)
    assert len(world.entities) == len(demo.entities)
    assert {c.id for c in demo.cases} <= world.cases.keys()
    assert len(world.stock) == len(demo.stock)
    before = {e.id: e for e in demo.entities}
    camera = next(e for e in world.entities.values() if e.heading_deg)
    assert camera.heading_deg == before[camera.id].heading_deg
    assert sum(i["type"] == "case" for i in items) > 10


# -- mishaps ----------------------------------------------------------------------
def test_a_day_has_a_few_mishaps_and_each_ends(demo: DemoSet, catalogue: Catalogue) -> None:
    lifts = [e for e in demo.entities if e.kind == "lift" and e.link is Link.ONLINE]
    trapped: dict[str, int] = {}
    for step in range(0, 86_400, 1_200):
        at = NOON + step
        for lift in lifts:
            stopped = mishap(lift, "stopped_min", at, SEED)
            inside = mishap(lift, "trapped", at, SEED)
            assert inside == 0.0 or stopped >= 0.0
            assert 0.0 <= stopped < 121.0
            if inside:
                assert 1.0 <= inside <= 4.0
                trapped[lift.id] = trapped.get(lift.id, 0) + 1
    assert 2 <= len(trapped) <= 25
    assert max(trapped.values()) <= 2  # freed within half an hour
    assert mishap(lifts[0], "no_such_measure", NOON, SEED) == 0.0


def test_readings_of_a_quiet_day_stay_calm(demo: DemoSet, catalogue: Catalogue) -> None:
    """Alarms are for what is wrong: by themselves rest, day and noise cross no limit of a rule."""
    by_id = {e.id: e for e in demo.entities}
    crossed: dict[str, set[str]] = {}
    rhythm = Rhythm(demo.entities, catalogue, SEED, Quiet())
    for hour in range(0, 24, 3):
        for timed in rhythm.items(NOON + hour * 3_600.0, NOON + hour * 3_600.0 + 1_300.0):
            thing, values = by_id[str(timed.item["id"])], timed.item.get("values")
            if not isinstance(values, dict):
                continue
            for rule in catalogue.rules_of(thing.kind):
                if rule.measure in values and level(rule, values[rule.measure], Severity(0))[0]:
                    crossed.setdefault(rule.id, set()).add(thing.id)
    assert set(crossed) <= {"jam", "lift_trapped", "site_dust", "fire_points", "data_late"}
    assert sum(map(len, crossed.values())) < 40


# -- the hotline ------------------------------------------------------------------
def test_calls_arrive_by_day_and_night_and_close_later(demo: DemoSet, catalogue: Catalogue) -> None:
    hotline = Hotline(demo.entities, catalogue.categories, SEED)
    told = sorted(hotline.items(NOON, NOON + 3_600.0))
    opened = [t for t in told if "closed_at" not in t.item]
    assert 60 < len(opened) < 240
    assert len({t.item["id"] for t in opened}) == len(opened)
    later = {
        str(t.item["id"]): t
        for t in hotline.items(NOON, NOON + 3_600.0 + OPEN_S[1])
        if "closed_at" in t.item
    }
    for call in opened:
        closing = later[str(call.item["id"])]
        assert OPEN_S[0] <= closing.at - call.at <= OPEN_S[1] + 0.2
        assert closing.item["reported_at"] == call.item["reported_at"]
    night = [
        t for t in hotline.items(NOON + 43_200.0, NOON + 46_800.0) if "closed_at" not in t.item
    ]
    assert 0 < len(night) < len(opened)


def test_the_hotline_uses_only_categories_that_a_pack_declares(demo: DemoSet) -> None:
    hotline = Hotline(demo.entities, {"P01-99"}, SEED)
    told = list(hotline.items(NOON, NOON + 3_600.0))
    assert {t.item["category"] for t in told} == {"P01-99"}
    assert list(Hotline(demo.entities, set(), SEED).items(NOON, NOON + 3_600.0)) == []


def test_the_district_is_awake_by_day() -> None:
    assert share_of_day(NOON) > 0.9
    assert share_of_day(NOON + 43_200.0) == pytest.approx(0.4)


def test_a_scene_s_length_fits_its_period() -> None:
    assert LENGTH_S <= 600.0
