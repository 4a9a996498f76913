"""The style sheet, filled with tokens. Pure: no Qt objects."""

from __future__ import annotations

from string import Template
from typing import Protocol


class Sizes(Protocol):
    """Pixel sizes that the sheet uses."""

    @property
    def small(self) -> int:
        """Small words."""

    @property
    def strong(self) -> int:
        """Emphasised words."""

    @property
    def title(self) -> int:
        """Titles."""


class Spaces(Protocol):
    """Pixel distances that the sheet uses."""

    @property
    def radius(self) -> int:
        """Corner radius."""


_SHEET = Template("""
QMainWindow, QDialog { background: $ground; }
QWidget[panel="true"] { background: $panel; color: $text; }
QFrame[role="block"] { background: $raised; border: 1px solid $raised;
  border-radius: ${radius}px; }
QFrame[role="block-off"] { background: transparent; border: 1px solid $line;
  border-radius: ${radius}px; }
QFrame[role="line"] { border: 1px solid transparent; border-radius: ${radius}px; }
QFrame[found="true"] { border: 1px solid $accent; }
QFrame[role="well"] { background: $ground; border: none; border-radius: ${radius}px; }
QFrame[role="rule"] { background: $line; border: none; }
QLabel { color: $text; background: transparent; }
QLabel[role="title"] { font-size: ${title}px; font-weight: 600; }
QLabel[role="strong"] { font-size: ${strong}px; font-weight: 600; }
QLabel[role="bold"] { font-weight: 600; }
QLabel[role="section"] { font-size: ${strong}px; font-weight: 600; padding-top: 6px; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="faint"] { color: $faint; font-size: ${small}px; }
QLabel[role="small"] { color: $muted; font-size: ${small}px; }
QLabel[role="info"] { color: $info_text; }
QLabel[role="minor"] { color: $minor_text; }
QLabel[role="major"] { color: $major_text; }
QLabel[role="critical"] { color: $critical_text; }
QLabel[role="good"] { color: $good_text; }
QLabel[role="empty"] { color: $muted; padding: 18px; }
QPushButton { background: $raised; color: $text; border: 1px solid $line;
  border-radius: ${radius}px; padding: 5px 12px; }
QPushButton:hover { border-color: $faint; }
QPushButton:focus { border: 1px solid $accent; }
QPushButton:pressed { background: $line; }
QPushButton:disabled { color: $neutral; background: transparent; }
QPushButton:checked { border-color: $accent; color: $accent; background: $line; }
QPushButton[role="primary"] { background: $accent; color: $on_accent; font-weight: 600;
  font-size: ${strong}px; border: 1px solid $accent; padding: 9px 14px; }
QPushButton[role="primary"]:hover { border-color: $text; }
QPushButton[role="primary"]:focus { border: 2px solid $text; }
QPushButton[role="primary"]:disabled { background: $raised; color: $neutral;
  border-color: $line; }
QPushButton[role="danger"] { color: $critical_text; border-color: $critical; }
QPushButton[role="link"] { color: $accent; background: transparent; border: none;
  padding: 2px 4px; }
QPushButton[role="link-minor"] { color: $minor_text; background: transparent; border: none;
  padding: 2px 4px; }
QPushButton[role="link"]:focus, QPushButton[role="link-minor"]:hover,
QPushButton[role="link-minor"]:focus, QPushButton[role="link"]:hover { text-decoration: underline; }
QPushButton[role="link"]:checked { background: $line; border-radius: ${radius}px; }
QPushButton[role="tool"] { padding: 3px 8px; }
QPushButton[role="row"] { background: transparent; border: 1px solid transparent;
  text-align: left; padding: 4px 6px; }
QPushButton[role="row"]:hover { background: $raised; }
QPushButton[role="row"]:focus { border-color: $accent; }
QRadioButton { color: $text; spacing: 8px; padding: 2px 4px; border-radius: ${radius}px; }
QRadioButton:focus { background: $raised; }
QRadioButton::indicator { width: 10px; height: 10px; border: 1px solid $muted;
  border-radius: 6px; }
QRadioButton::indicator:checked { border: 4px solid $accent; width: 4px; height: 4px; }
QLineEdit, QPlainTextEdit {
  background: $ground; color: $text; border: 1px solid $line; border-radius: ${radius}px;
  padding: 4px 8px; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus, QPlainTextEdit:focus { border-color: $accent; }
QLineEdit[role="search"] { border-radius: 14px; padding: 4px 14px; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { background: transparent; border: none;
  padding: 2px 4px; }
QComboBox QAbstractItemView { background: $raised; color: $text; border: 1px solid $line;
  selection-background-color: $accent; selection-color: $on_accent; }
QAbstractItemView { background: $panel; color: $text; border: none; outline: none; }
QTableView { selection-background-color: transparent; }
QTableView[role="texts"] { selection-background-color: $accent; selection-color: $on_accent; }
QFrame[role="popup"] { background: $raised; border: 1px solid $line; }
QListView[role="popup-list"] { background: $raised; border: none; }
QListView[role="popup"] { background: $raised; border: 1px solid $line; }
QHeaderView::section { background: $panel; color: $faint; border: none; padding: 4px; }
QScrollArea, QScrollArea > QWidget > QWidget[role="scrolled"] { background: transparent;
  border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 4px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: $neutral; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px; }
QMenu { background: $raised; color: $text; border: 1px solid $line; }
QMenu::item { padding: 6px 22px; }
QMenu::item:selected { background: $accent; color: $on_accent; }
QMenu::item:disabled { color: $neutral; }
QSlider::groove:horizontal { height: 4px; background: $line; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal { background: $text; width: 14px; margin: -6px 0; border-radius: 7px; }
QSlider::handle:horizontal:focus { background: $accent; }
QSplitter::handle { background: $line; }
QTabBar::tab { color: $muted; padding: 7px 14px; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $text; font-weight: 600; border-bottom: 2px solid $accent; }
QTabWidget::pane { border: none; }
""")


def style_sheet(colors: dict[str, str], sizes: Sizes, space: Spaces) -> str:
    """The whole sheet; raises KeyError when it uses a token that the theme lacks."""
    return _SHEET.substitute(
        colors,
        small=sizes.small,
        strong=sizes.strong,
        title=sizes.title,
        radius=space.radius,
    )
