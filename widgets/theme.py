"""Colours, fonts and the style sheet, all from resources/theme.toml. GUI thread after ``apply``."""

from __future__ import annotations

import tomllib
from functools import cached_property
from pathlib import Path
from typing import Literal

import msgspec
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from services.domain.errors import KnownError
from services.domain.model import Severity
from widgets.theme_qss import style_sheet

Variant = Literal["dark", "light"]
DEFAULT_PATH = Path(__file__).resolve().parent.parent / "resources" / "theme.toml"
SEVERITY_TOKEN = {
    Severity.NORMAL: "normal",
    Severity.INFO: "info",
    Severity.MINOR: "minor",
    Severity.MAJOR: "major",
    Severity.CRITICAL: "critical",
}


class TypeSizes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Font families in order of preference, and pixel sizes at the desk."""

    families: tuple[str, ...]
    small: int
    body: int
    strong: int
    title: int


class Space(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Distances in pixels at the desk."""

    row: int
    gap: int
    pad: int
    radius: int


class ThemeFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """resources/theme.toml."""

    dark: dict[str, str]
    light: dict[str, str]
    type: TypeSizes
    space: Space


class Theme:
    """The look of one variant; immutable, passed to every panel by its constructor."""

    def __init__(self, tokens: dict[str, str], sizes: TypeSizes, space: Space, name: str) -> None:
        self.name = name
        self.sizes = sizes
        self.space = space
        self._colors = {token: QColor(value) for token, value in tokens.items()}

    @classmethod
    def load(cls, path: Path | None = None, variant: Variant = "dark") -> Theme:
        """Read the tokens; raises KnownError (bad_theme) naming the file and the place."""
        source = path or DEFAULT_PATH
        try:
            raw = tomllib.loads(source.read_text("utf-8"))
            file = msgspec.convert(raw, ThemeFile)
        except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise KnownError("bad_theme", f"The theme cannot be read: {error}") from error
        tokens = file.dark if variant == "dark" else file.light
        wrong = [name for name, value in tokens.items() if not QColor.isValidColorName(value)]
        missing = set(file.dark) ^ set(file.light)
        if wrong or missing:
            names = ", ".join(sorted({*wrong, *missing}))
            raise KnownError("bad_theme", f"The theme has wrong or missing colours: {names}")
        return cls(tokens, file.type, file.space, variant)

    @property
    def tokens(self) -> tuple[str, ...]:
        """Names of all colours."""
        return tuple(self._colors)

    def color(self, name: str) -> QColor:
        """A colour by its token."""
        return QColor(self._colors[name])

    def severity(self, severity: Severity) -> QColor:
        """The mark colour of a severity."""
        return self.color(SEVERITY_TOKEN[severity])

    def severity_text(self, severity: Severity) -> QColor:
        """The word colour of a severity; readable on every surface."""
        if severity is Severity.NORMAL:
            return self.color("text")
        return self.color(SEVERITY_TOKEN[severity] + "_text")

    def font(self, px: int = 0, *, bold: bool = False) -> QFont:
        """The family at ``px`` pixels (0 = body) with tabular figures."""
        font = QFont(list(self.sizes.families))
        font.setPixelSize(px or self.sizes.body)
        font.setBold(bold)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    @cached_property
    def _sheet(self) -> str:
        values = {name: color.name() for name, color in self._colors.items()}
        return style_sheet(values, self.sizes, self.space)

    def qss(self) -> str:
        """The style sheet of the application."""
        return self._sheet

    def palette(self) -> QPalette:
        """The palette for what the style sheet does not reach (views, disabled text)."""
        palette = QPalette()
        roles = {
            QPalette.ColorRole.Window: "panel",
            QPalette.ColorRole.Base: "ground",
            QPalette.ColorRole.AlternateBase: "panel",
            QPalette.ColorRole.Button: "raised",
            QPalette.ColorRole.WindowText: "text",
            QPalette.ColorRole.Text: "text",
            QPalette.ColorRole.ButtonText: "text",
            QPalette.ColorRole.ToolTipBase: "raised",
            QPalette.ColorRole.ToolTipText: "text",
            QPalette.ColorRole.PlaceholderText: "faint",
            QPalette.ColorRole.Highlight: "accent",
            QPalette.ColorRole.HighlightedText: "on_accent",
            QPalette.ColorRole.Link: "accent",
        }
        for role, token in roles.items():
            palette.setColor(role, self.color(token))
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.color("neutral"))
        return palette

    def apply(self, app: QApplication) -> None:
        """Give the whole application this look; call once before the first window."""
        app.setStyle("Fusion")
        app.setPalette(self.palette())
        app.setFont(self.font())
        app.setStyleSheet(self.qss())
