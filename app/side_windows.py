"""Windows beside the desk, built with all they need: manual, audit, accounts, import of files.

The console opens and closes them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.console_parts import Parts
from app.controllers.accounts import AccountsController
from app.controllers.audit import AuditController
from app.controllers.imports import ImportsController
from app.import_jobs import Loader, Wait, outline_rings
from app.options import ConsoleOptions
from app.resources import resource
from app.windows.accounts import AccountsWindow
from app.windows.audit import AuditWindow
from app.windows.help import HelpWindow
from app.windows.imports import ImportWindow
from services.ingest.batches import BatchStore
from services.ingest.http_client import HubClient
from services.ingest.remembered import Memory
from services.tls.contexts import trust

OUTLINE = resource("basemap", "district_outline.geojson")


SideWindow = HelpWindow | AuditWindow | AccountsWindow | ImportWindow
Built = tuple[SideWindow, Callable[[], None]]
"""A window, and what ends its work when it is closed."""
SIDE = ("help", "audit", "accounts", "imports")


@dataclass(frozen=True, slots=True)
class Around:
    """What side windows ask of the console: an action of the table, and a box (west, south, east,
    north in degrees) on the desk's map."""

    act: Callable[[str], None]
    show: Callable[[tuple[float, float, float, float]], None]


def load_under_way(windows: Mapping[str, QWidget]) -> str:
    """Why the windows cannot be built anew now, "" where they can: a load would be stopped."""
    if not any(isinstance(w, ImportWindow) and w.busy for w in windows.values()):
        return ""
    return QCoreApplication.translate(
        "Imports", "A file is being loaded; wait until it is, or stop it."
    )


def build_side(name: str, parts: Parts, options: ConsoleOptions, around: Around) -> Built:
    """One of ``SIDE``."""
    if name == "audit":
        return _audit(parts, around)
    if name == "accounts":
        return _accounts(parts, around)
    if name == "imports":
        return _imports(parts, options, around)
    return HelpWindow(parts.theme, parts.lang), lambda: None


def _audit(parts: Parts, around: Around) -> Built:
    window = AuditWindow(parts.theme, time.time)
    window.action_requested.connect(around.act)
    controller = AuditController(parts, window)
    controller.begin()
    return window, lambda: None


def _accounts(parts: Parts, around: Around) -> Built:
    window = AccountsWindow(parts)
    controller = AccountsController(parts, window)
    window.action_requested.connect(around.act)
    return window, controller.close


def _imports(parts: Parts, options: ConsoleOptions, around: Around) -> Built:
    def client(wait: Wait) -> HubClient:
        return HubClient(
            options.hub_url, options.tokens, wait=wait, trust=trust(options.hub_url, options.ca)
        )

    user = options.user
    loader = Loader(parts.catalogue, BatchStore(options.data_dir), client, options.hub_url, user)
    window = ImportWindow(parts.theme, outline_rings(OUTLINE))
    memory = Memory(options.data_dir)
    controller = ImportsController(parts, window, loader, memory, OUTLINE, around.show)
    return window, controller.close
