"""The attribute table of a layer: filter, columns, rows, what can be done with them. GUI thread.

It says what it wants shown (``asked_changed``); whoever owns the data arranges the rows and hands
them back (``set_arranged``). Selecting and opening are told by signals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QStackedLayout, QWidget

from layers.model.attributes import Rows
from layers.model.expression import Expression, parse
from layers.model.features import FeatureStore
from layers.model.fields import BUILT_IN
from layers.model.table import Arranged, Asked, Order
from services.domain.clock import Clock
from services.domain.errors import KnownError
from widgets.attribute_columns import TableColumn
from widgets.attribute_grid import AttributeGrid
from widgets.attribute_model import AttributeModel
from widgets.busy_line import BusyLine
from widgets.column_chooser import ColumnChooser
from widgets.export_panel import ExportPanel
from widgets.expression_edit import ExpressionEdit, Offer
from widgets.panel import Panel, button, column, line
from widgets.text import plain_label, set_tooltip
from widgets.theme import Theme


class AttributeTable(Panel):
    """``asked_changed()``: what is to be shown is another; ``zoom_asked()`` to what is selected;
    ``opened(id)``; ``selection_changed()``; ``export_asked()``, ``copy_asked()`` of what is
    selected; ``columns_changed(names)``; ``stop_asked()`` of what is being worked on.

    ``words`` turns an error into words.
    """

    asked_changed = Signal()
    zoom_asked = Signal()
    opened = Signal(str)
    selection_changed = Signal()
    export_asked = Signal()
    copy_asked = Signal()
    columns_changed = Signal(list)
    stop_asked = Signal()

    def __init__(
        self,
        theme: Theme,
        store: FeatureStore,
        clock: Clock,
        words: Callable[[KnownError], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self._words = words
        self._all: tuple[TableColumn, ...] = ()
        self._shown: list[str] = []
        self._layer_filter: Expression | None = None
        self._filter: Expression | None = None
        self._order: Order | None = None
        self._arranged: Arranged | None = None
        self._in_layer = 0
        self._in_force: tuple[Expression | None, Order | None] = (None, None)
        self._why_empty = ""
        self._fitted = False
        self.model = AttributeModel(theme, store, clock, self)
        self.grid = AttributeGrid(theme, self.model)
        self.filter = ExpressionEdit()
        self.chooser = ColumnChooser(theme, self)
        self.export = ExportPanel(theme)
        self._build()

    # -- setters ------------------------------------------------------------------------
    def set_layer(self, title: str, columns: Sequence[TableColumn], shown: Sequence[str]) -> None:
        """What layer it is, the columns there are, and the names of those that are shown."""
        self.title.setText(title)
        self._all = tuple(columns)
        known = {c.name for c in columns}
        names = [n for n in shown if n in known]
        self._show_columns(names or [c.name for c in columns if c.shown])

    def set_values(self, values: Mapping[str, Sequence[Offer]]) -> None:
        """Values that the filter may offer, by field."""
        titles = {c.name: c.heading for c in self._all}
        names = [*titles, *(n for n in BUILT_IN if n not in titles)]
        self.filter.set_fields([(n, titles.get(n, "")) for n in names], values)

    def set_layer_filter(self, expression: Expression | None) -> None:
        """The filter of the layer itself."""
        self._layer_filter = expression

    def set_arranged(self, arranged: Arranged, in_layer: int, asked: Asked | None = None) -> None:
        """Rows to show; ``in_layer``: how many there are before any filter; ``asked``: what they
        are the answer to, as it stands now without."""
        self._arranged, self._in_layer = arranged, in_layer
        asked = asked or self.asked
        self._in_force = asked.filter, asked.order
        first = not self._fitted and len(arranged.rows) > 0
        self.grid.set_rows(arranged.rows)
        if first:
            self._fitted = True
            self.grid.fit_columns()
        self._show_counts()

    def keep(self, rows: Rows) -> None:
        """Of what is shown only these are there any more."""
        if self._arranged is not None and len(rows) != len(self._arranged.rows):
            gone = len(self._arranged.rows) - len(rows)
            total = self._arranged.total - gone
            self._arranged = Arranged(rows, total, self._arranged.version)
            self.grid.set_rows(rows)
            self._show_counts()

    def revert(self) -> None:
        """What was asked for last is given up: filter and order are those of the rows shown."""
        self._filter, self._order = self._in_force
        self.filter.setText(self.filter_text)
        self.problem.hide()
        self._show_order()

    def set_message(self, text: str) -> None:
        """Say what became of something."""
        self.message.setText(text)

    def set_why_empty(self, text: str) -> None:
        """Why there may be no rows at all: no line yet, for instance; "" for none."""
        self._why_empty = text
        self._show_counts()

    # -- reading --------------------------------------------------------------------------
    @property
    def asked(self) -> Asked:
        """What is to be shown."""
        return Asked(self._layer_filter, self._filter, self._order)

    @property
    def columns(self) -> tuple[TableColumn, ...]:
        """All columns that there are."""
        return self._all

    @property
    def filter_text(self) -> str:
        """The filter that holds."""
        return self._filter.text if self._filter is not None else ""

    @property
    def arranged(self) -> Arranged | None:
        """What is shown."""
        return self._arranged

    def shown_columns(self) -> list[TableColumn]:
        """Columns as they are seen, from left to right."""
        return [self.model.columns[i] for i in self.grid.shown_columns()]

    # -- building --------------------------------------------------------------------------
    def _build(self) -> None:
        self.title = plain_label(role="title")
        self.count = plain_label(role="strong")
        self.chosen = plain_label(role="muted")
        self.problem = plain_label(role="minor")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.busy = BusyLine()
        self.message = plain_label(role="muted")
        self.columns_button = button(self.tr("Columns…"), "tool")
        self.zoom_button = button(self.tr("Zoom to"), "tool")
        self.card_button = button(self.tr("Open card"), "tool")
        self.copy_button = button(self.tr("Copy"), "tool")
        self.export_button = button(self.tr("Export…"), "tool")
        self.filter.setPlaceholderText(
            self.tr("Filter, for example: {0}").format("name like '%路%' and age_s < 600")
        )
        self.filter.setAccessibleName(self.tr("Filter by expression"))
        self.grid.setAccessibleName(self.tr("Attribute table"))
        self.empty = plain_label(role="empty")
        self.empty.setWordWrap(True)
        self.clear = button(self.tr("Clear the filter"), "tool")
        nothing = QWidget()
        inside = column(nothing, margin=24, gap=8)
        inside.addWidget(self.empty)
        inside.addLayout(line(self.clear, None))
        inside.addStretch(1)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.grid)
        self._stack.addWidget(nothing)
        layout = column(self, margin=12, gap=8)
        layout.addLayout(line(self.title, self.count, self.chosen, None, self.busy, gap=14))
        tools = (self.zoom_button, self.card_button, self.copy_button)
        layout.addLayout(line(self.filter, self.columns_button, *tools, self.export_button))
        layout.addWidget(self.problem)
        layout.addWidget(self.export)
        layout.addLayout(self._stack, 1)
        layout.addWidget(self.message)
        self._connect()
        self._show_actions()

    def _connect(self) -> None:
        self.filter.settled.connect(self._settled)
        self.clear.clicked.connect(self.filter.clear)
        self.columns_button.clicked.connect(self._choose_columns)
        self.zoom_button.clicked.connect(self.zoom_asked)
        self.card_button.clicked.connect(self._open_current)
        self.copy_button.clicked.connect(self.copy_asked)
        self.busy.stop_asked.connect(self.stop_asked)
        self.export_button.clicked.connect(self.export_asked)
        self.chooser.chosen.connect(self._columns_chosen)
        self.chooser.reset_asked.connect(self._columns_reset)
        self.grid.order_asked.connect(self._sort_by)
        self.grid.copy_asked.connect(self.copy_asked)
        self.grid.opened.connect(self.opened)
        self.grid.columns_moved.connect(self._columns_moved)
        self.grid.selection_changed.connect(self._selected)
        self.grid.customContextMenuRequested.connect(self._open_menu)
        self.grid.horizontalHeader().customContextMenuRequested.connect(self._choose_columns)

    # -- filter and order --------------------------------------------------------------------
    def _settled(self, text: str) -> None:
        """Take the filter over; one that cannot be read leaves the one before in force."""
        aliases = {c.title: c.name for c in self._all}
        known = {c.name for c in self._all}.union(BUILT_IN)
        try:
            found = parse(text, known, aliases) if text.strip() else None
        except KnownError as error:
            self._show_problem(error)
            return
        self.problem.hide()
        if (found and found.text) != (self._filter and self._filter.text):
            self._filter = found
            self.grid.to_top()
            self.asked_changed.emit()

    def _show_problem(self, error: KnownError) -> None:
        words = self._words(error)
        if self._filter is not None:
            still = self.tr("The rows below are still those of: {0}")
            words += "  " + still.format(self._filter.text)
        self.problem.setText(words)
        self.problem.show()

    def set_filter(self, text: str) -> None:
        """Filter by a text, as if it had been typed."""
        self.filter.setText(text)
        self._settled(text)

    def set_order(self, order: Order | None) -> None:
        """Sort, and show by what."""
        self._order = order
        self._show_order()
        self.grid.to_top()
        self.asked_changed.emit()

    def _show_order(self) -> None:
        order = self._order
        name, descending = ("", False) if order is None else (order.name, order.descending)
        self.grid.set_sorted(name, descending)

    def _sort_by(self, name: str) -> None:
        """A click on a title: upwards, then downwards, then as they came."""
        old = self._order
        if old is None or old.name != name:
            self.set_order(Order(name))
        else:
            self.set_order(None if old.descending else Order(name, descending=True))

    # -- columns --------------------------------------------------------------------------
    def _show_columns(self, names: Sequence[str]) -> None:
        by_name = {c.name: c for c in self._all}
        self._shown = list(names)
        widths = {c.name: self.grid.columnWidth(i) for i, c in enumerate(self.model.columns)}
        self.model.set_columns([by_name[name] for name in names])
        header = self.grid.horizontalHeader()
        for place, name in enumerate(names):
            header.moveSection(header.visualIndex(place), place)
            self.grid.setColumnWidth(place, widths.get(name, by_name[name].width))
        if self._order is not None:
            self._show_order()

    def _choose_columns(self, *_where: object) -> None:
        below = self.columns_button.mapToGlobal(QPoint(0, self.columns_button.height() + 2))
        self.chooser.open_at(below, self._all, self._shown)

    def _columns_chosen(self, names: list[str]) -> None:
        self._show_columns(names)
        self.columns_changed.emit(names)

    def _columns_reset(self) -> None:
        names = [c.name for c in self._all if c.shown]
        self.chooser.set_columns(self._all, names)
        self._columns_chosen(names)

    def _columns_moved(self) -> None:
        self._shown = [c.name for c in self.shown_columns()]
        self.columns_changed.emit(list(self._shown))

    # -- acting -----------------------------------------------------------------------------
    def _open_current(self) -> None:
        if self.grid.current_id():
            self.opened.emit(self.grid.current_id())

    def _selected(self) -> None:
        self._show_counts()
        self.selection_changed.emit()

    def set_selected(self, rows: Rows) -> None:
        """Select rows of the store, as elsewhere."""
        self.grid.set_selected(rows)
        self._show_counts()

    def _open_menu(self, place: QPoint) -> None:
        menu = self.build_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.grid.viewport().mapToGlobal(place))

    def build_menu(self) -> QMenu:
        """What can be done with rows."""
        menu = QMenu(self)
        some = bool(len(self.grid.selection))
        for text, act, able in (
            (self.tr("Zoom to"), self.zoom_asked.emit, some),
            (self.tr("Open card"), self._open_current, bool(self.grid.current_id())),
            (self.tr("Copy"), self.copy_asked.emit, some),
            (self.tr("Select all"), self.grid.select_all, True),
            (self.tr("Invert selection"), self.grid.invert, True),
            (self.tr("Export…"), self.export_asked.emit, True),
        ):
            action = menu.addAction(text)
            action.triggered.connect(act)
            action.setEnabled(able)
        return menu

    # -- showing ------------------------------------------------------------------------------
    def _show_counts(self) -> None:
        arranged = self._arranged
        if arranged is None:
            return
        shown, total = len(self.model.rows), arranged.total
        words = self.tr("{0} of {1}") if self._filter is not None else "{1}"
        self.count.setText(words.format(f"{shown:,}", f"{total:,}"))
        selected = len(self.grid.selection)
        here = len(self.grid.selected_rows()) if selected else 0
        self.export.set_rows(shown, here)
        text = self.tr("{0} selected").format(f"{here:,}") if selected else ""
        if here != selected:
            more = self.tr(" ({0} more that this table does not show)")
            text += more.format(f"{selected - here:,}")
        self.chosen.setText(text)
        self._show_empty(shown, total)
        self._show_actions()

    def _show_empty(self, shown: int, total: int) -> None:
        filtered = not shown and total > 0
        if shown:
            text = ""
        elif filtered:
            text = self.tr("None of the {0} rows fits this filter.").format(f"{total:,}")
        elif self._in_layer:
            text = self.tr("The layer's own filter hides all of its {0} things.")
            text = text.format(f"{self._in_layer:,}")
        else:
            text = self._why_empty or self.tr(
                "This layer has nothing on the map: none has been reported, or you may not see it."
            )
        self.empty.setText(text)
        self.clear.setVisible(filtered)
        self._stack.setCurrentIndex(0 if shown else 1)

    def _show_actions(self) -> None:
        some = bool(len(self.grid.selection))
        pick = self.tr("Select rows first.")
        for push, able in (
            (self.zoom_button, some),
            (self.card_button, self.grid.currentIndex().isValid()),
            (self.copy_button, some and len(self.grid.selected_rows()) > 0),
        ):
            push.setEnabled(able)
            set_tooltip(push, "" if able else pick)
        self.export_button.setEnabled(bool(len(self.model.rows)))
