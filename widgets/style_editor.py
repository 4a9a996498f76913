"""The style of a layer, edited beside the map that shows it meanwhile. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QStackedWidget, QWidget

from layers.model.layer_set import Categorised, Graduated, Heat, Single, Style
from layers.model.style_presets import only_by_colour
from widgets.panel import button, column, line
from widgets.style_categories import CategoryPage
from widgets.style_pages import Facts, HeatPage, Page, SinglePage
from widgets.style_steps import StepPage
from widgets.symbols import Mark
from widgets.text import plain, plain_label
from widgets.theme import Theme

SORTS: tuple[type[Style], ...] = (Single, Categorised, Graduated, Heat)
WIDTH_PX, HEIGHT_PX = 560, 560


class StyleEditor(QDialog):
    """``previewed(Style)`` with every change; ``taken(Style)`` at the end, or ``rejected`` when
    the person would rather have it as it was."""

    previewed = Signal(object)
    taken = Signal(object)

    def __init__(
        self, theme: Theme, title: str, own: Mark, facts: Facts, style: Style, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(plain(self.tr("Style: {0}").format(title)))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._style = style
        self.sort = QComboBox()
        self.pages: list[Page] = [
            SinglePage(theme, own, facts),
            CategoryPage(theme, own, facts),
            StepPage(theme, own, facts),
            HeatPage(theme, own, facts),
        ]
        self.stack = QStackedWidget()
        self.warning = plain_label(role="minor")
        self.warning.setWordWrap(True)
        self._build()
        self.show_style(style)

    @property
    def style_now(self) -> Style:
        """What is chosen."""
        return self._style

    def show_style(self, style: Style) -> None:
        """Show a style on the page of its sort."""
        at = next(i for i, sort in enumerate(SORTS) if isinstance(style, sort))
        self._style = style
        self.sort.setCurrentIndex(at)
        self.stack.setCurrentIndex(at)
        self.pages[at].show_style(style)
        self._show_warning()

    # -- inside ---------------------------------------------------------------
    def _build(self) -> None:
        words = (
            self.tr("All alike"),
            self.tr("By category"),
            self.tr("By number"),
            self.tr("Heat map"),
        )
        self.sort.addItems(list(words))
        self.sort.setAccessibleName(self.tr("Sort of style"))
        for page in self.pages:
            self.stack.addWidget(page)
            page.changed.connect(self._changed)
        take = button(self.tr("Take this style"), "primary")
        back = button(self.tr("As it was"))
        layout = column(self, margin=14, gap=10)
        layout.addLayout(line(plain_label(self.tr("Drawn")), self.sort, None))
        layout.addWidget(self.stack, 1)
        layout.addWidget(self.warning)
        layout.addLayout(line(None, back, take))
        self.resize(WIDTH_PX, HEIGHT_PX)
        self.sort.activated.connect(self._sort_chosen)
        take.clicked.connect(self._take)
        back.clicked.connect(self.reject)

    def _sort_chosen(self, at: int) -> None:
        style = self.pages[at].first(self._style)
        if style is None:
            self.show_style(self._style)
            text = self.tr("Nothing of this layer has a field for this.")
            if SORTS[at] is Graduated:
                text = self.tr("Nothing of this layer has a number that differs.")
            self.warning.setText(text)
            return
        self.show_style(style)
        self.previewed.emit(style)

    def _changed(self, style: Style) -> None:
        self._style = style
        self._show_warning()
        self.previewed.emit(style)

    def _show_warning(self) -> None:
        text = ""
        if only_by_colour(self._style):
            text = self.tr("Some classes differ by their colour alone. Not everybody sees that.")
        self.warning.setText(text)

    def _take(self) -> None:
        self.accept()
        self.taken.emit(self._style)
