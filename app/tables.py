"""How desks show their attribute tables as windows of the console. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from app.settings import Settings
from app.windows.table import TableWindow

PREFIX = "table"
"""Windows of this name and a number are tables; a desk opens them, nobody else."""
Show = Callable[[str, TableWindow, Callable[[], None]], None]


class TableShelf:
    """A ``app.controllers.tables.TableHost`` over the console's own ways to show and to close."""

    def __init__(self, show: Show, close: Callable[[str], None], settings: Settings) -> None:
        self._show, self._close, self._settings = show, close, settings
        self._count = 0

    def add_table(self, window: TableWindow, closed: Callable[[], None]) -> str:
        """Show a window; its name."""
        self._count += 1
        name = f"{PREFIX}{self._count}"
        self._show(name, window, closed)
        return name

    def close_window(self, name: str) -> None:
        """Close a window by its name."""
        self._close(name)

    def table_columns(self, layer: str) -> list[str]:
        """Names of the columns that were chosen for a layer."""
        return self._settings.table_columns(layer)

    def keep_table_columns(self, layer: str, names: list[str]) -> None:
        """Remember them."""
        self._settings.set_table_columns(layer, names)
