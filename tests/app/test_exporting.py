"""Exports from a table window against a real hub: recorded first, whole or not at all, masked."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app import exporting
from app.bridge import ThreadBridge
from app.controllers import exporting as exports
from app.controllers.exporting import ExportController
from app.export_job import Taken, sheet_of
from app.exporting import ExportOrder, export, manner_of
from app.messages import person_text
from app.operations import Operations
from layers.model.features import Feature, FeatureStore
from layers.model.fields import field_table
from layers.model.table import Asked, arrange
from services.access.roles import EXPORT
from services.domain.clock import ManualClock
from services.domain.errors import KnownError
from services.domain.model import Link, Severity
from services.exports.sheet import Progress, Sheet, StopError
from services.feed.api import HubApi
from services.feed.exports import ExportsClient
from services.hub.export_api import TYPE
from services.packs.loader import default_directory, load
from tests.services.hub.audits import of_type
from tests.services.hub.consoles import HubProcess, hub_process
from widgets.attribute_columns import columns_of
from widgets.attribute_table import AttributeTable
from widgets.theme import Theme

KIND = "level_sensor"
NOW = 1_784_095_532.0


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    with hub_process(tmp_path_factory.mktemp("data")) as process:
        yield process


def store() -> FeatureStore:
    made = FeatureStore(tuple(load(default_directory()).kinds.values()))
    made.upsert(
        Feature(
            f"{KIND}:{i}", KIND, f"=液位 {i}", 101.8, 36.6, Severity.MAJOR, Link.ONLINE,
            readings={"level": i / 10}, observed_at=NOW - 60, attrs={"owner": "张**"},
        )
        for i in range(4)
    )  # fmt: skip
    return made


class Seat:
    """A table with its exports, as one person at a hub has it."""

    def __init__(self, hub: HubProcess, target: Path, user: str = "duty1") -> None:
        self.catalogue = load(default_directory())
        self.store = store()
        clock = ManualClock(NOW)
        self.table = AttributeTable(Theme.load(), self.store, clock, person_text)
        columns = columns_of([self.catalogue.kinds[KIND]], self.catalogue, "en", ["owner"])
        self.table.set_layer("液位/监测", columns, ["name", "severity", "level", "age_s", "owner"])
        frozen = field_table(self.store, self.store.rows(), NOW)
        self.table.set_arranged(arrange(frozen, Asked()), 4)
        self.bridge = ThreadBridge()
        self.operations = Operations(self.bridge)
        self.api = HubApi(hub.url, hub.token(user))
        self.who: Any = None
        parts: Any = SimpleNamespace(
            api=self.api, operations=self.operations, catalogue=self.catalogue, seat="2",
            hub_url=hub.url, logged_in=None,
        )  # fmt: skip
        self.parts = parts
        self.asked: list[tuple[str, str]] = []
        session: Any = SimpleNamespace(
            model=SimpleNamespace(store=self.store, now=clock), is_replay=False
        )
        self.target = target

        def choose(_window: QWidget, name: str, format_: str) -> str:
            self.asked.append((name, format_))
            return f"{self.target.with_suffix('')}{Path(name).suffix}"  # as the dialog does

        kinds = frozenset({KIND})
        self.controller = ExportController(
            parts, session, self.table, kinds, "液位/监测", self.table, choose
        )
        self.table.show()

    def begin(self, qtbot: QtBot, format_: str, why: str = "通报") -> None:
        qtbot.mouseClick(self.table.export_button, Qt.MouseButton.LeftButton)
        panel = self.table.export
        panel.format.setCurrentIndex(panel.format.findData(format_))
        panel.why.setText(why)
        qtbot.mouseClick(panel.yes, Qt.MouseButton.LeftButton)

    def wait(self, qtbot: QtBot) -> str:
        qtbot.waitUntil(lambda: bool(self.table.message.text()), timeout=20_000)
        return self.table.message.text()

    def close(self) -> None:
        self.operations.close()
        self.api.close()
        self.bridge.close()
        self.table.close()
        self.table.deleteLater()


@pytest.fixture
def seat(hub: HubProcess, qtbot: QtBot, tmp_path: Path) -> Iterator[Seat]:
    made = Seat(hub, tmp_path / "out")
    yield made
    made.close()


def test_a_table_is_written_as_it_is_shown_and_is_on_record(
    hub: HubProcess, seat: Seat, qtbot: QtBot, tmp_path: Path
) -> None:
    before = len(of_type(hub.data, TYPE))
    seat.begin(qtbot, "csv")
    assert seat.wait(qtbot).startswith("Written and on record:")
    assert seat.asked == [("液位_监测.csv", "csv")]
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [rows[0][i] for i in (0, 1, 3, 4)] == ["Name", "Severity", "Last heard", "Owner"]
    assert rows[0][2].endswith("(m)")
    assert rows[1][:3] == ["'=液位 0", "major", "0"]
    assert rows[1][3] == "2026-07-15 14:04:32+08:00"
    assert rows[1][4] == "张**"  # masked by the hub, and here as well
    record = of_type(hub.data, TYPE)[before]
    assert (record.actor, record.seat, record.outcome) == ("duty1", "2", "success")
    assert (record.detail["rows"], record.detail["why"]) == (4, "通报")
    told = json.loads((tmp_path / "out.csv-metadata.json").read_text("utf-8"))
    notes = {n["name"]: n["value"] for n in told["notes"]}
    assert notes["audit_record"] == record.object
    assert not seat.table.export.isVisible()


def test_only_what_is_selected_and_for_programs(seat: Seat, qtbot: QtBot, tmp_path: Path) -> None:
    seat.table.grid.select_rows(np.array([1, 3]))
    qtbot.mouseClick(seat.table.export_button, Qt.MouseButton.LeftButton)
    seat.table.export.rows.setCurrentIndex(1)
    assert seat.table.export.rows.currentText() == "The 2 selected rows"
    panel = seat.table.export
    panel.format.setCurrentIndex(panel.format.findData("geojson"))
    assert panel.raw.isChecked()
    panel.why.setText("why")
    qtbot.mouseClick(panel.yes, Qt.MouseButton.LeftButton)
    seat.wait(qtbot)
    told = json.loads((tmp_path / "out.geojson").read_text("utf-8"))
    assert [f["id"] for f in told["features"]] == [f"{KIND}:1", f"{KIND}:3"]
    assert told["features"][0]["properties"] == {
        "name": "=液位 1", "severity": 3, "level": 0.1, "owner": "张**",
        "observed_at": "2026-07-15T14:04:32+08:00",
    }  # fmt: skip


def test_without_a_reason_or_the_right_nothing_can_be_asked(seat: Seat, qtbot: QtBot) -> None:
    qtbot.mouseClick(seat.table.export_button, Qt.MouseButton.LeftButton)
    panel = seat.table.export
    assert not panel.yes.isEnabled()
    panel.why.setText("  ")
    assert not panel.yes.isEnabled()
    panel.why.setText("why")
    assert panel.yes.isEnabled()
    seat.parts.logged_in = SimpleNamespace(may=lambda right: right != EXPORT)
    qtbot.mouseClick(seat.table.export_button, Qt.MouseButton.LeftButton)
    assert not panel.yes.isEnabled()
    assert panel.hint.text() == "Your role may not export data."


def test_who_may_not_is_refused_by_the_hub_and_nothing_is_written(
    hub: HubProcess, qtbot: QtBot, tmp_path: Path
) -> None:
    seat = Seat(hub, tmp_path / "out.csv", "source")
    try:
        seat.begin(qtbot, "csv")
        assert seat.wait(qtbot) == "Your role may not do this."
        assert list(tmp_path.iterdir()) == []
    finally:
        seat.close()


def test_without_a_line_nothing_is_written(hub: HubProcess, qtbot: QtBot, tmp_path: Path) -> None:
    seat = Seat(hub, tmp_path / "out.csv")
    seat.api.close()
    seat.api = seat.parts.api = HubApi("http://127.0.0.1:9", "x")
    try:
        seat.begin(qtbot, "csv")
        assert "cannot be put on record. Nothing was written" in seat.wait(qtbot)
        assert list(tmp_path.iterdir()) == []
    finally:
        seat.close()


def test_what_is_stopped_is_said_and_on_record(
    hub: HubProcess, seat: Seat, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = len(of_type(hub.data, TYPE))
    write = exporting.write

    def slow(*args: Any) -> list[Path]:
        args[-1]._stop.wait(10)  # until somebody stops it
        return write(*args)

    monkeypatch.setattr(exporting, "write", slow)
    seat.begin(qtbot, "gpkg")
    panel = seat.table.export
    qtbot.waitUntil(panel.stop.isVisible, timeout=5_000)
    assert not panel.yes.isEnabled()
    qtbot.mouseClick(panel.stop, Qt.MouseButton.LeftButton)
    assert seat.wait(qtbot).startswith("Stopped. Nothing was written")
    assert list(tmp_path.iterdir()) == []
    ordered, failed = of_type(hub.data, TYPE)[began:]
    assert (failed.object, failed.reason) == (ordered.object, "cancelled")


def test_rows_on_the_clipboard_are_on_record_and_hold_no_formula(
    hub: HubProcess, seat: Seat, qtbot: QtBot
) -> None:
    before = len(of_type(hub.data, TYPE))
    QApplication.clipboard().setText("before")
    seat.table.grid.select_rows(np.array([1, 3]))
    qtbot.keyClick(seat.table.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "before", "not before it is on record"
    assert seat.wait(qtbot) == "2 rows are copied; that is on record."
    lines = [line.split("\t") for line in QApplication.clipboard().text().split("\n")]
    assert [line[0] for line in lines] == ["Name", "'=液位 1", "'=液位 3"]
    assert lines[1][4] == "张**"
    (record,) = of_type(hub.data, TYPE)[before:]
    assert (record.actor, record.seat, record.outcome) == ("duty1", "2", "success")
    assert (record.detail["rows"], record.detail["format"]) == (2, "clipboard")
    assert record.detail["columns"] == "name, severity, level, age_s, owner"


def test_nothing_is_copied_without_the_right_a_record_or_a_limit(
    hub: HubProcess, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    QApplication.clipboard().setText("before")
    seat = Seat(hub, tmp_path / "out", "source")
    try:
        seat.table.grid.select_all()
        qtbot.mouseClick(seat.table.copy_button, Qt.MouseButton.LeftButton)
        assert seat.wait(qtbot) == "Your role may not do this."
        seat.parts.logged_in = SimpleNamespace(may=lambda right: right != EXPORT)
        qtbot.mouseClick(seat.table.copy_button, Qt.MouseButton.LeftButton)
        assert seat.table.message.text() == "Your role may not export data."
        seat.parts.logged_in = None
        monkeypatch.setattr(exports, "MOST_COPIED", 3)
        qtbot.mouseClick(seat.table.copy_button, Qt.MouseButton.LeftButton)
        assert seat.table.message.text() == "4 rows are too many to copy; export them instead."
        monkeypatch.undo()
        seat.api.close()
        seat.api = seat.parts.api = HubApi("http://127.0.0.1:9", "x")
        qtbot.mouseClick(seat.table.copy_button, Qt.MouseButton.LeftButton)
        assert "cannot be put on record" in seat.wait(qtbot)
    finally:
        seat.close()
    assert QApplication.clipboard().text() == "before"


# -- without windows ------------------------------------------------------------------------
class Client(ExportsClient):
    """A hub that says yes, or what it is told to say."""

    def __init__(self, *, fails: bool = False) -> None:
        self.begun: list[dict[str, object]] = []
        self.told: list[tuple[str, str, str]] = []
        self.fails = fails

    def begin(self, order: Any) -> Any:
        self.begun.append(dict(order))
        return SimpleNamespace(id="r1", user="u", name="n", at=NOW)

    def failed(self, id_: str, reason: str, seat: str) -> None:
        self.told.append((id_, reason, seat))
        if self.fails:
            raise KnownError("hub_unreachable", "away")


ORDER = ExportOrder(
    layer="x", kinds=(KIND,), columns=("name",), filter="", why="w", seat="2", hub="h", rows=4
)


def a_sheet() -> Sheet:
    made = store()
    columns = columns_of([load(default_directory()).kinds[KIND]], load(default_directory()), "en")
    taken = Taken(field_table(made, made.rows(), NOW), {}, {})
    return sheet_of(taken, "x", columns, raw=False)


def test_a_file_that_cannot_be_written_is_not_put_on_record(tmp_path: Path) -> None:
    client = Client()
    with pytest.raises(KnownError) as caught:
        export(
            client, ORDER, a_sheet, tmp_path / "no" / "x.csv", manner_of("csv", "wgs84"), Progress()
        )
    assert caught.value.code == "export_no_folder"
    assert client.begun == []


@pytest.mark.parametrize("fails", [False, True])
def test_a_file_that_fails_late_is_told_to_the_hub(tmp_path: Path, fails: bool) -> None:
    client = Client(fails=fails)

    def broken() -> Sheet:
        raise StopError

    with pytest.raises(StopError):
        export(client, ORDER, broken, tmp_path / "x.csv", manner_of("csv", "wgs84"), Progress())
    assert client.told == [("r1", "cancelled", "2")]
    assert list(tmp_path.iterdir()) == []


def test_making_the_sheet_can_be_stopped_as_well() -> None:
    made = store()
    taken = Taken(field_table(made, made.rows(), NOW), {}, {})
    columns = columns_of([load(default_directory()).kinds[KIND]], load(default_directory()), "en")
    progress = Progress()
    progress.stop()
    with pytest.raises(StopError):
        sheet_of(taken, "x", columns, raw=False, progress=progress)


def test_every_column_of_every_kind_can_leave_in_every_way() -> None:
    catalogue = load(default_directory())
    made = store()
    taken = Taken(field_table(made, made.rows(), NOW), {}, {})
    columns = columns_of(list(catalogue.kinds.values()), catalogue, "zh", ["x"])
    for raw in (True, False):
        sheet = sheet_of(taken, "x", columns, raw=raw)
        assert len(sheet.columns) == len(columns)
        for column in sheet.columns:
            values = column.texts if column.numbers is None else column.numbers
            assert values is not None
            assert len(values) == 4


@pytest.mark.parametrize(
    ("format_", "datum"), [("exe", "wgs84"), ("csv", "EPSG:4490"), ("gpkg", "gcj02")]
)
def test_ways_that_there_are_not_are_refused(format_: str, datum: str) -> None:
    with pytest.raises(KnownError) as caught:
        manner_of(format_, datum)
    assert caught.value.code == "bad_option"
