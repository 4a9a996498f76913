"""The audit window against a real hub: reading, paging, exporting, being refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.bridge import ThreadBridge
from app.controllers import audit as controllers
from app.controllers.audit import AuditController
from app.operations import Operations
from app.windows.audit import AuditWindow
from services.domain.clock import ManualClock
from services.feed.api import HubApi
from tests.services.hub.audits import add_auditor, of_type
from tests.services.hub.consoles import HubProcess, hub_process
from widgets.theme import Theme

FAR = 4_000_000_000.0


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    with hub_process(tmp_path_factory.mktemp("data")) as process:
        add_auditor(process.data)
        with process.http("duty1") as http:
            for number in range(12):
                note = {"key": f"{number}", "name": "operator.note", "args": {"name": "looked"}}
                assert http.post("/api/v1/commands", json=note).status_code == 200
        yield process


@pytest.fixture
def theme() -> Theme:
    return Theme.load()


class Seat:
    """An audit window with its controller, as one person has it."""

    def __init__(self, hub: HubProcess, theme: Theme, user: str, target: Path) -> None:
        self.bridge = ThreadBridge()
        self.operations = Operations(self.bridge)
        self.api = HubApi(hub.url, hub.token(user))
        parts: Any = SimpleNamespace(api=self.api, operations=self.operations)
        self.window = AuditWindow(theme, ManualClock(FAR))
        self.view = self.window.view
        self.view.filter.span.setCurrentIndex(4)  # everything
        self.controller = AuditController(parts, self.window, lambda _w, _name: str(target))
        self.window.show()

    def close(self) -> None:
        self.operations.close()
        self.api.close()
        self.bridge.close()
        self.window.close()
        self.window.deleteLater()


@pytest.fixture
def seat(
    hub: HubProcess, theme: Theme, qtbot: QtBot, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Seat]:
    made = Seat(hub, theme, getattr(request, "param", "auditor"), tmp_path / "out.csv")
    yield made
    made.close()


def test_the_newest_page_then_older_ones(
    qtbot: QtBot, seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(controllers, "PAGE", 5)
    seat.controller.begin()
    qtbot.waitUntil(lambda: seat.view.model.rowCount() >= 5)
    assert "Verified up to record" in seat.view.state.text()
    while seat.view.older.isEnabled():
        before = seat.view.model.rowCount()
        qtbot.mouseClick(seat.view.older, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda before=before: seat.view.model.rowCount() > before)
    rows = seat.view.model.rows().values()
    assert sorted(r.seq for r in rows) == list(range(1, len(rows) + 1))
    assert sum(r.type == "command.operator.note" for r in rows) == 12


def test_an_export_lies_where_the_person_said_and_is_on_record(
    qtbot: QtBot, seat: Seat, hub: HubProcess, tmp_path: Path
) -> None:
    seat.view.filter.type.setCurrentIndex(1)  # all orders
    seat.controller.begin()
    qtbot.waitUntil(lambda: seat.view.model.rowCount() == 12)
    qtbot.keyClicks(seat.view.why, "review")
    qtbot.mouseClick(seat.view.export, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "out.csv" in seat.view.message.text())
    text = (tmp_path / "out.csv").read_text("utf-8-sig")
    assert text.count("command.operator.note") == 12
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]
    assert of_type(hub.data, "audit.exported")[-1].detail["why"] == "review"


@pytest.mark.parametrize("seat", ["duty1"], indirect=True)
def test_nobody_else_reads_it(qtbot: QtBot, seat: Seat) -> None:
    seat.controller.begin()
    qtbot.waitUntil(lambda: seat.view.message.text() == "Your role may not do this.")
    assert seat.view.model.rowCount() == 0
    assert not seat.view.export.isEnabled()
