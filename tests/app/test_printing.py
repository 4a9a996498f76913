"""Sheets with a map: what is drawn where, files that are whole, stamps, stopping."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QBuffer, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from app.controllers.printing import PrintController
from app.sheet_job import Sheet, SheetJob, StoppedError
from app.sheet_record import SheetOrder, on_record
from layers.model import measure, mercator, page
from layers.model.features import Feature, FeatureStore
from layers.model.view import Camera
from layers.render.map_widget import MapWidget
from layers.render.sheet_scene import SheetScene, SheetSceneTaker
from layers.render.tools.corners import measured_sketch
from services.domain.errors import KnownError
from services.domain.model import Link, Severity
from services.feed.exports import ExportsClient
from services.feed.source import LinkUpdate
from services.hub.export_api import DataExport
from services.packs.loader import default_directory, load
from tests.images.onscreen import LAT, LON, map_window, wait
from widgets.print_dialog import PrintDialog
from widgets.sheet import SheetWords
from widgets.theme import Theme

CATALOGUE = load(default_directory())
LIGHT = Theme.load(variant="light")
LAYOUT = page.layout("a4", True)
WORDS = SheetWords("Map", "today", "On this map", (), "", ("one", "two", "three"))


def _tile(_zoom: int, _x: int, _y: int) -> bytes:
    buffer = QBuffer()
    picture = QImage(16, 16, QImage.Format.Format_RGB32)
    picture.fill(QColor("#123456"))
    picture.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub wants bytes
    return bytes(buffer.data().data())


@pytest.fixture
def chart(qapp: QApplication) -> Iterator[MapWidget]:
    store = FeatureStore(tuple(CATALOGUE.kinds.values()))
    bad = Feature("bad", "camera", "", LON, LAT, Severity.CRITICAL, Link.ONLINE)
    store.upsert([bad, Feature("far", "camera", "", LON + 0.004, LAT, link=Link.ONLINE)])
    with map_window(store) as widget:
        yield widget


def _scene(chart: MapWidget, camera: Camera, ratio: float) -> SheetScene:
    owner, found = QObject(), []
    taker = SheetSceneTaker(chart.stage, LIGHT, camera, ratio, owner)
    taker.taken.connect(found.append)
    taker.start()
    wait(lambda: bool(found))
    scene: SheetScene = found[0]
    return scene


def _sheet(chart: MapWidget, dpi: int = 192, **more: Any) -> Sheet:
    camera = page.camera_for(chart.view.camera(), LAYOUT.map)
    fields: dict[str, Any] = {
        "layout": LAYOUT,
        "words": WORDS,
        "scene": _scene(chart, camera, dpi / 96),
        "theme": LIGHT,
        "dpi": dpi,
        "tile_url": "",
        "paint_tile": _tile,
        "finer": 0,
        "record_line": "Record {0}",
    }
    return Sheet(**{**fields, **more})


def _near(a: QColor, b: QColor, slack: int = 30) -> bool:
    return all(abs(p - q) <= slack for p, q in zip(a.getRgb()[:3], b.getRgb()[:3], strict=True))


def _dot(sheet: Sheet, lon: float, lat: float, dx: float = 0.0) -> tuple[int, int]:
    """Where a place lies on the picture of a sheet."""
    west, north, east, south = sheet.camera.rect()
    x, y = (float(v) for v in mercator.world_xy(lon, lat))
    area, ratio = LAYOUT.map, sheet.scene.ratio
    return (
        round((area.x + (x - west) / (east - west) * area.width + dx) * ratio),
        round((area.y + (y - north) / (south - north) * area.height) * ratio),
    )


def test_marks_and_measurements_stand_on_the_sheet_where_they_are(chart: MapWidget) -> None:
    line = measure.line([(LON - 0.004, LAT - 0.002), (LON + 0.004, LAT - 0.002)])
    chart.set_kept_sketches([measured_sketch(line, "mu")])
    sheet = _sheet(chart)
    picture = SheetJob(sheet).picture()
    assert picture.size() == QSize(round(LAYOUT.page.width * 2), round(LAYOUT.page.height * 2))
    x, y = _dot(sheet, LON, LAT)
    around = [picture.pixelColor(x + d, y) for d in range(-20, 20)]
    assert sum(_near(dot, LIGHT.color("critical")) for dot in around) > 10
    assert _near(picture.pixelColor(*_dot(sheet, LON - 0.002, LAT - 0.002)), LIGHT.color("accent"))
    assert _near(picture.pixelColor(*_dot(sheet, LON + 0.002, LAT + 0.002)), QColor("#123456"), 3)
    assert _near(picture.pixelColor(4, 4), LIGHT.color("panel"), 2)
    assert round(picture.dotsPerMeterX() * 0.0254) == 192


def test_the_map_is_drawn_at_the_sheet_s_own_fineness_not_enlarged(chart: MapWidget) -> None:
    """At four times the dots the border of a mark is as sharp as before, not four times wider."""

    def soft_dots(dpi: int) -> int:
        sheet = _sheet(chart, dpi)
        picture = SheetJob(sheet).picture()
        x, y = _dot(sheet, LON + 0.004, LAT)
        reach = round(14 * sheet.scene.ratio)
        row = [picture.pixelColor(x + d, y) for d in range(-reach, reach)]
        plain = (QColor("#123456"), LIGHT.color("normal"), LIGHT.color("ground"))
        return sum(not any(_near(dot, color, 24) for color in plain) for dot in row)

    assert soft_dots(384) <= soft_dots(96) + 8


def test_old_data_is_grey_on_the_sheet(chart: MapWidget) -> None:
    chart.set_stale(True, 75.0)
    sheet = _sheet(chart)
    picture = SheetJob(sheet).picture()
    assert picture.pixelColor(*_dot(sheet, LON, LAT)).hsvSaturationF() < 0.35


def test_tiles_that_are_missing_are_counted(chart: MapWidget) -> None:
    sheet = _sheet(chart, 96, paint_tile=None, tile_url="http://127.0.0.1:9/none/")
    job = SheetJob(sheet)
    picture = job.picture()
    assert job.missing_tiles > 0
    assert _near(picture.pixelColor(*_dot(sheet, LON + 0.002, LAT)), LIGHT.color("ground"), 4)


def test_a_pdf_is_one_page_of_the_paper_s_size_and_written_whole(
    chart: MapWidget, tmp_path: Path
) -> None:
    path = tmp_path / "map.pdf"
    SheetJob(_sheet(chart)).write_pdf(path)
    assert list(tmp_path.iterdir()) == [path]
    content = path.read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")
    assert content.count(b"/Type /Page\n") == 1
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content)
    assert box is not None
    size = [float(side) / 72 * 25.4 for side in box.groups()]
    assert size == pytest.approx([297, 210], abs=1)
    assert b"/Font" in content  # words are words and no picture


def test_a_sheet_that_is_stopped_leaves_no_file(chart: MapWidget, tmp_path: Path) -> None:
    job = SheetJob(_sheet(chart))
    job.stop()
    with pytest.raises(StoppedError):
        job.write_png(tmp_path / "map.png")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said(chart: MapWidget, tmp_path: Path) -> None:
    for write in (SheetJob(_sheet(chart, 96)).write_pdf, SheetJob(_sheet(chart, 96)).write_png):
        with pytest.raises(KnownError) as error:
            write(tmp_path / "no" / "such" / "folder.x")
        assert error.value.code == "sheet_not_written"


def test_a_full_disk_leaves_the_older_file(
    chart: MapWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "map.png"
    path.write_bytes(b"older")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    job = SheetJob(_sheet(chart, 96))
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(KnownError, match="No space"):
        job.write_png(path)
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]


# -- on record ---------------------------------------------------------------------------------
class Http:
    """A hub's answers: what is put on record, and what is told to have failed."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.refuses: KnownError | None = None

    def read(self, type_: type[Any], _method: str, path: str, *, body: dict[str, Any]) -> Any:
        self.asked.append((path, body))
        if self.refuses is not None:
            raise self.refuses
        if path.endswith("failed"):
            return type_(done=True)
        return type_(id="abc123", user="duty1", name="Duty", at=1.0)


