"""What a bad or hostile source sends: refused without a trace, or shown letter by letter."""

from __future__ import annotations

import json
from typing import Any

import httpx
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickItem, QQuickView
from PySide6.QtWidgets import QLabel, QWidget

from layers.render.map_widget import MapWidget
from tests.e2e.hands import Hands, mark_at, reads
from tests.e2e.seats import OpenConsole, desk
from tests.e2e.town import Item, level, place, thing, town
from tests.harness import LIMIT_S, HubProcess

MARKUP = "<b>x</b><img src='http://127.0.0.1:9/a.png'>&amp;"
LONG = (MARKUP + " 很长的名字" * 40)[:200].rstrip()
BAD: list[Any] = [
    {**thing("camera", 90, "no category")},
    {**thing("dragon", 1, "no such kind")},
    {**thing("level_sensor", 2, "swapped"), "lon": 36.6, "lat": 101.8},
    {**thing("level_sensor", 3, "x" * 201)},
    {"type": "reading", "id": "level_sensor:0001", "values": {"level": 900.0}},
    {"type": "reading", "id": "nobody", "values": {"level": 1.0}},
    {"type": "delete", "id": "nobody"},
    {"type": "gossip"},
    [],
    "text",
    None,
]


def send(hub: HubProcess, body: bytes) -> httpx.Response:
    """Whatever a source may write, as JSON."""
    headers = {"Authorization": f"Bearer {hub.token('source')}", "Content-Type": "application/json"}
    url = f"{hub.url}/api/v1/ingest"
    return httpx.post(url, content=body, headers=headers, timeout=LIMIT_S, trust_env=False)


def plain_labels(widget: QWidget, text: str) -> list[bool]:
    """For every label with a text: whether it shows it letter by letter."""
    found = [w for w in widget.findChildren(QLabel) if w.text() == text]
    return [w.textFormat() == Qt.TextFormat.PlainText for w in found]


def test_bad_items_are_refused_by_the_hub_and_leave_the_console_as_it_was(
    hub: HubProcess, console: OpenConsole, hands: Hands
) -> None:
    hub.ingest(*town(), level(0.7))
    one = console(hub)
    window = desk(one)
    hands.until(lambda: len(one.live.model.alarms) == 1, "the town")
    before = dict(one.live.model.entities), dict(one.live.model.alarms), one.live.model.offset
    answer = send(hub, json.dumps(BAD).encode())
    assert answer.status_code == 422
    told = answer.json()
    assert (told["accepted"], told["rejected"]) == (0, len(BAD))
    assert all(item["error"]["text"] for item in told["items"])
    for broken in (b"{", b"\xff\xfe", b"[" * 5_000, b'{"type": "reading", "id": NaN}'):
        assert send(hub, broken).status_code in (400, 422)

    hub.ingest(thing("shelter", 1, "After it all"))
    hands.until(lambda: "shelter:0001" in one.live.model.entities, "what was sent after it")
    entities, alarms, offset = before
    assert one.live.model.offset == offset + 1
    assert {**entities, "shelter:0001": one.live.model.entities["shelter:0001"]} == (
        one.live.model.entities
    )
    assert one.live.model.alarms == alarms
    assert reads(window.top, "LIVE")


def test_a_long_name_full_of_markup_is_shown_letter_by_letter(
    hub: HubProcess, console: OpenConsole, hands: Hands
) -> None:
    sensor: Item = {**thing("level_sensor", 1, LONG), "attrs": {"site": MARKUP}}
    hub.ingest(sensor, thing("warehouse", 1, "<b>x</b>", north=-0.004), level(0.7))
    one = console(hub)
    window = desk(one)
    hands.until(lambda: window.alarms.model.rowCount() == 1, "the alarm")
    width = window.width()
    model = window.alarms.model
    cells = [model.index(0, n).data(Qt.ItemDataRole.DisplayRole) for n in range(len(model.columns))]
    assert LONG in cells  # painted by a delegate that knows no markup

    window.map.set_view(*place(), 15)
    hands.until(lambda: mark_at(window.map, *place()), "its mark")
    hands.click_map(window.map, *place())
    hands.until(lambda: plain_labels(window.card, LONG), "the card")
    assert plain_labels(window.card, LONG) == [True]
    assert plain_labels(window.card, MARKUP) == [True]
    hover = hands.until(lambda: floating(LONG), "the name at the pointer")
    assert hover.mapToScene(QPointF(hover.width(), 0)).x() <= window.map.width()

    # Map label and name at the pointer are as wide as eight letters, not as one.
    hands.until(lambda: lit(window.map, place(north=-0.004), 30, 60), "the label of the warehouse")
    hands.click_map(window.map, *place(north=-0.004))
    hands.until(lambda: plain_labels(window.card, "<b>x</b>") == [True], "its card")
    hover = hands.until(lambda: floating("<b>x</b>"), "its name at the pointer")
    assert hover.implicitWidth() > 30
    assert window.width() == width


def floating(text: str) -> QQuickItem | None:
    """What floats over the map with a text on it."""
    for view in QGuiApplication.allWindows():
        if isinstance(view, QQuickView) and view.rootObject() is not None:
            for item in view.rootObject().findChildren(QQuickItem):
                if item.isVisible() and item.property("text") == text:
                    return item
    return None


def lit(chart: MapWidget, at: tuple[float, float], left: int, right: int) -> bool:
    """Whether the map has bright letters so many pixels to the right of a place."""
    image, (x, y) = chart.grab_map(), chart.view.screen_from_lonlat(*at)
    return any(
        image.pixelColor(round(x) + dx, round(y) + dy).lightnessF() > 0.75
        for dx in range(left, right)
        for dy in range(-6, 7)
    )
