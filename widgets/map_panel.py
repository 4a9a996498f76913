"""The panel for what tools of the map found: one page at a time, closed when done. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QTabBar, QWidget

from widgets.panel import Panel, button, column, line, rule
from widgets.text import button_text
from widgets.theme import Theme


class MapPanel(Panel):
    """Pages with a tab each; ``closed`` when a person closes it. Hidden until a page is
    shown."""

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._stack = QStackedWidget()
        self._names: list[str] = []
        self.tabs = QTabBar()
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(True)
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.tabs.setAccessibleName(self.tr("What the map's tools found"))
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)
        close = button(self.tr("Close"), "link", self.tr("Close this panel"))
        close.clicked.connect(self._close)
        head = line(gap=8, margin=10)
        head.addWidget(self.tabs, 1)
        head.addWidget(close)
        layout = column(self, gap=0)
        layout.addWidget(rule())
        layout.addSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)
        self.setMinimumHeight(180)
        self.hide()

    def add_page(self, name: str, title: str, page: QWidget) -> None:
        """One more page with its tab."""
        self._names.append(name)
        self._stack.addWidget(page)
        self.tabs.addTab(button_text(title))

    def set_title(self, name: str, title: str) -> None:
        """Another text on a page's tab, as a count."""
        self.tabs.setTabText(self._names.index(name), button_text(title))

    def show_page(self, name: str) -> None:
        """Bring a page to the front, and the panel with it."""
        self.tabs.setCurrentIndex(self._names.index(name))
        self.show()

    @property
    def page(self) -> str:
        """The page in front, "" while the panel is closed."""
        return self._names[self.tabs.currentIndex()] if self._names and self.isVisible() else ""

    def _close(self) -> None:
        self.hide()
        self.closed.emit()