ORDER = SheetOrder(
    title="Map", kinds=("camera",), rows=2, format="pdf", why="briefing", seat="1", as_of=7.0
)


def _client(http: Http) -> ExportsClient:
    door: Any = http
    return ExportsClient(door)


def test_a_sheet_is_on_record_before_it_is_made_and_names_it(
    chart: MapWidget, tmp_path: Path
) -> None:
    http, job = Http(), SheetJob(_sheet(chart, 96))
    seen: list[int] = []

    def make(job: SheetJob) -> None:
        seen.append(len(http.asked))
        job.write_pdf(tmp_path / "map.pdf")

    on_record(_client(http), ORDER, job, make)
    assert seen == [1]
    path, body = http.asked[0]
    assert path == "/api/v1/exports"
    assert msgspec.convert(body, DataExport).why == "briefing"
    assert body["kinds"] == ["camera"]
    assert job._sheet.words.lines[-1] == "Record abc123"
    assert len(http.asked) == 1


@pytest.mark.parametrize(
    ("error", "reason"),
    [(StoppedError(), "cancelled"), (KnownError("sheet_not_written", "full"), "sheet_not_written")],
)
def test_what_is_not_written_after_all_is_on_record_too(
    chart: MapWidget, error: Exception, reason: str
) -> None:
    http = Http()

    def make(_job: SheetJob) -> None:
        raise error

    with pytest.raises(type(error)):
        on_record(_client(http), ORDER, SheetJob(_sheet(chart, 96)), make)
    assert [path for path, _ in http.asked] == ["/api/v1/exports", "/api/v1/exports/abc123/failed"]
    assert http.asked[1][1]["reason"] == reason


