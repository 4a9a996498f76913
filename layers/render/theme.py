"""The colours that the map draws with. Value types only, so any thread may read them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Protocol

from PySide6.QtGui import QColor, QFont

from services.domain.model import Severity

_TOKENS = Path(__file__).resolve().parent.parent.parent / "resources" / "theme.toml"
SEVERITY_TOKENS = {
    Severity.NORMAL: "normal",
    Severity.INFO: "info",
    Severity.MINOR: "minor",
    Severity.MAJOR: "major",
    Severity.CRITICAL: "critical",
}


class MapTheme(Protocol):
    """Colours by the tokens of resources/theme.toml, and the font; the console's theme is one."""

    def color(self, name: str) -> QColor:
        """A colour by its token."""
        ...

    def font(self, px: int = 0, *, bold: bool = False) -> QFont:
        """The interface font at a pixel size."""
        ...


class TokenTheme:
    """The shipped tokens of one variant, for a map that was given no theme."""

    def __init__(self, variant: str = "dark") -> None:
        raw = tomllib.loads(_TOKENS.read_text("utf-8"))
        self._colors = {name: QColor(value) for name, value in raw[variant].items()}
        self._families = [str(family) for family in raw["type"]["families"]]

    def color(self, name: str) -> QColor:
        """A colour by its token."""
        return QColor(self._colors[name])

    def font(self, px: int = 0, *, bold: bool = False) -> QFont:
        """The first family that the machine has; tabular figures."""
        font = QFont(self._families)
        font.setPixelSize(px or 14)
        font.setBold(bold)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font
