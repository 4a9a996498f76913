"""The layer tree: packs as groups, kinds with check box, mark, hints and counts. GUI thread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from PySide6.QtCore import QModelIndex, QPoint, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QMenu, QTreeView, QWidget

from layers.model.style import LIT_TRAIT
from services.packs.model import Catalogue, Kind
from widgets.keyed_model import MARK_ROLE
from widgets.layer_delegate import COUNT_ROLE, GROUP_ROLE, KIND_ROLE, LayerDelegate
from widgets.panel import Panel, column, line
from widgets.symbols import kind_mark
from widgets.text import plain, plain_label, set_role, tooltip_text
from widgets.theme import Theme

EXPANDED_ROWS = 12
"""Groups start open in pack order while their layers fit into so many rows; the others are shut."""
ANSWERING_TRAITS = frozenset({"observing", "camera", "speaker", "mobile"})
"""Things of these traits answer or do not; for the others only their number means something."""


class Count(Protocol):
    """Numbers of one kind; layers.model.features.KindCount fits."""

    @property
    def total(self) -> int:
        """All."""

    @property
    def online(self) -> int:
        """Those that answer."""

    @property
    def offline(self) -> int:
        """Those that do not."""

    @property
    def unknown(self) -> int:
        """Those of which nothing is known."""

    @property
    def alarmed(self) -> int:
        """Those with an alarm, or a deadline light that is not green."""

    @property
    def severe(self) -> int:
        """Those of them that are major or worse; of cases the overdue ones."""


class LayerTreePanel(Panel):
    """What is drawn, and how much of it there is.

    ``visible_kinds_changed(frozenset)`` after a check box; ``kind_activated(id)`` by double click
    or Enter on a kind.
    """

    visible_kinds_changed = Signal(frozenset)
    kind_activated = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._items: dict[str, QStandardItem] = {}
        self._kinds: dict[str, Kind] = {}
        self._counts: Mapping[str, Count] = {}
        self._lang = "zh"
        self._quiet = False
        self._model = QStandardItemModel(self)
        self._proxy = QSortFilterProxyModel(self)
        self._proxy.setSourceModel(self._model)
        self._proxy.setRecursiveFilteringEnabled(True)
        self._proxy.setAutoAcceptChildRows(True)
        self._proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.tree = QTreeView()
        self.filter_edit = QLineEdit()
        self._hidden = plain_label(role="minor")
        self._hidden_alarms = plain_label(role="critical")
        self._empty = plain_label(role="empty")
        self._build()
        self._model.itemChanged.connect(self._item_changed)

    # -- setters --------------------------------------------------------------
    def set_catalogue(self, catalogue: Catalogue, lang: str) -> None:
        """Show the kinds of all packs in pack order; each starts as its pack says."""
        self._quiet = True
        self._lang = lang
        self._model.clear()
        self._items.clear()
        self._kinds = dict(catalogue.kinds)
        for pack in catalogue.packs:
            if not pack.kind:
                continue
            group = QStandardItem(plain(pack.label.text(lang)))
            group.setEditable(False)
            group.setSelectable(False)
            for kind in pack.kind:
                group.appendRow(self._kind_item(kind))
            self._model.appendRow(group)
        self._expand_first()
        self._quiet = False
        self._show_hidden()

    def set_counts(self, counts: Mapping[str, Count]) -> None:
        """Numbers by kind id; a kind without numbers shows a dash."""
        self._quiet = True
        before, self._counts = self._counts, dict(counts)
        for kind_id, item in self._items.items():
            count = counts.get(kind_id)
            if count != before.get(kind_id):
                item.setData(count, COUNT_ROLE)
                item.setToolTip(tooltip_text(self._tip(kind_id)))
        self._quiet = False
        self._show_hidden()

    def set_visible_kinds(self, kinds: frozenset[str]) -> None:
        """Check exactly these kinds, without telling back."""
        self._quiet = True
        for kind_id, item in self._items.items():
            item.setCheckState(_check(kind_id in kinds))
        self._quiet = False
        self._show_hidden()

    # -- reading --------------------------------------------------------------
    def visible_kinds(self) -> frozenset[str]:
        """Kinds that are checked."""
        return frozenset(
            k for k, item in self._items.items() if item.checkState() == Qt.CheckState.Checked
        )

    def index_of(self, kind_id: str) -> QModelIndex:
        """The row of a kind in the view; invalid while the filter box hides it."""
        return self._proxy.mapFromSource(self._items[kind_id].index())

    # -- building -------------------------------------------------------------
    def _build(self) -> None:
        self.filter_edit.setPlaceholderText(self.tr("Filter layers"))
        self.filter_edit.setClearButtonEnabled(True)
        set_role(self.filter_edit, "search")
        self.filter_edit.textChanged.connect(self._filter_changed)
        self._hidden.setWordWrap(True)
        self._hidden_alarms.setWordWrap(True)
        self._empty.setWordWrap(True)
        self._empty.setText(self.tr("No layer has this name. Clear the filter to see all."))
        self._build_tree()
        layout = column(self, margin=10, gap=6)
        layout.addLayout(line(plain_label(self.tr("Layers"), "strong"), None, self._hidden))
        layout.addWidget(self._hidden_alarms)
        layout.addWidget(self.filter_edit)
        layout.addWidget(self._empty)
        layout.addWidget(self.tree, 1)
        self._empty.hide()
        self._hidden_alarms.hide()

    def _build_tree(self) -> None:
        tree = self.tree
        tree.setModel(self._proxy)
        tree.setItemDelegate(LayerDelegate(self.theme, tree))
        tree.setHeaderHidden(True)
        tree.setIndentation(0)
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(False)
        tree.setMouseTracking(True)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        tree.setAccessibleName(self.tr("Layers"))
        tree.setExpandsOnDoubleClick(False)
        tree.activated.connect(self._activate)
        tree.clicked.connect(self._click)
        tree.customContextMenuRequested.connect(self._open_menu)

    def _kind_item(self, kind: Kind) -> QStandardItem:
        item = QStandardItem(plain(kind.label.text(self._lang)))
        item.setEditable(False)
        item.setCheckable(True)
        item.setCheckState(_check(kind.default_visible))
        item.setData(kind.id, KIND_ROLE)
        item.setData(kind_mark(self.theme, kind.symbol), MARK_ROLE)
        item.setData(self._counts.get(kind.id), COUNT_ROLE)
        item.setData(bool(ANSWERING_TRAITS.intersection(kind.traits)), LayerDelegate.ANSWERS_ROLE)
        item.setData(LIT_TRAIT in kind.traits, LayerDelegate.LIT_ROLE)
        self._items[kind.id] = item
        item.setToolTip(tooltip_text(self._tip(kind.id)))
        return item

    # -- intents --------------------------------------------------------------
    def _item_changed(self, _item: QStandardItem) -> None:
        if self._quiet:
            return
        self._show_hidden()
        self.visible_kinds_changed.emit(self.visible_kinds())

    def _activate(self, index: QModelIndex) -> None:
        kind_id = index.data(KIND_ROLE)
        if kind_id:
            self.kind_activated.emit(str(kind_id))
        else:
            self.tree.setExpanded(index, not self.tree.isExpanded(index))

    def _click(self, index: QModelIndex) -> None:
        if not index.data(KIND_ROLE):
            self.tree.setExpanded(index, not self.tree.isExpanded(index))

    def _open_menu(self, place: QPoint) -> None:
        menu = self.build_menu(self.tree.indexAt(place))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.tree.viewport().mapToGlobal(place))

    def build_menu(self, index: QModelIndex) -> QMenu:
        """Menu of a row: show all, hide all, only this one or this group."""
        menu = QMenu(self)
        kinds = self._kinds_under(index)
        menu.addAction(self.tr("Show all"), lambda: self._choose(frozenset(self._items)))
        if kinds:
            shown = self.visible_kinds()
            menu.addAction(self.tr("Show these"), lambda: self._choose(shown | kinds))
            menu.addAction(self.tr("Hide these"), lambda: self._choose(shown - kinds))
            menu.addAction(self.tr("Show only these"), lambda: self._choose(kinds))
        return menu

    def _kinds_under(self, index: QModelIndex) -> frozenset[str]:
        if not index.isValid():
            return frozenset()
        kind_id = index.data(KIND_ROLE)
        if kind_id:
            return frozenset({str(kind_id)})
        item = self._model.itemFromIndex(self._proxy.mapToSource(index))
        return frozenset(str(item.child(i).data(KIND_ROLE)) for i in range(item.rowCount()))

    def _choose(self, kinds: frozenset[str]) -> None:
        self.set_visible_kinds(kinds)
        self.visible_kinds_changed.emit(self.visible_kinds())

    def _filter_changed(self, text: str) -> None:
        self._proxy.setFilterFixedString(text.strip())
        if text.strip():
            self.tree.expandAll()
        else:
            self._expand_first()
        nothing = self._proxy.rowCount() == 0
        self._empty.setVisible(nothing)
        self.tree.setVisible(not nothing)

    # -- showing --------------------------------------------------------------
    def _expand_first(self) -> None:
        """Open the groups that come first, as many as a desk has room for."""
        self.tree.collapseAll()
        rows = 0
        for place in range(self._proxy.rowCount()):
            index = self._proxy.index(place, 0)
            rows += self._proxy.rowCount(index)
            if rows > EXPANDED_ROWS:
                return
            self.tree.expand(index)

    def _show_groups(self, shown: frozenset[str]) -> None:
        """Layers on, layers in all and alarms (no lights) of every group, for when it is shut."""
        self._quiet = True
        for place in range(self._model.rowCount()):
            group = self._model.item(place)
            kinds = [str(group.child(i).data(KIND_ROLE)) for i in range(group.rowCount())]
            alarmed = sum(
                c.alarmed
                for k in kinds
                if (c := self._counts.get(k)) is not None and LIT_TRAIT not in self._kinds[k].traits
            )
            told = (len(shown.intersection(kinds)), len(kinds), alarmed)
            if group.data(GROUP_ROLE) != told:
                group.setData(told, GROUP_ROLE)
        self._quiet = False

    def _show_hidden(self) -> None:
        shown = self.visible_kinds()
        self._show_groups(shown)
        off = set(self._items) - shown
        counts = {k: c for k in off if (c := self._counts.get(k)) is not None}
        hidden = f"{sum(c.total for c in counts.values()):,}"
        words = self.tr("{0} layers off · {1} hidden")
        if len(off) == 1:
            words = self.tr("{0} layer off · {1} hidden")
        self._hidden.setText(words.format(len(off), hidden) if off else "")
        lit = {k for k in counts if LIT_TRAIT in self._kinds[k].traits}
        alarmed = sum(c.alarmed for k, c in counts.items() if k not in lit)
        overdue = sum(counts[k].severe for k in lit)
        told = []
        if alarmed:
            told.append(self.tr("{0} of the hidden ones are in alarm.").format(alarmed))
        if overdue:
            told.append(self.tr("{0} of the hidden cases are overdue.").format(overdue))
        self._hidden_alarms.setText(" ".join(told))
        self._hidden_alarms.setVisible(bool(told))

    def _tip(self, kind_id: str) -> str:
        label = self._kinds[kind_id].label.text(self._lang)
        count: Any = self._counts.get(kind_id)
        if count is None:
            return label
        if LIT_TRAIT in self._kinds[kind_id].traits:
            words = self.tr("{0} open, {1} overdue, {2} due soon")
            lit = (count.total, count.severe, count.alarmed - count.severe)
            return label + "\n" + words.format(*(f"{n:,}" for n in lit))
        words = self.tr("{0} in all, {1} online, {2} offline, {3} unknown, {4} in alarm")
        numbers = (count.total, count.online, count.offline, count.unknown, count.alarmed)
        return label + "\n" + words.format(*(f"{n:,}" for n in numbers))


def _check(on: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
