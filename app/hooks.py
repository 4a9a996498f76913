"""Nothing fails silently: Python, threads, Qt and crashes all end in one log file.

Install before the first window; GUI thread.
"""

from __future__ import annotations

import faulthandler
import logging
import logging.handlers
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import IO

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

log = logging.getLogger("onemap")
HARMLESS = frozenset(
    {
        "Cannot set loops for non-seekable source",
        "PulseAudioService: pa_context_connect() failed",
    }
)
"""What Qt warns of for every live stream, and where there is no sound server: the desk says so."""
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def setup_logging(directory: Path, name: str) -> IO[str]:
    """Log to ``directory/name.log`` (five files of 2 MiB) and errors to stderr as well.

    Returns the crash file, which must stay open as long as the process lives.
    """
    directory.mkdir(parents=True, exist_ok=True)
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    rotating = logging.handlers.RotatingFileHandler(
        directory / f"{name}.log", maxBytes=2 * 1024 * 1024, backupCount=4, encoding="utf-8"
    )
    rotating.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")
    )
    console = logging.StreamHandler()
    console.setLevel(logging.WARNING)
    console.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    root.addHandler(rotating)
    root.addHandler(console)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    crash = (directory / f"{name}-crash.log").open("a", encoding="utf-8")
    faulthandler.enable(crash)
    return crash


def install_hooks() -> None:
    """Send uncaught exceptions of every thread and Qt's messages to the log."""
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    qInstallMessageHandler(_qt_message)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    log.error("uncaught: %s", error, exc_info=(kind, error, trace))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is None or isinstance(args.exc_value, SystemExit):
        return
    name = args.thread.name if args.thread is not None else "?"
    log.error(
        "uncaught in thread %s: %s",
        name,
        args.exc_value,
        exc_info=(args.exc_type, args.exc_value, args.exc_traceback),
    )


def _qt_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    if text in HARMLESS:
        kind = QtMsgType.QtInfoMsg
    logging.getLogger("qt." + (context.category or "default")).log(
        _LEVELS.get(kind, logging.WARNING), "%s", text
    )
