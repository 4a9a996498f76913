"""House rules for every test: a screen to draw on, nothing left behind, no skip in CI.

What a test leaves (threads, child processes, windows, Qt warnings, things on a graphics device)
fails that test. Qt warnings are caught by pytest-qt (``qt_log_level_fail``), unraisable exceptions
by ``filterwarnings``.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import threading
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import pytest

from app.display import has_display, virtual_screen
from layers.render.immortal import keep_constants_alive
from tests.faults.options import pytest_addoption

__all__ = ["pytest_addoption"]

SCREEN = "1920x1080x24"
SETTLE_S = 3.0
"""How long what a test started may take to be gone after its teardown."""

_BEFORE = pytest.StashKey["_Standing"]()
_SCREENS = contextlib.ExitStack()


# A test never asserts time, so no example has a deadline; in CI every run tries the same examples.
hypothesis.settings.register_profile(
    "house",
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("house")


# -- the screen ---------------------------------------------------------------------------------
def pytest_configure(config: pytest.Config) -> None:
    """Give the run a virtual screen where there is none."""
    os.environ.setdefault("QSG_RENDER_LOOP", "basic")
    os.environ.setdefault("QT_RHI_LEAK_CHECK", "1")  # what stays on a device fails its test
    keep_constants_alive()  # some tests use Qt without the map, which does this for the product
    if _draws(config):
        _SCREENS.enter_context(virtual_screen(SCREEN))


def _draws(config: pytest.Config) -> bool:
    """Whether this process needs a screen of its own: where tests run side by side each worker
    does, since they would take the keyboard from each other, and who hands them out does not."""
    if hasattr(config, "workerinput"):
        return True
    return not getattr(config.option, "numprocesses", None) and not has_display(os.environ)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take the screen down."""
    _SCREENS.close()


def pytest_collection_finish(session: pytest.Session) -> None:
    """With Qt loaded, garbage is collected only here, in the GUI thread, after each test."""
    if "PySide6.QtCore" in sys.modules:
        gc.disable()


# -- nothing left behind ------------------------------------------------------------------------
class _Standing:
    """What stands at one moment: threads, child processes, top-level windows."""

    def __init__(self) -> None:
        self.threads = {t.ident: t.name for t in threading.enumerate()}
        self.children = _children()
        self.windows = _windows()

    def beyond(self, before: _Standing) -> list[str]:
        """What stands now and did not before, in words."""
        return [
            *(f"thread {n!r}" for i, n in self.threads.items() if i not in before.threads),
            *(f"process {n!r}" for i, n in self.children.items() if i not in before.children),
            *(f"window {n}" for i, n in self.windows.items() if i not in before.windows),
        ]


def _children() -> dict[int, str]:
    """Live child processes of this one, by id; zombies do not count."""
    found: dict[int, str] = {}
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):
            for pid in (task / "children").read_text().split():
                name, rest = Path(f"/proc/{pid}/stat").read_text().split("(", 1)[1].rsplit(")", 1)
                if rest.split()[0] != "Z":
                    found[int(pid)] = name
    return found


def _windows() -> dict[int, str]:
    """Top-level widgets and windows by address."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    app = widgets and widgets.QApplication.instance()
    if not widgets or app is None:
        return {}
    from shiboken6 import Shiboken

    tops = [*widgets.QApplication.topLevelWidgets(), *app.topLevelWindows()]
    own = [w for w in tops if w.metaObject().className() != "QWidgetWindow"]
    return {Shiboken.getCppPointer(w)[0]: repr(w) for w in own}


@contextlib.contextmanager
def _unfreed() -> Iterator[list[str]]:
    """What Qt finds left on graphics devices that end meanwhile, in its words."""
    told: list[str] = []
    core = sys.modules.get("PySide6.QtCore")
    if core is None:
        yield told
        return

    def heard(kind: object, context: object, text: str) -> None:
        if "unreleased resources" in text:
            told.append(text)
        elif before is not None:
            before(kind, context, text)
        else:
            print(text, file=sys.stderr)

    before = core.qInstallMessageHandler(heard)
    try:
        yield told
    finally:
        core.qInstallMessageHandler(before)


def _let_go() -> None:
    """Deliver deferred deletes and collect, so that only what is really held remains."""
    core = sys.modules.get("PySide6.QtCore")
    if core and core.QCoreApplication.instance() is not None:
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)
        core.QCoreApplication.processEvents()
        gc.collect()


@pytest.fixture(autouse=True)
def _note_what_stands(request: pytest.FixtureRequest) -> None:
    request.node.stash[_BEFORE] = _Standing()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """After everything else was torn down: what is left fails the test."""
    result = yield
    before = item.stash.get(_BEFORE, None)
    if before is not None:
        with _unfreed() as unfreed:
            _let_go()
            deadline = time.monotonic() + SETTLE_S
            pause = threading.Event()
            while (left := _Standing().beyond(before)) and time.monotonic() < deadline:
                pause.wait(0.02)
                _let_go()
        if left := [*left, *unfreed]:
            pytest.fail("left behind: " + ", ".join(left), pytrace=False)
    return result


# -- no skip in CI ------------------------------------------------------------------------------
def _no_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"CI allows no skip: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skipped test is a failed one where CI is set."""
    report = yield
    _no_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """So is a skipped module."""
    report = yield
    _no_skip(report)
    return report
