"""Every kind of window that a console shows."""

from __future__ import annotations

from app.windows.accounts import AccountsWindow
from app.windows.audit import AuditWindow
from app.windows.desk import DeskWindow
from app.windows.help import HelpWindow
from app.windows.imports import ImportWindow
from app.windows.map import MapWindow
from app.windows.table import TableWindow
from app.windows.video import VideoWindow
from app.windows.wall import WallWindow

ConsoleWindow = (
    DeskWindow
    | MapWindow
    | WallWindow
    | VideoWindow
    | HelpWindow
    | AuditWindow
    | AccountsWindow
    | ImportWindow
    | TableWindow
)
