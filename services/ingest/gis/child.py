"""``python -m services.ingest.gis.child``: reads one foreign file and tells its parent of it.

A file made to harm can at worst end this process: it has limits of memory, time and file size,
knows three drivers and no network, and writes only into a folder of its own. Request on stdin,
frames on stdout; it ends when stdin does.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from services.domain.errors import KnownError
from services.ingest.gis.formats import DRIVERS
from services.ingest.gis.frames import (
    DECODE_REQUEST,
    ENCODE_FRAME,
    MAX_FRAME_BYTES,
    Done,
    Failed,
    Frame,
    Request,
)
from services.ingest.gis.unpack import MAX_UNPACKED

MODULE = "services.ingest.gis.child"
TRIED = "ONEMAP_READ_AGAIN"
"""Set once drivers were let go of: the request, in hexadecimal."""


def limit(request: Request) -> None:
    """Bound what this process may use, before anything of the file is looked at."""
    for what, most in (
        (resource.RLIMIT_AS, request.memory),
        (resource.RLIMIT_CPU, request.cpu_s),
        (resource.RLIMIT_FSIZE, MAX_UNPACKED),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        _soft, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, hard if what == resource.RLIMIT_CPU else most))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write that is too long is an error instead


def only_ours(request: bytes, out: int) -> None:
    """Let go of every driver but three, by beginning anew where more are there. ``out``: the
    descriptor of the answers."""
    import pyogrio

    others = sorted(set(pyogrio.list_drivers()) - set(DRIVERS))
    if not others:
        return
    if os.environ.get(TRIED):
        raise KnownError("internal", f"drivers stay: {', '.join(others)[:200]}")
    names = ",".join(others)
    kept = {TRIED: request.hex(), "OGR_SKIP": names}
    os.dup2(out, 1)
    os.execve(sys.executable, [sys.executable, "-P", "-m", MODULE], {**os.environ, **kept})


def main() -> int:
    """Answer one request; the status is 0 also where the answer is a refusal."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand between frames
    raw = bytes.fromhex(os.environ.get(TRIED, "")) or _request()
    request = DECODE_REQUEST.decode(raw)
    limit(request)
    threading.Thread(target=_end_with_parent, name="stdin", daemon=True).start()
    try:
        only_ours(raw, out.fileno())
        for frame in _frames(request):
            _send(out, frame)
    except KnownError as error:
        _send(out, Failed(code=error.code, text=error.text, field=error.field))
    except MemoryError:
        _send(out, _memory())
    except (OSError, ValueError, RuntimeError) as error:
        _send(out, _broken(request, error))
    return 0


def _frames(request: Request) -> Iterator[Frame]:
    from services.ingest.gis import reading

    reading.quiet()
    opened = reading.stage(request)
    if request.action != "read":
        yield reading.describe(opened, Path(request.path).name)
    if request.action == "look":
        yield from reading.first_rows(opened, request)
    elif request.action == "read":
        yield from reading.batches(opened, request)
    yield Done()


def _memory() -> Failed:
    return Failed(code="too_large", text="reading the file takes more memory than it may have")


def _broken(request: Request, error: Exception) -> Failed:
    why = " ".join(str(error).replace(request.folder, "").split())[:200]
    name = Path(request.path).name
    return Failed(code="broken_file", text=f"{name} cannot be read: {why}", field="file")


def _request() -> bytes:
    size = int.from_bytes(os.read(0, 4), "big")
    data = b""
    while len(data) < size and (part := os.read(0, min(size - len(data), 1 << 16))):
        data += part
    return data


def _send(out: IO[bytes], frame: Frame) -> None:
    data = ENCODE_FRAME.encode(frame)
    if len(data) > MAX_FRAME_BYTES:
        raise KnownError("too_large", "rows of the file are too large")
    out.write(len(data).to_bytes(4, "big") + data)
    out.flush()


def _end_with_parent() -> None:
    while os.read(0, 4_096):
        pass
    os._exit(0)


if __name__ == "__main__":
    raise SystemExit(main())