@pytest.mark.parametrize(
    ("code", "said"), [("hub_unreachable", "export_no_record"), ("not_allowed", "not_allowed")]
)
def test_without_a_record_nothing_is_made(chart: MapWidget, code: str, said: str) -> None:
    http, made = Http(), []
    http.refuses = KnownError(code, "no")
    with pytest.raises(KnownError) as error:
        on_record(_client(http), ORDER, SheetJob(_sheet(chart, 96)), made.append)
    assert error.value.code == said
    assert made == []


def test_a_map_without_data_is_no_export(chart: MapWidget) -> None:
    http, made = Http(), []
    empty = dataclasses.replace(ORDER, rows=0, kinds=())
    on_record(_client(http), empty, SheetJob(_sheet(chart, 96)), made.append)
    assert len(made) == 1
    assert http.asked == []


# -- the dialog ---------------------------------------------------------------------------------
class Now:
    """Operations that are carried out at once."""

    def run(self, work, done, failed=None, **_owner) -> None:
        try:
            result = work()
        except (KnownError, StoppedError) as error:
            failed(error)
        else:
            done(result)


class Bench:
    def __init__(self, chart: MapWidget, path: Path, link: LinkUpdate, replay: bool) -> None:
        self.owner = QObject()
        self.http = Http()
        parts: Any = SimpleNamespace(
            theme=Theme.load(), catalogue=CATALOGUE, lang="en", user="duty1", operations=Now(),
            bases=SimpleNamespace(url=chart.base.tile_url), seat="1",
            api=SimpleNamespace(http=self.http),
        )  # fmt: skip
        model = SimpleNamespace(store=chart.store, now=lambda: 1_784_095_532.0)
        session: Any = SimpleNamespace(model=model, link=link, is_replay=replay)
        self.asked: list[tuple[str, str]] = []

        def choose(_window: object, name: str, kind: str) -> str:
            self.asked.append((name, kind))
            return f"{path.with_suffix('')}{Path(name).suffix}"  # as the dialog does

        self.printing = PrintController(parts, session, chart, self.owner, choose)
        self.chart = chart

    def open(self) -> PrintDialog:
        self.printing.actions["print_map"]()
        dialog = self.chart.window().findChildren(PrintDialog)[-1]
        wait(lambda: not dialog._preview.pixmap().isNull())
        return dialog

    def press(self, dialog: PrintDialog, text: str) -> None:
        (push,) = (b for b in dialog.findChildren(QPushButton) if b.text() == text)
        QTest.mouseClick(push, Qt.MouseButton.LeftButton)


