"""What a seat keeps from one start to the next, in the data directory. GUI thread."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings

from widgets.theme import Variant

FARTHEST_M = 100.0


class Settings:
    """Colours and the wall's viewing distance; a value that makes no sense counts as not set."""

    def __init__(self, data_dir: Path) -> None:
        self._store = QSettings(str(data_dir / "console.ini"), QSettings.Format.IniFormat)

    @property
    def variant(self) -> Variant:
        """Dark or light colours; dark at first."""
        return "light" if self._store.value("look/variant") == "light" else "dark"

    def set_variant(self, variant: Variant) -> None:
        """Keep the colours."""
        self._keep("look/variant", variant)

    @property
    def wall_distance_m(self) -> float | None:
        """From how many metres the wall is read; None: only in proportion to its window."""
        try:
            metres = float(str(self._store.value("wall/distance_m", "")))
        except ValueError:
            return None
        return metres if 0.0 < metres <= FARTHEST_M else None

    def set_wall_distance_m(self, metres: float | None) -> None:
        """Keep the viewing distance."""
        self._keep("wall/distance_m", "" if metres is None else f"{metres:g}")

    def _keep(self, key: str, value: str) -> None:
        self._store.setValue(key, value)
        self._store.sync()
