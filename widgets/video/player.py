"""One stream played by Qt: opened, watched, dropped and opened again until it is closed."""

from __future__ import annotations

import time

from PySide6.QtCore import (
    SLOT,
    QCoreApplication,
    QMessageLogContext,
    QObject,
    QSize,
    Qt,
    QTimer,
    QtMsgType,
    QUrl,
    Signal,
    Slot,
    qInstallMessageHandler,
)
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import (
    QMediaPlayer,
    QPlaybackOptions,
    QVideoFrame,
    QVideoFrameFormat,
    QVideoSink,
)
from PySide6.QtNetwork import QHostAddress, QHostInfo

from services.domain.media_url import check_media_url
from widgets.video.quiet import quiet_ffmpeg
from widgets.video.watch import Reason, StreamWatch

PROBE_BYTES = 8192
"""Enough for one key frame's headers; Qt's default reads seconds of a stream before it shows it."""
NETWORK_TIMEOUT_MS = 5000
TICK_MS = 200
FRAME_INTERVAL_S = 1 / 25
GUI_SHARE = 0.25
"""The part of the GUI thread's time that converting pictures may take, all panes together."""

_REASON: dict[QMediaPlayer.Error, Reason] = {
    QMediaPlayer.Error.ResourceError: "unreachable",
    QMediaPlayer.Error.NetworkError: "unreachable",
    QMediaPlayer.Error.AccessDeniedError: "unreachable",
    QMediaPlayer.Error.FormatError: "format",
}


