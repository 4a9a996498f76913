"""A hub process for benchmarks: started on a data directory, ended with the block."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

END_LIMIT_S = 180.0
ROOT = Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def running_hub(data: Path) -> Iterator[str]:
    """A hub process on ``data``, from ready on; its address."""
    words = ["hub", "--data", str(data), "--port", "0", "--child"]
    command = [sys.executable, str(ROOT / "main.py"), *words]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as hub:
        assert hub.stdin is not None
        assert hub.stdout is not None
        try:
            yield str(msgspec.json.decode(hub.stdout.readline())["url"])
        finally:
            hub.stdin.close()
            hub.wait(END_LIMIT_S)
