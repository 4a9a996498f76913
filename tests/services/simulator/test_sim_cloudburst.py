"""The cloudburst: water climbs through every limit and falls, cameras go and return, calls come."""

from __future__ import annotations

import pytest

from services.demo.inventory import SEED, DemoSet, build
from services.domain.model import Severity
from services.ingest.rhythm import Rhythm, Timed
from services.ingest.scenes import CALLS, DARK_CAMERAS, GAS_SOURCE, LENGTH_S, Cloudburst, along
from services.packs.loader import default_directory, load
from services.packs.model import Catalogue

START = 1_784_088_000.0
PERIOD = 600.0


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(default_directory())


@pytest.fixture(scope="module")
def demo(catalogue: Catalogue) -> DemoSet:
    return build(SEED, now=START, catalogue=catalogue)


@pytest.fixture(scope="module")
def scene(demo: DemoSet, catalogue: Catalogue) -> Cloudburst:
    return Cloudburst(demo.entities, catalogue.categories, SEED, START, PERIOD)


@pytest.fixture(scope="module")
def told(demo: DemoSet, catalogue: Catalogue, scene: Cloudburst) -> list[Timed]:
    return Rhythm(demo.entities, catalogue, SEED, scene).items(START - 60.0, START + PERIOD)


def readings(told: list[Timed], id_: str, measure: str) -> list[tuple[float, float]]:
    found = []
    for timed in told:
        values = timed.item.get("values")
        if timed.item["id" if "id" in timed.item else "object_id"] == id_ and isinstance(
            values, dict
        ):
            found.append((timed.at - START, values[measure]))
    return found


def test_water_at_the_junction_passes_every_limit_in_order_and_falls(
    demo: DemoSet, catalogue: Catalogue, told: list[Timed]
) -> None:
    sensor = next(e for e in demo.entities if e.id == "level_sensor:0001")
    levels = readings(told, sensor.id, "level")
    passed = [
        next(at for at, value in levels if value >= limit.at)
        for limit in catalogue.rules["level_high"].limits
    ]
    assert passed == sorted(passed)
    assert len(set(passed)) == 3
    assert 0.0 < passed[0] < passed[-1] < 40.0
    assert max(value for at, value in levels if at < 0.0) < 0.30
    assert max(value for at, value in levels if at > 430.0) < 0.27  # below minor and its hysteresis
    assert max(v for _, v in levels) < 1.0


def test_rain_is_heaviest_near_and_light_far_away(
    demo: DemoSet, catalogue: Catalogue, told: list[Timed]
) -> None:
    major = next(
        limit.at
        for limit in catalogue.rules["rain_heavy"].limits
        if limit.severity is Severity.MAJOR
    )
    peaks = {
        e.name: max(v for _, v in readings(told, e.id, "rain_1h"))
        for e in demo.entities
        if e.kind == "rain_gauge"
    }
    assert max(peaks.values()) >= major
    assert sum(peak >= major for peak in peaks.values()) <= 3  # one alarm, not a flood of them
    assert min(peaks.values()) < 8.0


def test_a_district_of_cameras_goes_dark_and_comes_back(told: list[Timed]) -> None:
    links: dict[str, list[tuple[float, str]]] = {}
    for timed in told:
        if timed.item["type"] == "status" and "link" in timed.item:
            links.setdefault(str(timed.item["id"]), []).append(
                (timed.at - START, str(timed.item["link"]))
            )
    dark = {
        id_: news
        for id_, news in links.items()
        if any(link == "offline" and 15.0 < at < 27.0 for at, link in news)
    }
    assert DARK_CAMERAS <= len(dark) <= DARK_CAMERAS + 3
    silent = [
        news
        for news in dark.values()
        if not any(link == "online" and 27.0 < at < 199.0 for at, link in news)
    ]
    assert len(silent) >= DARK_CAMERAS
    returned = [
        n for n in dark.values() if any(k == "online" and 199.0 < at < 261.0 for at, k in n)
    ]
    assert len(returned) >= DARK_CAMERAS


def test_the_hotline_rings_and_the_gas_alarm_comes_and_goes(
    scene: Cloudburst, told: list[Timed]
) -> None:
    opened = [t for t in told if t.item["type"] == "case" and "closed_at" not in t.item]
    assert [t.item["title"] for t in opened] == [title for _, title in CALLS]
    closed = {t.item["id"] for t in told if "closed_at" in t.item}
    assert closed == {t.item["id"] for t in opened}
    gas = [t.item for t in told if t.item["type"] == "alarm"]
    assert [g["active"] for g in gas] == [True, False]
    assert {g["source"] for g in gas} == {GAS_SOURCE}


def test_it_comes_again_with_calls_of_its_own(scene: Cloudburst) -> None:
    first = {t.item["id"] for t in scene.items(START, START + PERIOD) if t.item["type"] == "case"}
    second = {
        t.item["id"]
        for t in scene.items(START + PERIOD, START + 2 * PERIOD)
        if t.item["type"] == "case"
    }
    assert first.isdisjoint(second)
    assert len(first) == len(second) == len(CALLS)
    assert scene.lasts(START + PERIOD + 1.0)
    assert not scene.lasts(START + LENGTH_S + 1.0)
    assert not scene.lasts(START - 1.0)


def test_without_the_junction_there_is_no_scene(catalogue: Catalogue) -> None:
    empty = Cloudburst([], catalogue.categories, SEED, START, PERIOD)
    assert list(empty.items(START, START + PERIOD)) == []
    assert empty.close_up == {}


def test_without_the_category_nobody_calls(demo: DemoSet) -> None:
    scene = Cloudburst(demo.entities, set(), SEED, START, PERIOD)
    assert not [t for t in scene.items(START, START + PERIOD) if t.item["type"] == "case"]


def test_a_curve_holds_its_ends() -> None:
    curve = ((0.0, 1.0), (10.0, 3.0), (20.0, 0.0))
    assert [along(curve, at) for at in (-5.0, 0.0, 5.0, 10.0, 15.0, 99.0)] == [1, 1, 2, 3, 1.5, 0]
