"""One demo camera's encoder: a thread that draws, encodes H.264 and hands out MPEG-TS pieces."""

from __future__ import annotations

import io
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import av
import numpy as np
from av.video.stream import VideoStream

from services.video.scene import HEIGHT, WIDTH, StreetScene

FRAMES_PER_SECOND = 8
# A viewer starts at a key frame, so one a second bounds how long a first picture takes.
KEY_FRAME_EVERY = FRAMES_PER_SECOND
MODES = ("live", "frozen", "silent", "refuse")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Piece:
    """The MPEG-TS bytes of one picture; ``key`` when a viewer may start with it."""

    data: bytes
    key: bool


@dataclass(slots=True)
class CameraState:
    """What a demo camera is told to do: its mode (one of ``MODES``) and its weather."""

    mode: str = "live"
    rain: bool = False


class CameraEncoder:
    """Encodes one camera for all its viewers, from ``start`` to ``stop``.

    ``deliver`` is called on the encoder's thread with every piece; ``failed`` once when the
    encoder cannot go on. While the mode is ``silent`` nothing is drawn, encoded or delivered.
    """

    def __init__(
        self,
        scene: StreetScene,
        state: CameraState,
        deliver: Callable[[Piece], None],
        failed: Callable[[], None],
    ) -> None:
        self._scene = scene
        self._state = state
        self._deliver = deliver
        self._failed = failed
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="demo-camera", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Tell the thread to end; returns at once."""
        self._ended.set()

    def follow(self, state: CameraState) -> None:
        """Obey another state from the next picture on."""
        self._state = state

    def join(self, timeout_s: float) -> bool:
        """Wait for the thread's end; False when it still runs after ``timeout_s``."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._encode()
        except (OSError, ValueError) as error:  # PyAV's errors derive from these two
            _log.error("a demo camera's encoder ended: %s", error)
            self._failed()

    def _encode(self) -> None:
        sink = io.BytesIO()
        # Tables before every picture let a viewer start at any key frame; each packet is
        # flushed so that no picture waits in a buffer for the next one.
        options = {"mpegts_flags": "pat_pmt_at_frames", "flush_packets": "1"}
        with av.open(sink, "w", format="mpegts", options=options) as container:
            stream = _video_stream(container)
            begin = time.monotonic()
            frozen_at: float | None = None
            number = 0
            while not self._ended.is_set():
                mode = self._state.mode
                if mode == "silent":
                    self._ended.wait(0.1)
                    continue
                # The picture's place in time follows the clock, also after silence.
                number = max(number + 1, round((time.monotonic() - begin) * FRAMES_PER_SECOND))
                now = time.time()
                frozen_at = (frozen_at or now) if mode == "frozen" else None
                key = self._picture(container, stream, number, frozen_at or now)
                data = sink.getvalue()
                sink.seek(0)
                sink.truncate()
                if data:
                    self._deliver(Piece(data, key))
                due = begin + (number + 1) / FRAMES_PER_SECOND
                self._ended.wait(max(0.0, due - time.monotonic()))

    def _picture(
        self,
        container: av.container.OutputContainer,
        stream: VideoStream,
        number: int,
        unix_time: float,
    ) -> bool:
        """Draw, encode and mux one picture; True when it is a key frame."""
        picture = self._scene.draw(unix_time, rain=self._state.rain)
        frame = av.VideoFrame.from_ndarray(np.asarray(picture), format="rgb24")
        frame.pts = number
        frame.time_base = Fraction(1, FRAMES_PER_SECOND)
        key = False
        for packet in stream.encode(frame):
            key = key or packet.is_keyframe
            container.mux(packet)
        return key


def _video_stream(container: av.container.OutputContainer) -> VideoStream:
    stream = container.add_stream("libx264", rate=FRAMES_PER_SECOND)
    stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    stream.codec_context.thread_count = 1
    stream.options = {
        "preset": "ultrafast",
        "tune": "zerolatency",
        "g": str(KEY_FRAME_EVERY),
        "crf": "26",
    }
    return stream
