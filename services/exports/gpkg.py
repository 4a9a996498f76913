"""Writing a GeoPackage part by part in a process of its own, see ``gpkg_child``. Any worker."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

from services.exports.gpkg_child import MODULE, Answer, received, send
from services.exports.sheet import Progress

_ROOT = Path(__file__).resolve().parents[2]
LOOK_S = 0.1


class GpkgError(Exception):
    """The library could not write. ``errno`` where the system said why."""

    def __init__(self, number: int | None, words: str) -> None:
        super().__init__(words)
        self.errno = number


class GpkgProcess:
    """A process that writes; it ends with the block."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(_ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PROJ_NETWORK": "OFF",
        }
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )

    def __enter__(self) -> GpkgProcess:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        child = self._child
        if error is not None:
            child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()
        child.wait()

    def give(self, shapes: Any, columns: list[Any]) -> None:
        """Rows for the next ``write``: WKB or None, and an array for each column. GpkgError."""
        self._send((shapes, columns))

    def _send(self, what: object) -> None:
        assert self._child.stdin is not None
        try:
            send(self._child.stdin, what)
        except BrokenPipeError as error:
            raise GpkgError(None, "the process that writes it has ended") from error

    def write(self, path: Path, **more: Any) -> None:
        """Write the rows that were given: arguments of ``pyogrio.raw.write``. OSError, GpkgError;
        StopError where somebody stopped it meanwhile, and then the process is to be ended."""
        child = self._child
        assert child.stdout is not None
        self._send({"path": str(path.absolute()), **more})
        while not select.select([child.stdout], [], [], LOOK_S)[0]:
            self._progress.check()
        answer: Answer | None = received(child.stdout)
        if answer is None:
            raise GpkgError(None, "the process that writes it has ended")
        kind, number, words = answer
        if kind == "system":
            raise OSError(number, words)
        if kind:
            raise GpkgError(number, words)
