"""Somebody who loads files at a real hub, and what the hub has on record of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from services.audit.page import AuditQuery
from services.audit.record import AuditRecord
from services.domain.world import World
from services.hub.server import Hub
from services.ingest import loads
from services.ingest.batches import BatchStore
from services.ingest.http_client import HubClient
from services.ingest.importer import ImportOptions, Report, run
from services.packs.model import Catalogue
from services.storage.audit import AuditReader

STATIONS = "id,name,lon,lat,area_name\n1,一站,101.813,36.607,东\n2,二站,101.819,36.6026,东\n"


async def world_of(hub: Hub) -> World:
    """Everything as it stands on the hub's disk."""
    return await hub.sequencer.read(lambda w: World.restore("x", w.offset, w.time, w.parts()))


class Desk:
    """Somebody who loads files at a hub: synchronous work on a thread, as a command does it."""

    def __init__(self, folder: Path, url: str, token: str, catalogue: Catalogue) -> None:
        self.store = BatchStore(folder)
        self._folder, self._url, self._token, self._catalogue = folder, url, token, catalogue

    def client(self) -> HubClient:
        return HubClient(self._url, self._token, waits=(0.05,))

    def load(self, text: str, kind: str = "fire_station", **more: Any) -> Report:
        path = self._folder / "rows.csv"
        path.write_text(text, "utf-8")
        options = ImportOptions(path=path, kind=kind, **more)
        with self.client() as client:
            begun = loads.begin(self.store, client, self._url, path, kind, "os:test")
            with begun as recording:
                report = run(options, self._catalogue, client=client, recorder=recording)
                told = {"read": report.read, "loaded": report.loaded, "refused": report.refused}
                recording.end(client, **told, stopped=report.stopped)
        return report

    def undo(self, batch: str, stop: Callable[[], bool] = lambda: False) -> Any:
        with self.client() as client:
            return loads.undo(self.store, client, batch, stop=stop, wait=threading.Event().wait)

    def send(self, *items: dict[str, Any]) -> None:
        with self.client() as client:
            assert client.ingest(items).refused == ()


def import_records(data: Path) -> list[AuditRecord]:
    """What is on record of loads, in its order."""
    with closing(AuditReader(data / "onemap.sqlite")) as reader:
        rows = reversed(reader.page(AuditQuery(), None, 500))
        return [r for r in rows if r.type.startswith("import.")]
