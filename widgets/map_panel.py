"""The panel for what tools of the map found: one page at a time, closed when done. GUI thread."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget

from widgets.panel import Panel, button, column, line, rule
from widgets.text import button_text
from widgets.theme import Theme


class MapPanel(Panel):
    """Pages with a button each; ``closed`` when a person closes it. Hidden until a page is
    shown."""

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._stack = QStackedWidget()
        self._tabs: dict[str, QPushButton] = {}
        self._pages: dict[str, QWidget] = {}
        self._bar = line(gap=4)
        close = button(self.tr("Close"), "link", self.tr("Close this panel"))
        close.clicked.connect(self._close)
        head = line(gap=8, margin=10)
        head.addLayout(self._bar)
        head.addStretch(1)
        head.addWidget(close)
        layout = column(self, gap=0)
        layout.addWidget(rule())
        layout.addSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)
        self.setMinimumHeight(180)
        self.hide()

    def add_page(self, name: str, title: str, page: QWidget) -> None:
        """One more page with its button."""
        tab = button(title, "tool")
        tab.setCheckable(True)
        tab.setAutoExclusive(True)
        tab.clicked.connect(partial(self._choose, name))
        self._tabs[name] = tab
        self._pages[name] = page
        self._bar.addWidget(tab)
        self._stack.addWidget(page)

    def set_title(self, name: str, title: str) -> None:
        """Another text on a page's button, as a count."""
        self._tabs[name].setText(button_text(title))

    def show_page(self, name: str) -> None:
        """Bring a page to the front, and the panel with it."""
        self._choose(name)
        self.show()

    @property
    def page(self) -> str:
        """The page in front, "" while the panel is closed."""
        shown = self._stack.currentWidget()
        names = [name for name, page in self._pages.items() if page is shown]
        return names[0] if names and self.isVisible() else ""

    def _choose(self, name: str, _on: bool = False) -> None:
        self._tabs[name].setChecked(True)
        self._stack.setCurrentWidget(self._pages[name])

    def _close(self) -> None:
        self.hide()
        self.closed.emit()
