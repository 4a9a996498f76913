"""Click to open video: a camera on the map, its card, its picture, the video window."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app.console import Console
from app.windows.desk import DeskWindow
from tests.e2e.hands import Hands, mark_at, reads
from tests.e2e.seats import OpenConsole, desk, video
from tests.e2e.town import place, streams, town
from tests.harness import HubProcess
from widgets.video.pane import VideoPane

SAYS_SO_S = 10.0
"""Twice what the product promises, for a machine that is busy with other things."""
CAMERA = place(east=-0.004)


def pane_on(window: QWidget, hands: Hands) -> VideoPane:
    """The pane on a window that has a camera, once it is there."""

    def found() -> list[VideoPane]:
        return [p for p in window.findChildren(VideoPane) if p.isVisible() and p.camera_id]

    return hands.until(found, "a pane with a camera")[0]


def click_camera(console: Console, hands: Hands) -> DeskWindow:
    """Click the eastern camera of the town; its card is open then."""
    window = desk(console)
    hands.until(lambda: len(console.live.model.entities) == 6, "the town")
    window.map.set_view(*place(), 15)
    hands.until(lambda: mark_at(window.map, *CAMERA), "the camera's mark")
    hands.click_map(window.map, *CAMERA)
    hands.until(lambda: reads(window.card, "Kangle crossing east"), "the card")
    return window


def seen(pane: VideoPane) -> QImage:
    """The pane as it looks now."""
    return pane.grab().toImage()


def moves(pane: VideoPane, hands: Hands) -> None:
    """Wait until the pane is live and shows one picture after another."""
    hands.until(lambda: pane.state == "live", "a live picture")
    for _ in range(3):
        before = seen(pane)
        hands.until(lambda seen_before=before: seen(pane) != seen_before, "the next frame")


@pytest.mark.qt_log_ignore("Cannot set loops for non-seekable source", extend=True)
def test_a_click_on_a_camera_shows_its_picture_and_the_window_shows_it_larger(
    hub: HubProcess, console: OpenConsole, hands: Hands
) -> None:
    hub.ingest(*town())
    with streams() as port:
        template = f"http://127.0.0.1:{port}/live/{{id}}.ts"
        hub.request("PUT", "/api/v1/media-pattern", json={"url_template": template})
        one = console(hub)
        window = click_camera(one, hands)
        in_card = pane_on(window.card, hands)
        moves(in_card, hands)
        assert in_card.camera_name == "Kangle crossing east"

        hands.click(window.card.entity_view.video_button)
        hands.until(lambda: "video" in one.windows, "the video window")
        in_window = pane_on(video(one), hands)
        moves(in_window, hands)
        assert in_window.camera_id == in_card.camera_id == "camera:0001"

    for pane in (in_card, in_window):
        hands.until(lambda p=pane: p.state in ("failed", "silent"), "the lost picture", SAYS_SO_S)
        assert "No picture for" in pane.state_text()
    with streams(port):
        for pane in (in_card, in_window):
            moves(pane, hands)


def test_a_camera_without_a_stream_says_so(
    hub: HubProcess, console: OpenConsole, hands: Hands
) -> None:
    hub.ingest(*town())
    window = click_camera(console(hub), hands)
    pane = pane_on(window.card, hands)
    hands.until(lambda: pane.state == "unavailable", "the reason")
    assert pane.state_text() == "No stream is registered for this camera."