def test_the_dialog_shows_the_sheet_and_saves_it(chart: MapWidget, tmp_path: Path) -> None:
    bench = Bench(chart, tmp_path / "out", LinkUpdate("live", 0.0), replay=False)
    dialog = bench.open()
    assert "1:" in dialog._note.text()
    bench.press(dialog, "Save as PDF…")
    assert "record" in dialog._said.text()
    assert bench.asked == []
    dialog._why.setText("briefing")
    bench.press(dialog, "Save as PDF…")
    wait(lambda: "Saved" in dialog._said.text())
    assert (tmp_path / "out.pdf").stat().st_size > 5_000
    assert bench.asked[0][0].endswith("-20260715-1405.pdf")
    bench.press(dialog, "Copy picture")
    wait(lambda: "clipboard" in dialog._said.text())
    assert QGuiApplication.clipboard().image().width() > 2_000
    assert [body["format"] for _, body in bench.http.asked] == ["pdf", "png"]
    assert all((body["rows"], body["why"]) == (2, "briefing") for _, body in bench.http.asked)
    words = bench.printing._words(dialog.options, LIGHT, _sheet(chart).scene)
    assert [(row.label, row.count) for row in words.legend] == [("Cameras", 2)]
    assert words.stamps == ()
    bench.press(dialog, "Close")
    bench.printing.close()


@pytest.mark.parametrize(
    ("link", "replay", "stamp"),
    [
        (LinkUpdate("stale", 1_784_095_532.0 - 75.0), False, "STALE 1:15"),
        (LinkUpdate("live", 0.0), True, "REPLAY"),
    ],
)
def test_old_and_past_data_are_stamped(
    chart: MapWidget, tmp_path: Path, link: LinkUpdate, replay: bool, stamp: str
) -> None:
    bench = Bench(chart, tmp_path / "out", link, replay)
    dialog = bench.open()
    words = bench.printing._words(dialog.options, LIGHT, _sheet(chart).scene)
    assert words.stamps == (stamp,)
    bench.printing.close()


def _share(picture: QImage, color: QColor, box: QRect) -> float:
    """How much of a part of a picture has a colour."""
    dots = [
        _near(picture.pixelColor(x, y), color, 12)
        for x in range(box.left(), box.right(), 3)
        for y in range(box.top(), box.bottom(), 3)
    ]
    return sum(dots) / len(dots)


def _stamped(chart: MapWidget, tmp_path: Path, *, replay: bool) -> Bench:
    bench = Bench(chart, tmp_path / "out", LinkUpdate("live", 0.0), replay)
    dialog = bench.open()
    dialog._why.setText("briefing")
    for button in ("Save as PDF…", "Save as picture…"):
        dialog._said.setText("")
        bench.press(dialog, button)
        wait(lambda: "Saved" in dialog._said.text())
    bench.printing.close()
    return bench


def test_a_replay_s_sheet_bears_the_stamp_over_the_map_and_round_the_page(
    chart: MapWidget, tmp_path: Path
) -> None:
    _stamped(chart, tmp_path, replay=True)
    picture = QImage(str(tmp_path / "out.png"))
    color = LIGHT.color("exercise")
    scale = picture.width() / LAYOUT.page.width
    band = QRectF(40, 14, LAYOUT.page.width - 80, LAYOUT.head.y - 18)
    inner = QRect(*(round(v * scale) for v in band.getRect()))
    assert _share(picture, color, inner) > 0.6, "the band over the title"
    middle = LAYOUT.map
    across = QRect(
        round((middle.x + middle.width * 0.25) * scale),
        round((middle.y + middle.height * 0.35) * scale),
        round(middle.width * 0.5 * scale),
        round(middle.height * 0.3 * scale),
    )
    live = tmp_path / "live"
    live.mkdir()
    _stamped(chart, live, replay=False)
    plain = QImage(str(live / "out.png"))
    changed = sum(
        picture.pixelColor(x, y) != plain.pixelColor(x, y)
        for x in range(across.left(), across.right(), 5)
        for y in range(across.top(), across.bottom(), 5)
    )
    assert changed > 0.1 * across.width() * across.height() / 25, "the word across the map"
    assert _share(plain, color, inner) == 0.0, "none of it on a sheet of the live city"


