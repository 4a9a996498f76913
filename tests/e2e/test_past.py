"""The replay window: the time axis by mouse, deletions, and orders that go nowhere."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from PySide6.QtCore import QPoint

from app.windows.desk import DeskWindow
from services.access.tokens import TokenFile
from services.domain.clock import ManualClock
from services.hub.options import HubOptions
from services.hub.server import Hub
from tests.e2e.hands import Hands, mark_at, reads
from tests.e2e.seats import OpenConsole, desk
from tests.e2e.town import camera, level, place, town
from tests.harness import LIMIT_S, HubProcess, hub_process
from widgets.layer_delegate import COUNT_ROLE

MILL = place(north=0.008)
START_S, ALARM_S, DELETED_S, LAST_S = 3_000.0, 2_000.0, 1_000.0, 60.0
"""Seconds before now: the town appears, an alarm rises, a camera is taken down, the last event."""


async def lived_through(data: Path, *chapters: tuple[float, list[dict[str, Any]]]) -> None:
    """Ingest chapters (UNIX seconds, items) into a hub whose clock is set to their times."""
    clock = ManualClock()
    hub = Hub(HubOptions(data=data), clock=clock)
    token = TokenFile(data / "tokens.toml").token_of("source")
    async with (
        hub.running(),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app=hub.app),
            base_url="http://hub",
            headers={"Authorization": f"Bearer {token}"},
            timeout=LIMIT_S,
        ) as client,
    ):
        for at, items in chapters:
            clock.now = at
            answer = (await client.post("/api/v1/ingest", json=items)).json()
            assert answer["rejected"] == 0, answer


@pytest.fixture
def old(tmp_path: Path) -> float:
    """A history on disk; the time at which it is now."""
    now = time.time()
    asyncio.run(
        lived_through(
            tmp_path,
            (now - START_S, [*town(), camera(9, "Old mill", north=0.008)]),
            (now - ALARM_S, [level(0.7)]),
            (now - DELETED_S, [{"type": "delete", "id": "camera:0009"}]),
            (now - LAST_S, [level(0.1)]),
        )
    )
    return now


def cameras(window: DeskWindow) -> int:
    """How many cameras the layer tree counts."""
    count = window.layers.index_of("camera").data(COUNT_ROLE)
    return 0 if count is None else int(count.total)


def drag_to(window: DeskWindow, at: float, hands: Hands) -> None:
    """Drag the playhead to a time."""
    assert window.axis is not None
    strip = window.axis.strip
    hands.until(strip.has_span, "the span")
    middle = strip.height() // 2
    start, end = (round(strip.scale().x_of(t)) for t in (strip.shown_at, at))
    hands.drag(strip, QPoint(start, middle), QPoint(end, middle))


def test_the_time_axis_shows_what_was_there_and_orders_go_nowhere(
    old: float, tmp_path: Path, console: OpenConsole, hands: Hands
) -> None:
    with hub_process(tmp_path) as hub:
        one = console(hub, windows=("replay",))
        window = desk(one, "replay")
        assert window.frame is not None
        hands.until(lambda: cameras(window) == 2, "the newest state")
        assert reads(window.frame, "REPLAY")
        window.map.set_view(*place(north=0.002), 15)
        hands.until(lambda: mark_at(window.map, *place(east=-0.004)), "the camera that stayed")
        assert not mark_at(window.map, *MILL)

        drag_to(window, old - (ALARM_S + DELETED_S) / 2, hands)
        hands.until(lambda: cameras(window) == 3, "the deleted camera in the counts")
        hands.until(lambda: mark_at(window.map, *MILL), "the deleted camera on the map")
        hands.until(lambda: window.alarms.model.rowCount() == 1, "the alarm of that time")
        hands.click_map(window.map, *MILL)
        hands.until(lambda: reads(window.card, "Old mill"), "its card")
        hands.until(lambda: reads(window.card, "Street"), "its facts")

        drag_to(window, old - (START_S + ALARM_S) / 2, hands)
        hands.until(lambda: window.alarms.model.rowCount() == 0, "the time before the alarm")
        hands.until(lambda: reads(window.top, "0 / hour"), "the alarm load before it")
        assert cameras(window) == 3

        drag_to(window, old - (DELETED_S + LAST_S) / 2, hands)
        hands.until(lambda: reads(window.top, "1 / hour"), "the alarm load of that hour")
        hands.until(lambda: cameras(window) == 2, "the counts after the deletion")
        hands.until(lambda: not mark_at(window.map, *MILL), "the map after the deletion")
        hands.until(lambda: not reads(window.card, "Old mill"), "a card without it")

        nothing_is_ordered(window, hub, hands)


def nothing_is_ordered(window: DeskWindow, hub: HubProcess, hands: Hands) -> None:
    """Try to send an incident and to acknowledge an alarm; the live log stays as it is."""
    before = hub.request("GET", "/api/v1/summary")["top"]
    hands.incident_at(window.map, *place())
    hands.until(lambda: reads(window.incident, "orders go nowhere"), "why not")
    assert not window.incident.send_button.isEnabled()
    hands.poke(window.incident.send_button)
    assert not window.incident.confirm.isVisible()
    table = window.alarms.table
    hands.click(table.viewport(), table.visualRect(table.model().index(0, 2)).center())
    hands.until(lambda: table.selected_keys(), "the alarm chosen")
    assert not window.alarms.acknowledge_button.isEnabled()
    hands.poke(window.alarms.acknowledge_button)
    hands.key("a")
    answer = hub.ingest({"type": "status", "id": "camera:0001", "link": "offline"})
    assert answer["items"][0]["offset"] == before + 1, "something else was written"
