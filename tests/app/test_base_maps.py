"""Base maps of a console: chosen per window, remembered, shown anew when a server is back."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import base_maps
from app.base_maps import BaseMaps
from app.bridge import ThreadBridge
from app.operations import Operations
from app.settings import Settings, Tone
from tests.services.basemaps.conftest import server
from tests.services.basemaps.pictured import picture, shown
from tests.services.basemaps.server import Answer, TileServer
from widgets.theme import Theme

__all__ = ["server"]
RED = picture("#c02020")


class Shown:
    """What a map window is told."""

    def __init__(self) -> None:
        self.urls: list[str] = []
        self.words = ("", "")

    def show(self, url: str, **_kept: bool) -> None:
        self.urls.append(url)

    def say(self, attribution: str, trouble: str = "") -> None:
        self.words = (attribution, trouble)

    def tile(self, path: str = "13/6415/3199") -> bytes:
        with urllib.request.urlopen(f"{self.urls[-1]}{path}.png", timeout=10) as answer:
            return bytes(answer.read())


@pytest.fixture
def make(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], BaseMaps]]:
    monkeypatch.setattr(base_maps, "ANEW_MS", 10)
    monkeypatch.setattr(base_maps, "TICK_MS", 20)
    theme = Theme.load()
    bridge = ThreadBridge()
    operations = Operations(bridge)
    made: list[BaseMaps] = []

    def build() -> BaseMaps:
        made.append(BaseMaps(tmp_path, "duty1", theme, operations, bridge))
        return made[-1]

    yield build
    operations.close()
    for bases in made:
        bases.close()
        bases.deleteLater()
    bridge.close()


def _color(data: bytes) -> tuple[int, ...]:
    return shown(data).getpixel((100, 100))


def test_a_choice_is_shown_and_remembered_for_its_window(
    qtbot: QtBot, make: Callable[[], BaseMaps], server: TileServer
) -> None:
    server.answers = lambda _path, _headers: Answer(body=RED)
    bases, desk, wall = make(), Shown(), Shown()
    bases.catalogue.put(server.source(attribution="© 某"))
    bases.set_tone(Tone())
    bases.attach("desk", desk)
    bases.attach("wall", wall)
    assert desk.urls == [bases.url]
    bases.choose("desk", "s")
    qtbot.waitUntil(lambda: desk.words[0] == "© 某")
    assert desk.tile() == RED
    assert (bases.chosen("wall"), wall.urls[-1]) == ("schematic", bases.url)
    plain = desk.urls[-1]
    bases.set_tone(Tone(light=0.9))
    bases.set_tone(Tone(light=0.5))
    qtbot.waitUntil(lambda: desk.urls[-1] != plain)
    assert _color(desk.tile()) == pytest.approx((96, 16, 16), abs=2)
    first = desk.urls[-1]
    bases.detach("desk")
    with pytest.raises(OSError, match="404"):
        urllib.request.urlopen(f"{first}13/6415/3199.png", timeout=10)
    again, later = make(), Shown()
    again.attach("desk", later)
    qtbot.waitUntil(lambda: later.words[0] == "© 某")
    again.choose("desk", "schematic")
    assert later.urls[-1] == again.url
    assert later.words[1] == ""


def test_an_outage_is_said_and_its_end_shows_the_tiles(
    qtbot: QtBot, make: Callable[[], BaseMaps], server: TileServer
) -> None:
    server.answers = lambda _path, _headers: Answer(503)
    bases, desk = make(), Shown()
    bases.catalogue.put(server.source())
    with qtbot.waitSignal(bases.changed):  # or the map is laid anew for its tone while we look
        bases.set_tone(Tone())
    bases.attach("desk", desk)
    schematic = desk.tile()
    bases.choose("desk", "s")
    qtbot.waitUntil(lambda: len(desk.urls) == 2)
    for x in range(4):
        assert desk.tile(f"13/641{x}/3100") is not None
    assert desk.tile() == schematic
    qtbot.waitUntil(lambda: "HTTP 503" in desk.words[1])
    assert bases.status("s").trouble == "server_error"
    url = desk.urls[-1]
    server.answers = lambda _path, _headers: Answer(body=RED)
    bases.try_now("s")
    # a try that was under way may still bring the old answer; then the next one does it
    qtbot.waitUntil(lambda: desk.urls[-1] != url, timeout=30_000)
    assert desk.words[1] == ""
    assert desk.tile() == RED


def test_a_file_that_is_gone_is_said_and_the_schematic_map_is_there(
    qtbot: QtBot, make: Callable[[], BaseMaps], server: TileServer, tmp_path: Path
) -> None:
    bases, desk = make(), Shown()
    bases.catalogue.put(server.source(type="mbtiles", address=str(tmp_path / "gone.mbtiles")))
    bases.attach("desk", desk)
    bases.choose("desk", "s")
    qtbot.waitUntil(lambda: desk.words[1] != "")
    assert desk.urls[-1] == bases.url
    assert bases.status("s").trouble == "file"
    bases.catalogue.remove("s")
    bases.source_changed("s")
    assert desk.words[1] == ""


def test_settings_keep_only_what_makes_sense(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    assert settings.tone("a", "light") == Tone()
    assert settings.tone("a", "dark") != Tone()
    settings.set_tone("a/b", "dark", Tone(0.5, 0.25, 1.0))
    settings.set_base_map("a/b", "desk", "city")
    again = Settings(tmp_path)
    assert again.tone("a/b", "dark") == Tone(0.5, 0.25, 1.0)
    assert again.base_map("a/b", "desk") == "city"
    assert again.base_map("a", "b/desk") == "schematic"
    for nonsense in ("", "1 2", "7 0 0", "nan 0 0", "x y z"):
        settings._keep("basemap_tone/a_b/dark", nonsense)
        assert settings.tone("a/b", "dark") == settings.tone("other", "dark")
