"""The import wizard: four pages one after the other, forward and back. GUI thread.

Setters in, signals out; what the pages ask for comes from the pages themselves.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from widgets.import_wizard.fields_page import FieldsPage
from widgets.import_wizard.file_page import FilePage
from widgets.import_wizard.load_page import LoadPage
from widgets.import_wizard.mini_map import Outline
from widgets.import_wizard.source_page import SourcePage
from widgets.panel import Panel, button, column, line, rule
from widgets.text import plain_label, set_role
from widgets.theme import Theme

FILE, SOURCE, FIELDS, LOAD = range(4)


class ImportWizard(Panel):
    """``page_changed(page)``: a person went to another page."""

    page_changed = Signal(int)

    def __init__(self, theme: Theme, outline: Outline, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.file = FilePage(theme)
        self.source = SourcePage(theme, outline)
        self.fields = FieldsPage(theme)
        self.load = LoadPage(theme, outline)
        self.pages = QStackedWidget()
        for page in (self.file, self.source, self.fields, self.load):
            self.pages.addWidget(page)
        names = (self.tr("File"), self.tr("Contents"), self.tr("Fields"), self.tr("Load"))
        self._steps = [plain_label(f"{n}  {name}", "muted") for n, name in enumerate(names, 1)]
        self.name = plain_label(role="strong")
        self.busy = plain_label(role="muted")
        self.back = button(self.tr("Back"))
        self.next = button(self.tr("Next"), "primary")
        self.back.clicked.connect(self._back)
        self.next.clicked.connect(self._next)
        self._may = [False, False, False]
        self._locked = False
        layout = column(self, margin=14, gap=10)
        layout.addLayout(line(*self._steps, None, self.busy, gap=22))
        layout.addWidget(self.name)
        layout.addWidget(rule())
        layout.addWidget(self.pages, 1)
        layout.addLayout(line(None, self.back, self.next))
        self.go(FILE)

    @property
    def page(self) -> int:
        """The page that is shown."""
        return self.pages.currentIndex()

    def go(self, page: int) -> None:
        """Show a page."""
        self.pages.setCurrentIndex(page)
        for place, step in enumerate(self._steps):
            set_role(step, "bold" if place == page else "muted")
        self.name.setVisible(page != FILE and bool(self.name.text()))
        self._show_buttons()

    def set_name(self, text: str) -> None:
        """The file's name."""
        self.name.setText(text)
        self.name.setVisible(self.page != FILE and bool(text))

    def set_busy(self, text: str) -> None:
        """What is being done in the background; "" for nothing."""
        self.busy.setText(text)

    def set_may(self, page: int, may: bool) -> None:
        """Whether one may go on from a page."""
        self._may[page] = may
        self._show_buttons()

    def set_locked(self, locked: bool) -> None:
        """No going back while something is under way or done."""
        self._locked = locked
        self._show_buttons()

    def _show_buttons(self) -> None:
        page = self.page
        self.back.setVisible(page != FILE)
        self.back.setEnabled(not self._locked)
        self.next.setVisible(page != LOAD)
        self.next.setEnabled(page != LOAD and self._may[page])

    def _back(self) -> None:
        self._turn(self.page - 1)

    def _next(self) -> None:
        self._turn(self.page + 1)

    def _turn(self, page: int) -> None:
        self.go(page)
        self.page_changed.emit(page)
