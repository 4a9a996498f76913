"""The wall: its numbers are those of the read model, its words those of the alarms."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QDialog

from tests.e2e.hands import Hands, reads
from tests.e2e.seats import OpenConsole, wall
from tests.e2e.town import level, place, thing, town
from tests.harness import HubProcess


def test_the_wall_shows_what_the_hub_holds_and_opens_nothing(
    hub: HubProcess, console: OpenConsole, hands: Hands
) -> None:
    gauges = [thing("rain_gauge", n, f"Gauge {n}", east=n / 500) for n in (1, 2, 3)]
    rain = [
        {"type": "reading", "id": f"rain_gauge:{n:04d}", "values": {"rain_1h": mm}}
        for n, mm in ((1, 9.0), (2, 17.0), (3, 31.5))
    ]
    hub.ingest(*town(), *gauges, level(0.7), *rain)
    hub.ingest({"type": "status", "id": "camera:0002", "link": "offline"})
    lon, lat = place()
    made = hub.command("key", "case.create", category="E05-06", title="Water", lon=lon, lat=lat)
    hub.command(
        "key-2", "dispatch.send", case=made["value"]["case"], tasks=[{"entity": "team:0001"}]
    )
    one = console(hub, windows=("wall",))
    panel = wall(one).panel
    hands.until(lambda: len(one.live.model.alarms) == 4, "the alarms")

    def shown() -> dict[str, str]:
        return {view.tile.id: view.tile.value for view in panel.kpis if view.isVisible()}

    hands.until(lambda: shown().get("rain_max") == "31.5", "the numbers")
    values = shown()
    assert values["video_online"] == "50.0%"
    assert values["kangle_level"] == "0.70"
    assert values["unacknowledged"] == "4"
    assert values["open_cases"] == "1"
    assert len(values) <= 7

    worst = [card.item for card in panel.cards if card.isVisible() and card.item is not None]
    assert [item.title for item in worst] == [
        "Kangle underpass Water level high 0.70 m / 0.60",
        "Gauge 3 Heavy rain in 1 h 31.5 mm / 30.0",
        "Gauge 2 Heavy rain in 1 h 17.0 mm / 16.0",
    ]
    assert {item.detail for item in worst} == {"Not acknowledged yet"}
    assert reads(panel, "LIVE")
    hands.until(lambda: any(c.isVisible() for c in panel.curves), "the curves")
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog)]
    assert QApplication.activeModalWidget() is None
