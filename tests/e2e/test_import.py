"""A file is loaded at a real desk: looked at, mapped, tried, loaded, shown, and undone again."""

from __future__ import annotations

import os
from pathlib import Path

from shapely.geometry import Point

from app.console import Console
from app.windows.imports import ImportWindow
from services.storage.audit import AuditQuery, AuditReader
from tests.e2e.hands import Hands
from tests.e2e.seats import OpenConsole, desk
from tests.e2e.town import town
from tests.harness import HubProcess
from tests.services.importer.gis_files import without_crs, written
from tests.services.importer.test_import_gis import ZONE_34
from widgets.import_wizard.wizard import FIELDS, FILE, LOAD, SOURCE, ImportWizard

PICTURES = os.environ.get("IMPORT_PICTURES", "")


def _picture(console: Console, name: str) -> None:
    if PICTURES:
        console.windows["imports"].grab().save(f"{PICTURES}/{name}.png")


def _stations(folder: Path) -> Path:
    """A shapefile in metres, GBK, that does not say in which zone; one row has no name."""
    places = [Point(*ZONE_34(101.78 + n * 0.004, 36.6)) for n in range(30)]
    names = [f"城东消防站{n}" if n != 7 else "" for n in range(30)]
    columns = {"站名": names, "area_name": ["城东区"] * 30}
    path = written(folder / "stations.shp", places, columns, crs="EPSG:4522", encoding="GBK")
    return without_crs(path)


def _wizard(console: Console) -> ImportWizard:
    window = console.windows["imports"]
    assert isinstance(window, ImportWindow)
    return window.wizard


def test_a_shapefile_is_loaded_and_undone_by_hand(
    hub: HubProcess, console: OpenConsole, hands: Hands, tmp_path: Path
) -> None:
    hub.ingest(*town())
    open_ = console(hub, "duty1", lang=os.environ.get("IMPORT_LANG", "en"))
    window = desk(open_)
    hands.until(lambda: open_.live.link.state == "live", "a live feed")
    hands.to_front(window)
    hands.key("ctrl+i")
    hands.until(lambda: "imports" in open_.windows, "the import window")
    wizard = _wizard(open_)
    hands.until(open_.windows["imports"].isVisible, "the window on the screen")
    _picture(open_, "1-file")
    open_.load_file(str(_stations(tmp_path)))
    hands.until(lambda: wizard.page == SOURCE, "what the file is")
    assert wizard.source.must.isVisible()
    assert not wizard.next.isEnabled()  # a reference system is chosen, never guessed
    _picture(open_, "2-source")
    look = wizard.source.findChildren(type(wizard.next))[0]
    assert "EPSG:4522" in look.text()
    hands.click(look)
    hands.until(wizard.next.isEnabled, "that it can go on")
    _picture(open_, "3-chosen")
    hands.click(wizard.next)
    hands.until(lambda: wizard.page == FIELDS, "the fields")
    _choose(hands, wizard.fields.kind, "fire_station")
    hands.until(lambda: wizard.fields.rows.line_of("name"), "the fields of the kind")
    line = wizard.fields.rows.line_of("name")
    assert line is not None
    _choose(hands, line.source, text="站名")
    hands.until(lambda: "29" in wizard.fields.counts.text(), "29 good rows")
    _picture(open_, "4-fields")
    hands.click(wizard.fields.name)
    hands.type("stations")
    hands.click(wizard.fields.keep)
    hands.until(lambda: "stations" in wizard.fields.kept.text(), "that it is remembered")
    hands.click(wizard.next)
    hands.until(lambda: wizard.page == LOAD, "the last page")
    first = wizard.fields.counts.text()
    hands.until(lambda: wizard.load.counts.text() not in ("", first), "all rows tried")
    assert "30" in wizard.load.counts.text()
    _picture(open_, "5-load")
    hands.click(wizard.load.load)
    hands.until(wizard.load.undo.isVisible, "the load's end")
    _picture(open_, "6-loaded")
    model = open_.live.model
    ours = lambda: [e for e in model.entities.values() if e.kind == "fire_station"]  # noqa: E731
    hands.until(lambda: len(ours()) == 29, "29 stations on the desk")
    assert (tmp_path / "stations.shp.bad.csv").exists()
    hands.click(wizard.load.show_map)
    hands.until(lambda: window.map.view.lon < 101.85, "the map at the stations")
    hands.to_front(open_.windows["imports"])
    hands.click(wizard.load.undo)
    hands.click(wizard.load.confirm.yes)
    hands.until(lambda: not ours(), "no station any more")
    hands.until(lambda: "29" in wizard.load.headline.text(), "what was undone")
    _picture(open_, "7-undone")
    hands.click(wizard.load.again)
    hands.until(lambda: wizard.page == FILE, "the list of loads")
    _picture(open_, "8-list")
    open_.load_file(str(tmp_path / "stations.shp"))
    hands.until(lambda: wizard.page == SOURCE, "the same file again")
    hands.until(wizard.next.isEnabled, "the reference system that was remembered")
    reader = AuditReader(hub.data / "onemap.sqlite")
    try:
        types = [r.type for r in reader.page(AuditQuery(), None, 50)]
    finally:
        reader.close()
    assert {"import.began", "import.ended", "import.undone"} <= set(types)


def _choose(hands: Hands, box, key: str = "", text: str = "") -> None:  # type: ignore[no-untyped-def]  # any combo box
    place = box.findData(key) if key else box.findText(text)
    assert place >= 0
    hands.click(box.parentWidget())
    box.setFocus()
    hands.until(box.hasFocus, "the keyboard in the list")
    while box.currentIndex() != place:
        hands.key("Down" if box.currentIndex() < place else "Up")