class StreamPlayer(QObject):
    """Plays one address at a time, muted; the newest picture is taken with ``image``.

    ``changed`` says that ``watch`` has a new state or reason, ``arrived`` that a new picture can
    be taken: at most 25 times a second, less often when converting pictures costs much.
    """

    changed = Signal()
    arrived = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.watch = StreamWatch()
        self._url = ""
        self._lookup: int | None = None
        self._player: QMediaPlayer | None = None
        self._frame: QVideoFrame | None = None
        self._announced = 0.0
        self._cost_s = 0.0
        self._panes = 1
        self._said = (self.watch.state, self.watch.reason)
        self._ticker = QTimer(self)
        self._ticker.setInterval(TICK_MS)
        self._ticker.timeout.connect(self._tick)

    def open(self, url: str, *, delay_s: float = 0.0) -> None:
        """Play ``url`` until ``close``; a KnownError (bad_media_url) leaves the player closed."""
        self.close()
        self._drop()
        check_media_url(url)
        self._url = url
        self.watch.opened(time.monotonic(), delay_s)
        self._ticker.start()
        self._tick()

    def close(self) -> None:
        """Stop now and let go of the stream in a moment; does not wait for the network.

        Letting go of RTSP takes Qt up to 70 ms: nine panes do it one by one, between events.
        """
        self._ticker.stop()
        if self._player is not None:
            self._player.stop()
            QTimer.singleShot(0, self, self._drop_closed)
        self._frame = None
        self._url = ""
        self.watch.closed()
        self._tell()

    def set_panes(self, count: int) -> None:
        """Say how many streams share the GUI thread, so that each takes its part only."""
        self._panes = max(1, count)

    def image(self) -> QImage | None:
        """Convert and return the newest picture, or None when there is none since the last call."""
        if self._frame is None:
            return None
        begin = time.perf_counter()
        image = self._frame.toImage()
        self._cost_s = time.perf_counter() - begin
        self._frame = None
        return None if image.isNull() else image

    def silence_s(self) -> float:
        """Return the seconds since the last picture, or since the opening if none came."""
        return max(0.0, time.monotonic() - self.watch.since)

    def _tick(self) -> None:
        step = self.watch.step(time.monotonic())
        if step == "start":
            self._start()
        elif step == "drop":
            self._drop()
        self._tell()

    def _tell(self) -> None:
        now = (self.watch.state, self.watch.reason)
        if now != self._said:
            self._said = now
            self.changed.emit()

    def _start(self) -> None:
        """Resolve the name first: the player would wait for it in a way nothing can interrupt."""
        host = QUrl(self._url).host()
        if QHostAddress(host).isNull():
            member = SLOT("_resolved(QHostInfo)")
            # The stub wants bytes; what PySide takes, and SLOT gives, is a string.
            self._lookup = QHostInfo.lookupHost(host, self, member)  # type: ignore[call-overload]
        else:
            self._play()

    @Slot(QHostInfo)
    def _resolved(self, info: QHostInfo) -> None:
        if not self._url or info.lookupId() != self._lookup:
            return
        self._lookup = None
        if info.error() == QHostInfo.HostInfoError.NoError:
            self._play()
        else:
            self._broke("unknown_host")

    def _play(self) -> None:
        player = self._player = self._player or self._new_player()
        player.setSource(QUrl(self._url))
        player.play()

    def _new_player(self) -> QMediaPlayer:
        """Make the player when the first stream starts: it costs threads and memory."""
        prefer_cpu_conversion()
        player = QMediaPlayer(self)
        quiet_ffmpeg()
        # Not LowLatencyStreaming: it throws away the packets that were read while probing, and
        # the first picture would wait for the second key frame.
        options = QPlaybackOptions()
        options.setProbeSize(PROBE_BYTES)
        options.setNetworkTimeout(NETWORK_TIMEOUT_MS)
        player.setPlaybackOptions(options)
        sink = QVideoSink(player)
        sink.videoFrameChanged.connect(self._frame_changed)
        player.setVideoSink(sink)
        player.errorOccurred.connect(self._error_occurred)
        player.mediaStatusChanged.connect(self._status_changed)
        return player

    def _drop(self) -> None:
        if self._lookup is not None:
            QHostInfo.abortHostLookup(self._lookup)
            self._lookup = None
        if self._player is not None and not self._player.source().isEmpty():
            self._player.stop()
            self._player.setSource(QUrl())

    def _drop_closed(self) -> None:
        if not self._url:
            self._drop()

    def _frame_changed(self, frame: QVideoFrame) -> None:
        if not frame.isValid() or not self._url:
            return
        now = time.monotonic()
        self.watch.picture(now)
        if self.watch.state == "live":
            self._frame = frame
            interval = max(FRAME_INTERVAL_S, self._cost_s * self._panes / GUI_SHARE)
            # A little early is on time, else every second picture of a 25 a second is lost.
            if now - self._announced >= interval * 0.8:
                self._announced = now
                self.arrived.emit()
        self._tell()

    def _error_occurred(self, error: QMediaPlayer.Error, _text: str) -> None:
        """Qt's own text may hold the address, and with it a password: it is not shown."""
        self._broke(_REASON.get(error, "unreachable"))

    def _status_changed(self, status: QMediaPlayer.MediaStatus) -> None:
        if status == QMediaPlayer.MediaStatus.EndOfMedia:
            self._broke("ended")

    def _broke(self, reason: Reason) -> None:
        """Drop the player later: Qt is inside it while it reports."""
        self.watch.broke(time.monotonic(), reason)
        QTimer.singleShot(0, self, self._drop_broken)
        self._tell()

    def _drop_broken(self) -> None:
        if not self.watch.playing:
            self._drop()


def prefer_cpu_conversion() -> None:
    """Make Qt convert pictures of this thread on the CPU; GUI thread, cheap to repeat.

    Left alone, Qt uploads each picture to the GPU and reads it back: on software GL that takes
    5–10 ms for 640×360 (and 190 ms for the first) where the CPU takes 0.8 ms. Qt decides once
    per thread, at its first conversion, and this attribute is what it asks. It then warns that
    it has no GPU, which is what was wanted: that warning is not passed on.
    """
    attribute = Qt.ApplicationAttribute.AA_ForceRasterWidgets
    before = QCoreApplication.testAttribute(attribute)
    QCoreApplication.setAttribute(attribute, True)
    pixel = QVideoFrameFormat(QSize(2, 2), QVideoFrameFormat.PixelFormat.Format_YUV420P)
    handler = qInstallMessageHandler(_swallow)
    try:
        QVideoFrame(pixel).toImage()
    finally:
        qInstallMessageHandler(handler)
        QCoreApplication.setAttribute(attribute, before)


def _swallow(_type: QtMsgType, _context: QMessageLogContext, _text: str) -> None:
    """Say nothing; in place for one call only."""
