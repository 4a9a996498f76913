"""Start-up of a console, told from top to bottom; the one place where its objects are built.

    options → environment (before Qt) → application (language, hooks) → login, if needed → console:
    packs → tile service → live session → windows → pictures → event loop → teardown

GUI thread throughout; the sources and the tile service own their threads.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable

from layers.render.environment import prepare_environment

prepare_environment()  # Qt reads these variables when it is first imported
# Qt's loader tells of every optional library that a machine lacks; none of them is ours.
os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia.*=false")

from PySide6.QtCore import QCoreApplication, QEvent, QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from app.collector import GuiCollector  # noqa: E402
from app.hooks import install_hooks, setup_logging  # noqa: E402
from app.language import install_language  # noqa: E402
from app.memory import give_large_blocks_back  # noqa: E402
from app.options import ConsoleOptions  # noqa: E402
from app.start import Start  # noqa: E402
from layers.render.graphics import settle_graphics  # noqa: E402

SIGNAL_POLL_MS = 200
NO_DEVICE = "onemap: no OpenGL on this display; maps are painted by the processor, slowly"


def run_console(options: ConsoleOptions, stopping: Callable[[], bool] = lambda: False) -> int:
    """Run one console until its last window closes, its time is over or ``stopping`` says so.

    Must run on the main thread. Returns the exit status.
    """
    give_large_blocks_back()
    with setup_logging(options.data_dir / "logs", "console"):
        install_hooks()
        application = build_application(options.lang)
        try:
            return _run(application, options, stopping)
        except BaseException as error:
            # Its frames hold the console's objects, which must not outlive the application.
            traceback.clear_frames(error.__traceback__)
            raise
        finally:
            # Where the loop never ran, or will not again, nothing has deleted closed windows yet;
            # a map window that outlives the application ends the process with a crash.
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            # Qt must let go of the screen before a virtual one is taken down.
            application.shutdown()


def _run(application: QApplication, options: ConsoleOptions, stopping: Callable[[], bool]) -> int:
    console = Start(options, application)
    collector = GuiCollector(application)
    watch = _watch_for_the_end(application, options, stopping)
    try:
        console.start()
        collector.start()
        return application.exec()
    finally:
        watch.stop()
        console.close()
        collector.stop()


def build_application(lang: str) -> QApplication:
    """The QApplication with name and translator; an existing one is taken as it is."""
    existing = QCoreApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("onemap")
    application.setApplicationDisplayName("OneMap Console")
    install_language(application, lang)
    if not settle_graphics():
        print(NO_DEVICE, file=sys.stderr)
    return application


def _watch_for_the_end(
    application: QApplication, options: ConsoleOptions, stopping: Callable[[], bool]
) -> QTimer:
    """Ctrl-C, SIGTERM and ``stopping`` end the loop: Python sees signals only when it runs."""
    asked: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda got, _frame: asked.append(got))

    def leave() -> None:
        # Not quit(): that closes the windows first, and the last pictures would show none.
        application.exit(0)

    def look() -> None:
        if asked or stopping():
            leave()

    timer = QTimer(application)
    timer.setInterval(SIGNAL_POLL_MS)
    timer.timeout.connect(look)
    timer.start()
    if options.run_for_s is not None:
        QTimer.singleShot(round(options.run_for_s * 1_000), application, leave)
    return timer
