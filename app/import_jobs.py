"""The work behind the import wizard, off the GUI thread: stop, pause, and how far it is."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from services.domain.errors import KnownError
from services.ingest import importer, loads
from services.ingest.batches import Batch, BatchStore
from services.ingest.http_client import HubClient
from services.ingest.import_options import ImportOptions
from services.ingest.import_report import Report
from services.packs.model import Catalogue

CHECKED_FILE = "checked.bad.csv"
Wait = Callable[[float], bool]
ClientMaker = Callable[[Wait], HubClient]
"""Makes a client of the hub whose pauses are ``wait(seconds)``, True: give up."""


class Job:
    """One piece of work that can be stopped and paused. ``heard``: how far it is; read by the GUI
    thread, written by the worker."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._go = threading.Event()
        self._go.set()
        self.heard: Report | None = None
        self.done, self.total = 0, 0

    def stop(self) -> None:
        """End it as soon as it can be; never waits."""
        self._stop.set()
        self._go.set()

    def pause(self, paused: bool) -> None:
        """Hold it between two batches, or let it go on."""
        if paused and not self._stop.is_set():
            self._go.clear()
        else:
            self._go.set()

    @property
    def paused(self) -> bool:
        """Whether it is held."""
        return not self._go.is_set()

    def stopping(self) -> bool:
        """Whether it is to end. Worker thread; waits while it is paused."""
        self._go.wait()
        return self._stop.is_set()

    def asked_to_stop(self) -> bool:
        """The same without waiting."""
        return self._stop.is_set()

    def wait(self, seconds: float) -> bool:
        """A pause of a client; True: give up."""
        return self._stop.wait(seconds)

    def hear(self, report: Report) -> None:
        """How far it is."""
        self.heard = report


@dataclass(frozen=True, slots=True)
class Loader:
    """What loads and undoes need. ``user``: who does it, for the list of loads."""

    catalogue: Catalogue
    store: BatchStore
    client: ClientMaker
    hub_url: str
    user: str

    def check(self, options: ImportOptions, job: Job) -> Report:
        """Try every row; nothing is loaded and no file stays."""
        file = self.store.directory / CHECKED_FILE
        dry = replace(options, dry_run=True, bad_rows_path=file)
        try:
            with contextlib.suppress(OSError):  # then the report says that there is no file
                file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            return importer.run(dry, self.catalogue, stop=job.stopping, heard=job.hear)
        finally:
            for path in (file, file.with_suffix(".geojson")):
                with contextlib.suppress(OSError):
                    path.unlink()

    def load(self, options: ImportOptions, job: Job) -> Report:
        """Load the good rows; what went out can be undone whatever happens."""
        with self.client(job.wait) as client:
            recording = loads.begin(
                self.store,
                client,
                self.hub_url,
                options.path,
                options.kind,
                self.user,
                digest=loads.digest_of(options.path),
                options=options.kept(),
            )
            return self._run(options, job, client, recording)

    def resume(self, batch: str, job: Job, outline: Path) -> Report:
        """Go on with a load that did not end, as it was begun; rows that the hub has are not sent
        again. KnownError ``no_file`` and those of ``loads.resume``."""
        told = self.store.get(batch)
        options = ImportOptions.of(Path(told.file), told.kind, told.options, outline)
        try:
            digest = loads.digest_of(options.path)
        except OSError as error:
            raise KnownError("no_file", f"{options.path} cannot be read") from error
        with self.client(job.wait) as client:
            return self._run(options, job, client, loads.resume(self.store, batch, digest))

    def _run(
        self, options: ImportOptions, job: Job, client: HubClient, recording: loads.Recording
    ) -> Report:
        with recording:
            report = importer.run(
                self._with_a_file_for_refused_rows(options),
                self.catalogue,
                client=client,
                stop=job.stopping,
                recorder=recording,
                heard=job.hear,
            )
            recording.end(
                client,
                read=report.read,
                loaded=report.loaded,
                refused=report.refused,
                stopped=report.stopped,
            )
        return report

    def _with_a_file_for_refused_rows(self, options: ImportOptions) -> ImportOptions:
        """Beside the file where that can be written, else with the record of the loads."""
        probe = options.path.with_name(options.path.name + ".bad.csv")
        try:
            with probe.open("a"):
                pass
            if probe.stat().st_size == 0:
                probe.unlink()
        except OSError:
            kept = self.store.directory / f"{options.path.name[:80]}.bad.csv"
            return replace(options, bad_rows_path=kept)
        return options

    def undo(self, batch: str, job: Job) -> Batch:
        """Take back a load."""

        def progress(done: int, total: int) -> None:
            job.done, job.total = done, total

        with self.client(job.wait) as client:
            return loads.undo(self.store, client, batch, progress, job.asked_to_stop, job.wait)


def outline_rings(path: Path) -> list[list[tuple[float, float]]]:
    """The rings of a district's outline; none where there is no file."""
    try:
        told = msgspec.json.decode(path.read_bytes())
        shapes = [feature["geometry"] for feature in told["features"]]
        rings: list[list[tuple[float, float]]] = []
        for shape in shapes:
            parts = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
            rings += [[(float(x), float(y)) for x, y, *_ in part[0]] for part in parts]
    except (OSError, msgspec.MsgspecError, KeyError, TypeError, ValueError) as error:
        raise KnownError("no_outline", f"{path.name} cannot be read: {error}") from error
    return rings
