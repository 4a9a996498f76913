"""Shapefiles (also zipped), GeoPackages, KML and KMZ: described, and read in bounded batches.

The file is opened by a process of its own (``child``) with limits of memory and time, so that one
that is broken or made to harm costs a refusal and never a hub or a console. Any thread; a reader
belongs to one. Positions come as WGS-84 degrees.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from services.domain.errors import KnownError
from services.ingest.gis.formats import OTHERS
from services.ingest.gis.frames import (
    DECODE_FRAME,
    ENCODE_FRAME,
    MAX_FRAME_BYTES,
    Action,
    Batch,
    Described,
    Done,
    Failed,
    Frame,
    LayerInfo,
    Request,
)
from services.ingest.gis.placing import WGS84, Placing
from services.ingest.rows import check_size

__all__ = ["Batch", "Described", "LayerInfo", "describe", "look", "read"]

MEMORY = 1536 * 1024 * 1024
CPU_S = 300
SILENT_S = 60.0
"""A process that tells nothing for so long hangs."""
_LOOK_S = 0.2
_ROOT = Path(__file__).resolve().parents[3]
Stop = Callable[[], bool]


def _never() -> bool:
    return False


def describe(path: Path, encoding: str = "", *, stop: Stop = _never) -> Described:
    """What a file holds: layers, columns, reference systems, encoding.

    KnownError ``no_file``, ``empty_file``, ``too_large``, ``wrong_format``, ``missing_part``,
    ``bad_archive``, ``unknown_encoding``, ``broken_file``, ``too_slow``, ``stopped``.
    """
    for frame in _frames("describe", path, stop=stop, encoding=encoding):
        if isinstance(frame, Described):
            return frame
    raise _died(path)


def look(
    path: Path,
    layer: str = "",
    encoding: str = "",
    crs: str = "",
    datum: str = "wgs84",
    *,
    stop: Stop = _never,
) -> tuple[Described, Batch | None]:
    """What a file holds, and the first rows of a layer ("": the first), in one go.

    Positions of a layer that names no reference system are left as they are, unless ``crs`` says.
    Errors as ``describe``.
    """
    told: Described | None = None
    for frame in _frames(
        "look", path, stop=stop, layer=layer, encoding=encoding, crs=crs, datum=datum
    ):
        if isinstance(frame, Described):
            told = frame
        elif isinstance(frame, Batch) and told is not None:
            return told, frame
    if told is None:
        raise _died(path)
    return told, None


def read(
    path: Path,
    layer: str = "",
    encoding: str = "",
    crs: str = "",
    datum: str = "wgs84",
    *,
    stop: Stop = _never,
) -> Generator[Batch, None, None]:
    """The rows of a layer in order, in batches, with WKB in WGS-84 degrees.

    ``layer`` "": the only one (``which_layer`` where there are several). ``crs``: EPSG code or WKT
    instead of the file's own; without either ``no_crs``. ``datum``: what the degrees mean, wgs84,
    gcj02 or bd09. ``stop`` is asked a few times a second. Errors as ``describe``; batches that came
    before one are good. Leaving the loop early ends the process.
    """
    Placing(crs or WGS84, datum)  # what cannot be is refused before a process is started
    for frame in _frames(
        "read", path, stop=stop, layer=layer, encoding=encoding, crs=crs, datum=datum
    ):
        if isinstance(frame, Batch):
            yield frame


def _frames(action: Action, path: Path, *, stop: Stop, **more: str) -> Iterator[Frame]:
    check_size(path)
    with tempfile.TemporaryDirectory(prefix="onemap-import-") as folder:
        request = Request(
            action=action,
            path=str(path.resolve()),
            folder=folder,
            memory=MEMORY,
            cpu_s=CPU_S,
            **more,
        )
        with _child(request) as child:
            while True:
                frame = _next(child, path, stop)
                if isinstance(frame, Failed):
                    raise KnownError(frame.code, frame.text, field=frame.field)
                if isinstance(frame, Done):
                    return
                yield frame


@contextmanager
def _child(request: Request) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(_ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "GDAL_NUM_THREADS": "1",
        "PROJ_NETWORK": "OFF",
        "OGR_SKIP": OTHERS,
        "CPL_VSIL_CURL_ALLOWED_FILENAME": "none",
        "OGR_SQLITE_STATIC_VIRTUAL_OGR": "NO",
        "OGR_SQLITE_LOAD_EXTENSIONS": "",
    }
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "services.ingest.gis.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=request.folder,
        env=environment,
    ) as child:
        try:
            data = ENCODE_FRAME.encode(request)
            assert child.stdin is not None
            try:
                child.stdin.write(len(data).to_bytes(4, "big") + data)
                child.stdin.flush()
            except BrokenPipeError:
                pass  # it has ended already: the next look at its answers says so
            yield child
        finally:
            child.kill()


def _next(child: subprocess.Popen[bytes], path: Path, stop: Stop) -> Frame:
    size = int.from_bytes(_exactly(child, 4, path, stop), "big")
    if size > MAX_FRAME_BYTES:
        raise _died(path)
    try:
        return DECODE_FRAME.decode(_exactly(child, size, path, stop))
    except msgspec.MsgspecError as error:
        raise _died(path) from error


def _exactly(child: subprocess.Popen[bytes], size: int, path: Path, stop: Stop) -> bytes:
    assert child.stdout is not None
    pipe = child.stdout.fileno()
    data = bytearray()
    heard = time.monotonic()
    while len(data) < size:
        if stop():
            raise KnownError("stopped", "reading was stopped")
        ready, _, _ = select.select([pipe], [], [], _LOOK_S)
        if not ready:
            if time.monotonic() - heard > SILENT_S:
                raise KnownError(
                    "too_slow",
                    f"{path.name} takes too long to read ({SILENT_S:.0f} s without a row)",
                    field="file",
                )
            continue
        part = os.read(pipe, min(size - len(data), 1 << 20))
        if not part:
            raise _died(path)
        data += part
        heard = time.monotonic()
    return bytes(data)


def _died(path: Path) -> KnownError:
    return KnownError(
        "broken_file",
        f"{path.name} cannot be read: reading it ended without an answer, for want of memory or"
        " time, or because it is broken",
        field="file",
    )
