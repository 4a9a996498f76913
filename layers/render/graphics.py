"""Whether maps are drawn by a graphics device or by the processor alone. GUI thread."""

from __future__ import annotations

import os
import sys

from PySide6.QtGui import QOpenGLContext
from PySide6.QtQuick import QQuickWindow, QSGRendererInterface


def settle_graphics() -> bool:
    """Before the first window, with the application there: where Qt would draw with OpenGL and
    there is none, have everything painted by the processor; else Qt ends the process. Whether a
    device draws. A user's own choice of how to draw stays."""
    chosen = {"QT_QUICK_BACKEND", "QSG_RHI_BACKEND"} & set(os.environ)
    if chosen or not sys.platform.startswith("linux"):
        return os.environ.get("QT_QUICK_BACKEND") != "software"
    context = QOpenGLContext()
    if context.create():
        return True
    QQuickWindow.setGraphicsApi(QSGRendererInterface.GraphicsApi.Software)
    return False
