"""A recorded series sent in proportion to its own times; the flood of Dead Run as street water."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.domain.clock import ManualClock
from services.domain.errors import KnownError
from services.domain.model import Severity
from services.ingest.series import SeriesOptions, load, send
from services.packs.loader import default_directory
from services.packs.loader import load as load_packs
from tests.services.importer.fake_hub import FakeHub

DEAD_RUN = Path(__file__).resolve().parents[4] / "shared" / "data" / "usgs_deadrun_5min_2018-06.csv"
TABLE = """time_utc,param,value
2018-06-03T22:00Z,00065,5.0
2018-06-03T21:50Z,00065,1.0
2018-06-03T21:55Z,00065,Ice
2018-06-03T22:00Z,00060,900
2018-06-03T21:55Z,00065,3.0
2018-06-03T23:30Z,00065,0.5
ragged
"""
AS_STREET_WATER = {"scale": 0.3048, "offset": -1.33, "floor": 0.0}
"""What README uses: feet of stage to metres over a street 1.33 m above the gauge's zero."""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "series.csv"
    path.write_text(TABLE)
    return path


def options(path: Path, **more: Any) -> SeriesOptions:
    given: dict[str, Any] = {
        "path": path,
        "id": "level_sensor:0002",
        "measure": "level",
        "column": "value",
        "time_column": "time_utc",
        "where": {"param": "00065"},
        "speed": 600.0,
    }
    return SeriesOptions(**(given | more))


class Pauses:
    """Waits by moving the clock; ``stop_after`` pauses it says that all should end."""

    def __init__(self, clock: ManualClock, stop_after: int = 10_000) -> None:
        self.clock, self.lengths, self.stop_after = clock, list[float](), stop_after

    def __call__(self, seconds: float) -> bool:
        self.lengths.append(round(seconds, 3))
        self.clock.advance(seconds)
        return len(self.lengths) > self.stop_after


def test_rows_are_chosen_scaled_and_put_in_order_of_time(table: Path) -> None:
    readings, bad = load(options(table, scale=2.0, offset=1.0, end="2018-06-03T22:00Z"))
    assert [r.value for r in readings] == [3.0, 7.0, 11.0]
    assert readings[1].time - readings[0].time == 300.0
    assert sum(bad.values()) == 2
    assert any("Ice" in why for why in bad)


def test_a_floor_keeps_low_water_from_going_under_the_street(table: Path) -> None:
    readings, _ = load(options(table, offset=-2.0, floor=0.0))
    assert [r.value for r in readings] == [0.0, 1.0, 3.0, 0.0]


def test_readings_leave_and_are_stamped_in_proportion_to_their_own_times(table: Path) -> None:
    hub, clock = FakeHub(), ManualClock(1_000_000.0)
    pauses = Pauses(clock)
    progress: list[tuple[int, int]] = []
    with hub.client() as client:
        report = send(
            options(table),
            client=client,
            clock=clock,
            wait=pauses,
            progress=lambda sent, total: progress.append((sent, total)),
        )
    assert [i["time"] for i in hub.items] == [1_000_000.0, 1_000_000.5, 1_000_001.0, 1_000_010.0]
    assert pauses.lengths == [0.5, 0.5, 9.0]
    assert hub.items[0] == {
        "type": "reading",
        "id": "level_sensor:0002",
        "time": 1_000_000.0,
        "values": {"level": 1.0},
    }
    assert progress == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert (report.sent, report.refused, report.low, report.high) == (4, 2, 0.5, 5.0)
    assert report.seconds == 10.0


def test_what_is_late_goes_out_together_and_keeps_its_stamps(table: Path) -> None:
    hub, clock = FakeHub(), ManualClock(1_000_000.0)

    def overslept(seconds: float) -> bool:
        clock.advance(seconds + 1.0)
        return False

    with hub.client() as client:
        send(options(table), client=client, clock=clock, wait=overslept)
    assert hub.batches == [1, 2, 1]
    assert [i["time"] for i in hub.items][:3] == [1_000_000.0, 1_000_000.5, 1_000_001.0]


def test_being_told_to_stop_ends_it(table: Path) -> None:
    hub, clock = FakeHub(), ManualClock()
    with hub.client() as client:
        report = send(options(table), client=client, clock=clock, wait=Pauses(clock, stop_after=0))
    assert report.sent == len(hub.items) == 1


def test_a_thing_that_the_hub_does_not_know_ends_it_at_once(table: Path) -> None:
    hub, clock = FakeHub(lambda _: "There is no thing."), ManualClock()
    with hub.client() as client, pytest.raises(KnownError, match="There is no thing"):
        send(options(table), client=client, clock=clock, wait=Pauses(clock))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"column": "stage"}, "unknown_column"),
        ({"where": {"site": "1"}}, "unknown_column"),
        ({"where": {"param": "nix"}}, "empty_series"),
        ({"start": "2020-01-01T00:00Z"}, "empty_series"),
        ({"start": "yesterday"}, "bad_time"),
        ({"start": "2018-06-03T21:00"}, "no_offset"),
        ({"speed": 0.0}, "out_of_range"),
        ({"speed": -5.0}, "out_of_range"),
        ({"speed": float("nan")}, "out_of_range"),
        ({"scale": 0.0}, "out_of_range"),
    ],
)
def test_options_that_cannot_work_are_refused(table: Path, more: dict[str, Any], code: str) -> None:
    with pytest.raises(KnownError) as caught:
        load(options(table, **more))
    assert caught.value.code == code


def test_the_flood_of_dead_run_climbs_from_minor_to_major(tmp_path: Path) -> None:
    path = DEAD_RUN
    if not path.exists():  # the product's own repository does not carry it
        path = tmp_path / "peak.csv"
        stages = {"21:30": 4.98, "21:40": 5.91, "22:05": 6.17, "22:40": 5.41, "23:00": 4.5}
        rows = (f"2018-06-03T{at}Z,01589330,00065,{v},ft,A\n" for at, v in stages.items())
        path.write_text("time_utc,site_no,param,value,unit,qualifier\n" + "".join(rows))
    span = {"start": "2018-06-03T20:30Z", "end": "2018-06-04T00:30Z"}
    readings, bad = load(options(path, **span, **AS_STREET_WATER))
    limits = {
        limit.severity: limit.at
        for limit in load_packs(default_directory()).rules["level_high"].limits
    }
    peak = max(r.value for r in readings)
    assert limits[Severity.MAJOR] <= peak < limits[Severity.CRITICAL]
    assert any(limits[Severity.MINOR] <= r.value < limits[Severity.MAJOR] for r in readings)
    assert not bad
    assert (readings[-1].time - readings[0].time) / 600.0 < 60.0


def test_an_interrupted_series_says_how_many_were_sent(table: Path) -> None:
    hub, clock = FakeHub(), ManualClock(1_000_000.0)

    def ctrl_c(_seconds: float) -> bool:
        raise KeyboardInterrupt

    with hub.client() as client:
        report = send(options(table), client=client, clock=clock, wait=ctrl_c)
    assert report.interrupted
    assert report.lines()[0].startswith("interrupted: sent 1 of 4 readings in 0 s")