def test_a_replay_s_pdf_shows_the_stamp_and_all_that_stands_round_a_map(
    chart: MapWidget, tmp_path: Path
) -> None:
    _stamped(chart, tmp_path, replay=True)
    path = tmp_path / "out.pdf"
    drawn = ["pdftoppm", "-r", "96", "-png", "-singlefile", path, tmp_path / "seen"]
    for words in (["pdftotext", path, tmp_path / "out.txt"], drawn):
        subprocess.run(words, timeout=30, check=True)
    told = (tmp_path / "out.txt").read_text("utf-8")
    assert told.count("REPLAY") >= 2  # in the band and beside the title
    assert "Past state" in told
    seen = QImage(str(tmp_path / "seen.png"))

    def dark(x: float, y: float, width: float, height: float) -> float:
        return _share(seen, LIGHT.color("text"), QRectF(x, y, width, height).toRect())

    band = QRect(40, 14, round(LAYOUT.page.width) - 80, round(LAYOUT.head.y) - 18)
    assert _share(seen, LIGHT.color("exercise"), band) > 0.6
    chart_area, legend = LAYOUT.map, LAYOUT.legend
    assert dark(chart_area.x + chart_area.width - 44, chart_area.y + 10, 34, 54) > 0.02, "north"
    assert dark(chart_area.x + 10, chart_area.y + chart_area.height - 46, 120, 36) > 0.02, "scale"
    assert dark(legend.x + 8, legend.y + 6, 80, 20) > 0.02, "legend"
    muted = QRectF(LAYOUT.foot.x, LAYOUT.foot.y, 200, LAYOUT.foot.height).toRect()
    assert _share(seen, LIGHT.color("muted"), muted) > 0.004, "time and source"


def test_a_replay_s_map_on_the_clipboard_is_stamped(chart: MapWidget, tmp_path: Path) -> None:
    bench = Bench(chart, tmp_path / "out", LinkUpdate("live", 0.0), replay=True)
    bench.printing.actions["copy_map"]()
    picture = QGuiApplication.clipboard().image()
    assert picture.size() == chart.grab_map().size()
    band = QRect(8, 4, picture.width() - 16, 20)
    assert _share(picture, Theme.load().color("exercise"), band) > 0.5


def test_the_map_as_it_looks_is_put_on_the_clipboard(chart: MapWidget, tmp_path: Path) -> None:
    bench = Bench(chart, tmp_path / "out", LinkUpdate("live", 0.0), replay=False)
    bench.printing.actions["copy_map"]()
    assert QGuiApplication.clipboard().image().size() == chart.grab_map().size()
    ((path, body),) = bench.http.asked
    told = msgspec.convert(body, DataExport)
    assert (path, told.format, told.kinds, told.rows) == (
        "/api/v1/exports", "clipboard", ("camera",), 2,
    )  # fmt: skip


@pytest.mark.parametrize("code", ["not_allowed", "hub_unreachable"])
def test_a_map_that_cannot_be_put_on_record_is_not_copied(
    chart: MapWidget, tmp_path: Path, code: str
) -> None:
    bench = Bench(chart, tmp_path / "out", LinkUpdate("live", 0.0), replay=False)
    bench.http.refuses = KnownError(code, "no")
    said: list[str] = []
    bench.printing.said.connect(said.append)
    QGuiApplication.clipboard().setText("before")
    bench.printing.actions["copy_map"]()
    assert QGuiApplication.clipboard().text() == "before"
    assert len(said) == 1
    assert "clipboard" not in said[0]


class Later(Now):
    """Operations that are carried out when told."""

    def __init__(self) -> None:
        self.waiting: list[Any] = []

    def run(self, work, done, _failed=None, **_owner) -> None:
        self.waiting.append(lambda: done(work()))


def test_a_preview_that_is_late_does_not_replace_a_newer_one(
    chart: MapWidget, tmp_path: Path
) -> None:
    bench = Bench(chart, tmp_path / "out", LinkUpdate("live", 0.0), replay=False)
    dialog = bench.open()
    later = Later()
    bench.printing._parts.operations = later
    for landscape in (True, False):
        bench.printing._preview(dataclasses.replace(dialog.options, landscape=landscape))
        count = 1 if landscape else 2
        wait(lambda count=count: len(later.waiting) == count)
    first, second = later.waiting
    second()
    upright = dialog._preview.pixmap().size()
    assert upright.height() > upright.width()
    first()
    assert dialog._preview.pixmap().size() == upright


def test_a_preview_tells_the_scale_that_it_was_made_in(chart: MapWidget, tmp_path: Path) -> None:
    bench = Bench(chart, tmp_path / "out", LinkUpdate("live", 0.0), replay=False)
    dialog = bench.open()
    told = dialog._note.text()
    later = Later()
    bench.printing._parts.operations = later
    bench.printing._preview(dialog.options)
    wait(lambda: bool(later.waiting))
    chart.zoom(2.0, 10.0, 10.0)
    later.waiting[0]()
    assert dialog._note.text() == told
