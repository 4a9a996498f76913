"""Simulator and real hub over real sockets: the district loads once, orders are carried out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.demo.inventory import SEED
from services.domain.events import AlarmChanged, CaseChanged, DispatchChanged, Observed
from services.domain.model import Alarm, Case, Dispatch, Severity
from services.ingest.http_client import HubClient
from services.ingest.officer import SEAT
from services.ingest.simulator import SimulatorOptions, run
from services.storage.reader import LogReader
from tests.harness import HubProcess, until


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[HubProcess]:
    process = HubProcess(tmp_path)
    process.start()
    yield process
    process.close()


class Running:
    """A simulator on a thread of this test."""

    def __init__(self, hub: HubProcess, **more: Any) -> None:
        self.stop = threading.Event()
        self.status: list[int] = []
        options = SimulatorOptions(
            url=hub.url,
            token_source=hub.token("source"),
            token_reader=hub.token("simulator"),
            token_field=hub.token("field"),
            stop_event=self.stop,
            **more,
        )
        self._thread = threading.Thread(target=lambda: self.status.append(run(options)))
        self._thread.start()

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop.set()
        self._thread.join(20.0)
        assert self.status == [0]


def summary(hub: HubProcess) -> dict[str, Any]:
    with HubClient(hub.url, hub.token("duty1")) as client:
        return client.summary()


def test_a_simulator_without_a_hub_says_for_whom_it_waits(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nobody = HubProcess(tmp_path)  # not started
    heard: list[str] = []

    def said() -> bool:
        heard.append(capsys.readouterr().err)
        return f"waiting for the hub at {nobody.url}\n" in "".join(heard)

    with Running(nobody):
        until(said, "the word that it waits")


@pytest.mark.timeout(150)
def test_the_district_loads_once_and_teams_carry_out_an_order(hub: HubProcess) -> None:
    with Running(hub, scenes=False, time_scale=60.0):
        until(lambda: summary(hub)["demo_seed"] == SEED, "the demo set", 90.0)
        told = summary(hub)
        assert told["counts"]["camera"]["total"] == 3_428
        assert told["counts"]["team"] == {"total": 40, "online": 38, "offline": 2, "unknown": 0}
        with HubClient(hub.url, hub.token("duty1")) as client:
            made = client.command(
                "k1", "case.create", {"category": "E05-06", "lon": 101.813, "lat": 36.607}
            )
            client.command(
                "k2",
                "dispatch.send",
                {"case": made["case"], "tasks": [{"entity": "team:0001"}], "stock": []},
            )
        home = hub.request("GET", "/api/v1/entities/team:0001", user="duty1")
        moved = until(lambda: _away(hub, home), "the team on its way", 60.0)
        assert moved["heading_deg"] is not None
        until(lambda: _team(hub)["state"] == "idle", "the task done", 60.0)
    loaded = summary(hub)["top"]
    with Running(hub, scenes=False):
        until(lambda: summary(hub)["top"] > loaded, "the rhythm goes on", 60.0)
    assert summary(hub)["top"] - loaded < 5_000  # nothing was told a second time


def _team(hub: HubProcess) -> dict[str, Any]:
    team: dict[str, Any] = hub.request("GET", "/api/v1/entities/team:0001", user="duty1")
    return team


def _away(hub: HubProcess, home: dict[str, Any]) -> dict[str, Any] | None:
    team = _team(hub)
    return team if (team["lon"], team["lat"]) != (home["lon"], home["lat"]) else None


@pytest.mark.timeout(150)
def test_a_cloudburst_is_followed_from_alarm_to_closed_case(hub: HubProcess) -> None:
    with Running(
        hub,
        speed=4.0,
        scene_delay_s=1.0,
        time_scale=60.0,
        token_officer=hub.token("duty2"),
        officer_delay_s=0.0,
    ):
        story = Story(hub.data / "onemap.sqlite")
        case = until(story.closed_case, "the case closed", 120.0)
        story.close()
    actions = [step.action for step in case.flow]
    assert actions == ["report", "register", "dispatch", "finish", "hand_back", "check", "close"]
    ours = {step.seat for step in case.flow if step.action not in ("finish", "hand_back")}
    assert ours == {SEAT}
    done = next(d for d in reversed(story.dispatches) if d.case_id == case.id)
    assert done.state == "done"
    for task in done.tasks:
        times = [task.times[state] for state in ("sent", "accepted", "en_route", "arrived", "done")]
        assert times == sorted(times)
    assert done.reservations
    assert {r.state for r in done.reservations} == {"consumed"}
    severities = [a.severity for a in story.alarms if a.key == case.alarm_key and a.active]
    assert severities[0] <= Severity.MAJOR <= max(severities)
    moved = {o.id for o in story.moves}
    assert {task.entity_id for task in done.tasks} <= moved


class Story:
    """The log of a hub, read as it grows."""

    def __init__(self, path: Path) -> None:
        self.alarms: list[Alarm] = []
        self.dispatches: list[Dispatch] = []
        self.moves: list[Observed] = []
        self._reader = LogReader(path)
        self._read = 0

    def close(self) -> None:
        self._reader.close()

    def closed_case(self) -> Case | None:
        """The first case that an order closed, once there is one."""
        while found := self._reader.events(self._read + 1, self._read + 2_000):
            self._read = found[-1].offset
            for event in found:
                match event.body:
                    case AlarmChanged():
                        self.alarms.append(event.body.alarm)
                    case DispatchChanged():
                        self.dispatches.append(event.body.dispatch)
                    case Observed(lon=lon) if lon is not None:
                        self.moves.append(event.body)
                    case CaseChanged(action="close"):
                        return event.body.case
        return None
