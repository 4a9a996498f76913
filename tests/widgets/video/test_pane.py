"""One pane against real streams over real sockets."""

from __future__ import annotations

import socket

import pytest
from pytestqt.qtbot import QtBot

from tests.widgets.video.conftest import DemoSource
from widgets.theme import Theme
from widgets.video.pane import VideoPane

CAMERA = "63010200001320000017"
START_MS = 20_000


@pytest.fixture
def pane(qtbot: QtBot, theme: Theme) -> VideoPane:
    made = VideoPane(theme)
    qtbot.addWidget(made, before_close_func=lambda widget: widget.close_stream())
    made.resize(640, 386)
    made.show()
    qtbot.waitExposed(made)
    return made


def _wait_state(qtbot: QtBot, pane: VideoPane, state: str, timeout_ms: int = START_MS) -> None:
    qtbot.waitUntil(lambda: pane.state == state, timeout=timeout_ms)


def _count_pictures(pane: VideoPane) -> list[int]:
    """Collect the checksum of every picture that arrives, as it is painted."""
    seen: list[int] = []

    def note() -> None:
        image = pane.grab().toImage()
        seen.append(hash(bytes(image.constBits())))

    pane.stream.arrived.connect(note)
    return seen


def test_an_http_stream_plays_and_its_pictures_move(
    qtbot: QtBot, pane: VideoPane, demo: DemoSource
) -> None:
    states: list[str] = []
    pane.state_changed.connect(states.append)
    seen = _count_pictures(pane)
    with qtbot.waitSignal(pane.picture_shown, timeout=START_MS):
        pane.open(CAMERA, "莫家街路口", demo.url(CAMERA))
    qtbot.waitUntil(lambda: len(set(seen)) >= 5, timeout=START_MS)
    assert states == ["connecting", "live"]
    assert demo.on_air() == {CAMERA: 1}
    picture = pane.grab().toImage()
    # The mark of a simulated picture is red, in the upper right of the picture.
    red = picture.pixelColor(picture.width() - 40, 34)
    assert red.red() > 90
    assert red.green() < 70


def test_a_silent_stream_says_so_hides_its_picture_and_comes_back(
    qtbot: QtBot, pane: VideoPane, demo: DemoSource
) -> None:
    pane.open(CAMERA, "莫家街路口", demo.url(CAMERA))
    _wait_state(qtbot, pane, "live")
    qtbot.waitUntil(lambda: "Live" in pane.accessibleName(), timeout=START_MS)
    bright = pane.grab().toImage().pixelColor(600, 34).red()
    demo.order(CAMERA, "silent")
    _wait_state(qtbot, pane, "silent", 10_000)
    assert "No picture for 00:0" in pane.state_text()
    assert pane.grab().toImage().pixelColor(600, 34).red() < bright / 2
    # Longer than the network's own time-out: the connection dies and is made again meanwhile.
    qtbot.waitUntil(lambda: pane.stream.silence_s() > 7, timeout=15_000)
    assert pane.state in ("silent", "failed")  # between two tries it says why the last one failed
    demo.order(CAMERA, "live")
    _wait_state(qtbot, pane, "live", 15_000)


def test_a_refusing_camera_says_so_and_comes_back(
    qtbot: QtBot, pane: VideoPane, demo: DemoSource
) -> None:
    demo.order(CAMERA, "refuse")
    pane.open(CAMERA, "莫家街路口", demo.url(CAMERA))
    _wait_state(qtbot, pane, "failed")
    assert "refuses or cannot be reached" in pane.state_text()
    demo.order(CAMERA, "live")
    _wait_state(qtbot, pane, "live", 15_000)


def test_a_stream_that_ends_is_opened_again(
    qtbot: QtBot, pane: VideoPane, demo: DemoSource
) -> None:
    pane.open(CAMERA, "莫家街路口", demo.url(CAMERA))
    _wait_state(qtbot, pane, "live")
    demo.order(CAMERA, "refuse")
    _wait_state(qtbot, pane, "failed")
    demo.order(CAMERA, "live")
    _wait_state(qtbot, pane, "live", 15_000)


def test_nothing_listening_says_so(qtbot: QtBot, pane: VideoPane) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    pane.open(CAMERA, "莫家街路口", f"http://127.0.0.1:{port}/x.ts")
    _wait_state(qtbot, pane, "failed")
    assert "cannot be reached" in pane.state_text()


def test_an_unknown_host_says_so(qtbot: QtBot, pane: VideoPane) -> None:
    pane.open(CAMERA, "莫家街路口", "http://no-such-camera.invalid/x.ts")
    _wait_state(qtbot, pane, "failed")
    assert "host name is not known" in pane.state_text()


@pytest.mark.parametrize("scheme", ["http", "rtsp"])
def test_one_that_accepts_and_says_nothing_never_blocks_the_closing(
    qtbot: QtBot, pane: VideoPane, scheme: str
) -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen(4)
        mute.settimeout(10)
        pane.open(CAMERA, "x", f"{scheme}://127.0.0.1:{mute.getsockname()[1]}/x")
        connection, _ = mute.accept()
        with connection:
            assert pane.state == "connecting"
            pane.close_stream()
            assert pane.state == "empty"
            # The other end sees the player go, although it never answered.
            connection.settimeout(10)
            while connection.recv(4096):
                pass


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "concat:a|b", "/etc/passwd", "rtsp://h/a b", "udp://127.0.0.1:1"]
)
def test_an_address_that_may_not_be_opened_is_refused_without_repeating_it(
    pane: VideoPane, url: str
) -> None:
    pane.open(CAMERA, "坏地址", url)
    assert pane.state == "refused"
    assert url not in pane.state_text()
    assert pane.camera_id == CAMERA


@pytest.mark.qt_log_ignore("Cannot set loops for non-seekable source", extend=True)
def test_a_real_rtsp_server_plays(qtbot: QtBot, pane: VideoPane, rtsp_url: str) -> None:
    seen = _count_pictures(pane)
    pane.open("cam1", "RTSP", rtsp_url)
    qtbot.waitUntil(lambda: len(set(seen)) >= 5, timeout=START_MS)
    assert pane.state == "live"


def test_a_replay_blocks_the_live_picture(qtbot: QtBot, pane: VideoPane, demo: DemoSource) -> None:
    pane.open(CAMERA, "莫家街路口", demo.url(CAMERA))
    _wait_state(qtbot, pane, "live")
    pane.set_blocked("There is no recording of this moment.")
    assert pane.state == "blocked"
    assert pane.state_text() == "There is no recording of this moment."
    assert pane.camera_id == CAMERA
    qtbot.waitUntil(lambda: demo.on_air() == {}, timeout=10_000)


def test_a_name_from_outside_is_plain_text(pane: VideoPane) -> None:
    pane.set_unavailable("c", "<b>x</b>\u202egnp", "none")
    assert pane.camera_name == "<b>x</b>gnp"


def test_the_close_button_closes(qtbot: QtBot, pane: VideoPane) -> None:
    pane.set_unavailable("c", "x", "No stream.")
    with qtbot.waitSignal(pane.closed):
        pane.findChild(type(pane._close_button)).click()
    assert (pane.state, pane.camera_id) == ("empty", "")
