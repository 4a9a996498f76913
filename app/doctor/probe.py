"""``python -m app.doctor.probe``: asks Qt about screens, fonts and graphics, and prints JSON.

Runs in a process of its own, because a broken driver may end it.
"""

from __future__ import annotations

import json

from PySide6.QtCore import qVersion
from PySide6.QtGui import (
    QFontDatabase,
    QGuiApplication,
    QOpenGLContext,
    QRhi,
    QRhiGles2InitParams,
)

GL_RENDERER = 0x1F01


def main() -> None:
    """Print what there is."""
    application = QGuiApplication([])
    surface = QRhiGles2InitParams.newFallbackSurface()
    context = QOpenGLContext()
    renderer = ""
    if context.create() and context.makeCurrent(surface):
        renderer = str(context.functions().glGetString(GL_RENDERER))
        context.doneCurrent()
    backend, texture = "", 0
    if renderer:
        given = QRhiGles2InitParams()
        given.fallbackSurface = surface
        rhi = QRhi.create(QRhi.Implementation.OpenGLES2, given)
        if rhi is not None:
            backend = str(rhi.backendName())
            texture = rhi.resourceLimit(QRhi.ResourceLimit.TextureSizeMax)
    seen = {
        "qt": qVersion(),
        "platform": application.platformName(),
        "screens": [
            f"{s.name()} {s.size().width()}×{s.size().height()}" for s in application.screens()
        ],
        "chinese": QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese),
        "backend": backend,
        "texture": texture,
        "renderer": renderer,
    }
    print(json.dumps(seen), flush=True)


if __name__ == "__main__":
    main()
