"""Real stream sources in processes of their own, on free loopback ports."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from PySide6.QtCore import QLoggingCategory

from widgets.theme import Theme

RTSP_SERVER = Path(__file__).with_name("rtsp_server.py")
DEBIAN_PYTHON = "/usr/bin/python3"
DEBIAN_PACKAGES = (
    "gir1.2-gst-rtsp-server-1.0 python3-gi gstreamer1.0-plugins-base"
    " gstreamer1.0-plugins-good gstreamer1.0-plugins-ugly"
)


@contextmanager
def child(*command: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, object]]]:
    """Run a program that prints one JSON line when it serves, and ends when its stdin closes."""
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield process, json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
        process.stdout.close()


class DemoSource:
    """The demo stream source and its controls."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"

    def url(self, camera_id: str) -> str:
        return f"{self.base}/live/{camera_id}.ts"

    def order(self, camera_id: str, mode: str) -> None:
        answer = httpx.post(f"{self.base}/control/{camera_id}", json={"mode": mode}, timeout=5)
        assert answer.status_code == 200, answer.text

    def on_air(self) -> dict[str, int]:
        found: dict[str, int] = httpx.get(f"{self.base}/on-air", timeout=5).json()["on_air"]
        return found


@pytest.fixture
def demo() -> Generator[DemoSource, None, None]:
    with child(sys.executable, "-m", "services.video.demo_streams", "--child") as (_, ready):
        port = ready["port"]
        assert isinstance(port, int)
        yield DemoSource(port)


@pytest.fixture(scope="session")
def rtsp_possible() -> None:
    probe = subprocess.run(
        [DEBIAN_PYTHON, "-c", "import gi; gi.require_version('GstRtspServer', '1.0')"],
        capture_output=True,
        timeout=30,
        check=False,
    )
    if probe.returncode != 0:
        pytest.skip(f"needs Debian's packages {DEBIAN_PACKAGES}")


@pytest.fixture
def rtsp_url(rtsp_possible: None) -> Generator[str, None, None]:
    with child(DEBIAN_PYTHON, str(RTSP_SERVER)) as (_, ready):
        yield f"rtsp://127.0.0.1:{ready['port']}/cam1"


@pytest.fixture
def theme() -> Theme:
    return Theme.load()


@pytest.fixture(autouse=True)
def _quiet_ffmpeg() -> Generator[None, None, None]:
    """What Qt logs of a stream that ends or refuses is what these tests provoke."""
    QLoggingCategory.setFilterRules("qt.multimedia.*=false")
    yield
    QLoggingCategory.setFilterRules("")
