"""The corpus of addresses and tokens: pictures, tiles, and who has no right to be here."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from PySide6.QtWidgets import QApplication

from layers.render import tiles
from layers.render.theme import TokenTheme
from layers.render.tiles import TileService
from services.access.tokens import TokenFile
from services.feed.frames import Bye, Hello
from services.hub.route_docs import DOCS
from tests.faults.entries import Entry, entries
from tests.faults.options import Faults, Row
from tests.services.hub.accounts_site import POLICY, Site, run, site
from tests.services.hub.consoles import LIMIT_S, HubProcess, hub_process
from tests.services.hub.test_feed import CITY
from tests.services.hub.test_hostile import raw

MEDIA, TILES, TOKENS = entries("media"), entries("tiles"), entries("tokens")
BUNDLED = Path(__file__).resolve().parents[2] / "resources" / "basemap"
BASEMAP = (BUNDLED / "basemap_schematic.geojson", BUNDLED / "district_outline.geojson")
STATUS = re.compile(rb"(?:^HTTP/1\.\d |Error code: )(\d+)")  # of an answer, or of a page alone
OPEN = {route for route, doc in DOCS.items() if doc.open_}


# -- pictures ------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    with hub_process(tmp_path_factory.mktemp("media")) as running:
        with running.http() as http:
            assert http.post("/api/v1/ingest", json=CITY).status_code == 200
        yield running


def _put(http: httpx.Client, entry: Entry) -> httpx.Response:
    if "pattern" in entry:
        return http.put("/api/v1/media-pattern", json={"url_template": entry["pattern"]})
    return http.put("/api/v1/media/camera:1", json={"url": entry["url"]})


def test_only_addresses_of_the_registry_are_opened(hub: HubProcess, faults: Faults) -> None:
    bad = [entry for entry in MEDIA if "code" in entry]
    with hub.http() as source, hub.http("duty1") as desk:
        for entry in bad:
            answer = _put(source, entry)
            assert answer.status_code == 400, (entry["what"], answer.text)
            error = answer.json()["error"]
            assert error["code"] == entry["code"], entry["what"]
            assert "url" in error["field"]
            assert len(error["text"]) < 300
            for secret in ("geheim", "passwd", "evil", "6379"):
                assert secret not in answer.text
        assert desk.get("/api/v1/media/camera:1").json()["error"]["code"] == "no_media"
        assert not (hub.data / "media.toml").exists()
        for entry in MEDIA:  # a duty officer looks at pictures, and says nothing about where from
            assert _put(desk, entry).status_code == 403
        for entry in MEDIA[len(bad) :]:
            assert _put(source, entry).status_code == 200, entry["what"]
            assert desk.get("/api/v1/media/camera:1").json() == {"url": entry["url"]}
        for other in ("level:1", "camera:2", "camera:1%00", "..%5cmedia.toml"):
            answer = desk.get(f"/api/v1/media/{other}")
            assert (answer.status_code, answer.json()["error"]["field"]) == (404, "id")
    log = (hub.data / "logs" / "hub.log").read_text("utf-8")
    assert "geheim" not in log
    store = b"".join(path.read_bytes() for path in hub.data.glob("onemap.sqlite*"))
    assert b"10.0.0.7" in store  # the audit says which host
    assert b"geheim" not in store
    count = len(MEDIA)
    faults.found(Row("corpus: addresses of pictures", count, count, 0, 0, f"{len(bad)} refused"))


# -- tiles ---------------------------------------------------------------------------------------
def test_the_tile_service_answers_tiles_and_nothing_else(
    qapp: QApplication, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiles._Handler, "timeout", 0.5)  # of the two that never end
    service = TileService(BASEMAP, TokenTheme(), oversampling=1)
    address = urlsplit(service.start())
    try:
        port = address.port or 0
        for entry in TILES:
            heard = _said(port, entry["sent"].replace("«S»", service.style))
            told = STATUS.search(heard)
            status = int(told[1]) if told is not None else 0
            assert status == entry["status"], (entry["what"], heard[:80])
            assert len(heard) < 1_000, entry["what"]
            assert b"root:" not in heard
        good = _said(port, f"GET /{service.style}/3/1/1.png HTTP/1.1\r\n\r\n")
        assert b"\x89PNG" in good
    finally:
        service.close()
    count = len(TILES)
    faults.found(Row("corpus: requests for tiles", count, count, 0, 0, "all refused"))


def _said(port: int, text: str) -> bytes:
    """Everything that the service says to some bytes until it ends the line."""
    heard = bytearray()
    with (
        socket.create_connection(("127.0.0.1", port), timeout=LIMIT_S) as line,
        contextlib.suppress(ConnectionResetError, BrokenPipeError),  # it need not read all of it
    ):
        line.sendall(text.encode("latin-1"))
        while piece := line.recv(65_536):
            heard += piece
    return bytes(heard)


# -- who has no right to be here -----------------------------------------------------------------
def test_a_wrong_token_opens_no_door(tmp_path: Path, faults: Faults) -> None:
    tried = 0

    async def story() -> None:
        nonlocal tried
        async with site(tmp_path) as hub:
            held = (await hub.person("anna", "trainer")) | {
                "machine": TokenFile(tmp_path / "tokens.toml").token_of("source")
            }
            top = hub.hub.sequencer.offset
            for entry in TOKENS:
                token = _token(entry["token"], held)
                tried += await _at_every_door(hub, token, entry["code"])
            hub.clock.advance(POLICY.access_s)
            tried += await _at_every_door(hub, held["access"], "token_expired")
            again = (await hub.post("auth/refresh", {"refresh": held["refresh"]})).json()
            replayed = await hub.post("auth/refresh", {"refresh": held["refresh"], "key": "other"})
            assert replayed.status_code == 401
            tried += await _at_every_door(hub, again["access"], "login_ended")
            assert hub.hub.sequencer.offset == top

    run(story)
    faults.found(Row("corpus: tokens at every door", tried, tried, 0, 0, "none was opened"))


def _token(text: str, held: dict[str, str]) -> str:
    machine = held["machine"]
    for name, word in (
        ("A", held["access"]),
        ("R", held["refresh"]),
        ("LOGIN", held["access"].split(".")[1]),
        ("M-1", machine[:-1]),
        ("MU", machine.swapcase()),
        ("M", machine),
    ):
        text = text.replace(f"«{name}»", word)
    return text


async def _at_every_door(hub: Site, token: str, code: str) -> int:
    """Ask at every route that needs a token, and at the feed; how many there were."""
    doors = [route for route in DOCS if route not in OPEN]
    for method, path in doors:
        address = path.replace("{id}", "level:1").replace("{user}", "anna")
        answer = await hub.http.request(
            method,
            address,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            content=b"{}" if method != "GET" else None,
        )
        assert answer.status_code == 401, (method, path, answer.text)
        assert answer.json()["error"]["code"] == code, (method, path, answer.text)
        assert not token or token not in answer.text
    async with raw(hub.url, "json") as feed, asyncio.timeout(LIMIT_S):
        await feed.send(Hello(token=token))
        bye = await feed.until(Bye)
        assert bye.code == code
    return len(doors) + 1
