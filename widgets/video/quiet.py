"""FFmpeg's own words, which go past Qt's log to standard error."""

from __future__ import annotations

import contextlib
import ctypes
import os
from pathlib import Path

import PySide6

_FATAL = 8  # AV_LOG_FATAL


def quiet_ffmpeg() -> None:
    """Let the FFmpeg that Qt plays with write nothing but fatal errors; cheap to repeat.

    Every attempt on a camera that is off would write a line or more, for weeks on a wall; the
    pane says the same to the operator. Call it when a player exists: only a library that Qt has
    loaded is touched, and where there is none (not Linux) nothing is changed.
    """
    loaded = getattr(os, "RTLD_NOLOAD", None)
    if loaded is None:
        return
    library_folder = Path(PySide6.__file__).parent / "Qt" / "lib"
    for library in sorted(library_folder.glob("libavutil.so.*")):
        with contextlib.suppress(OSError):
            ctypes.CDLL(str(library), mode=loaded | os.RTLD_LAZY).av_log_set_level(_FATAL)
