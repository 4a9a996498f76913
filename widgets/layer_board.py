"""What the layer tree shows of a layer set: rows, numbers, words. GUI thread."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QLineEdit, QWidget

from layers.model import layer_edit as edits
from layers.model.layer_set import Group, Layer, LayerSet, Node
from layers.model.pack_layers import from_packs
from layers.model.painter import Withheld
from layers.model.painting import Tally
from layers.model.undo import Steps
from services.packs.model import Catalogue
from widgets import layer_counts as told
from widgets.layer_counts import Count
from widgets.layer_delegate import COUNT_ROLE, GROUP_ROLE, NODE_ROLE, NOTE_ROLE, LayerDelegate
from widgets.layer_items import LayerItems
from widgets.layer_names import LayerNames
from widgets.layer_strip import LayerStrip
from widgets.layer_view import LayerView
from widgets.panel import Panel, button, column, line
from widgets.text import plain, plain_label, set_role, tooltip_text
from widgets.theme import Theme

EXPANDED_ROWS = 12
"""Groups start open in pack order while their layers fit into so many rows; the others are shut."""


class LayerBoard(Panel):
    """The panel without what a person does in it. ``steps`` holds the set and its past."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._rows = LayerItems(theme, LayerNames(Catalogue(()), "zh"))
        self._items: dict[str, QStandardItem] = {}
        self._counts: Mapping[str, Count] = {}
        self._tallies: Mapping[str, Tally] = {}
        self._problems: Mapping[str, str] = {}
        self._peaks: dict[str, float] = {}
        self._withheld = Withheld()
        self._view = (24.0, 36.6)
        self._packs = LayerSet()
        self._steps = Steps(LayerSet())
        self._previewed: LayerSet | None = None
        self._shown: tuple[object, ...] | None = None
        self._quiet = False
        self._model = QStandardItemModel(self)
        self._proxy = QSortFilterProxyModel(self)
        self._proxy.setSourceModel(self._model)
        self._proxy.setRecursiveFilteringEnabled(True)
        self._proxy.setAutoAcceptChildRows(True)
        self._proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.tree = LayerView(theme)
        self.strip = LayerStrip()
        self.sets_button = button("", "link", self.tr("Named layer sets, import and export"))
        self.filter_edit = QLineEdit()
        self._hidden = plain_label(role="minor")
        self._off_words, self._working = "", ""
        self._filtered = plain_label(role="minor")
        self._hidden_alarms = plain_label(role="critical")
        self._empty = plain_label(role="empty")
        self._build()

    # -- setters --------------------------------------------------------------
    def set_catalogue(self, catalogue: Catalogue, lang: str) -> None:
        """Show the kinds of all packs in pack order; each starts as its pack says."""
        self._rows = LayerItems(self.theme, LayerNames(catalogue, lang))
        self._packs = from_packs(catalogue)
        self._shown = None
        self._steps.start(self._packs)
        self._show()
        self._expand_first()

    def set_layers(self, layers: LayerSet) -> None:
        """Show another set, without telling back and without a past."""
        self._steps.start(layers)
        self._show()

    def preview(self, layers: LayerSet) -> None:
        """Show what a set would look like; the past stays as it is."""
        self._show(None if layers is self.layers else layers)

    def set_set_name(self, name: str) -> None:
        """The name of the set that is shown."""
        self.sets_button.setText(plain(name).replace("&", "&&") + " ▾")

    def set_counts(self, counts: Mapping[str, Count]) -> None:
        """Numbers by kind id; a kind without numbers shows a dash."""
        self._counts = dict(counts)
        self._show_numbers()

    def set_tallies(
        self,
        tallies: Mapping[str, Tally],
        problems: Mapping[str, str],
        withheld: Withheld,
    ) -> None:
        """Numbers by layer id for layers with a filter or classes, what is wrong with filters, and
        what filters keep off the map."""
        self._tallies, self._problems, self._withheld = dict(tallies), dict(problems), withheld
        self._show_numbers()

    def set_working(self, share: float) -> None:
        """How much is done of what many things look like, 0..1; at 1 nothing is said of it."""
        words = self.tr("Working… {0} %")
        self._working = "" if share >= 1.0 else words.format(f"{share * 100:.0f}")
        self._hidden.setText(self._working or self._off_words)

    def set_peaks(self, peaks: Mapping[str, float]) -> None:
        """How dense the heat maps are at their densest, per square kilometre, by layer id."""
        self._peaks = dict(peaks)
        self._show_numbers()

    def set_view(self, zoom: float, lat: float) -> None:
        """Where the map looks, so that layers out of their range are grey."""
        if (zoom // 1, round(lat, 1)) != (self._view[0] // 1, round(self._view[1], 1)):
            self._view = (zoom, lat)
            self.strip.set_latitude(lat)
            self._show_numbers()

    def set_visible_kinds(self, kinds: frozenset[str]) -> None:
        """Check exactly these layers of the packs, without telling back."""
        self._steps.put(edits.only_visible(self._steps.value, kinds))
        self._show()

    # -- reading --------------------------------------------------------------
    @property
    def layers(self) -> LayerSet:
        """The set as it is now."""
        return self._steps.value

    @property
    def shown(self) -> LayerSet:
        """The set that is looked at: the one that is tried out, else the one as it is."""
        return self.layers if self._previewed is None else self._previewed

    @property
    def names(self) -> LayerNames:
        """What layers, fields and values are called."""
        return self._rows.names

    def visible_kinds(self) -> frozenset[str]:
        """Kinds of which a layer is on."""
        return self.layers.visible_kinds()

    def index_of(self, node_id: str) -> QModelIndex:
        """The row of a layer or group in the view; invalid while the filter box hides it."""
        item = self._items.get(node_id) or self._rows.groups[node_id]
        return self._proxy.mapFromSource(item.index())

    def chosen(self) -> Node | None:
        """The group or layer of the row that has the keyboard."""
        return self._node_at(self.tree.currentIndex())

    # -- building -------------------------------------------------------------
    def _build(self) -> None:
        self.filter_edit.setPlaceholderText(self.tr("Filter layers"))
        self.filter_edit.setClearButtonEnabled(True)
        set_role(self.filter_edit, "search")
        for label in (self._hidden, self._filtered, self._hidden_alarms, self._empty):
            label.setWordWrap(True)
        self._empty.setText(self.tr("No layer has this name. Clear the filter to see all."))
        self.tree.setModel(self._proxy)
        self._delegate = LayerDelegate(self.theme, self.tree)
        self.tree.setItemDelegate(self._delegate)
        self.tree.setAccessibleName(self.tr("Layers"))
        self.set_set_name(self.tr("Standard"))
        layout = column(self, margin=10, gap=6)
        layout.addLayout(
            line(plain_label(self.tr("Layers"), "strong"), self.sets_button, None, self._hidden)
        )
        layout.addWidget(self._filtered)
        layout.addWidget(self._hidden_alarms)
        layout.addWidget(self.filter_edit)
        layout.addWidget(self._empty)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self.strip)
        for part in (self._empty, self._filtered, self._hidden_alarms):
            part.hide()

    # -- showing --------------------------------------------------------------
    def _show(self, layers: LayerSet | None = None) -> None:
        """The tree of a set; only another order or nesting is built anew."""
        self._previewed = layers
        layers = self.shown
        self._quiet = True
        structure = tuple(_structure(node) for node in layers.items)
        if structure != self._shown:
            self._rebuild(layers)
            self._shown = structure
        for node in layers.nodes():
            bare = isinstance(node, Layer) and not self._items[node.id].rowCount()
            self._rows.show_node(node, self._tallies, self._peaks)
            if bare and self._items[node.id].rowCount():  # a legend is there to be read
                self.tree.expand(self.index_of(node.id))
        self._quiet = False
        self._show_numbers()
        self._show_strip()

    def _rebuild(self, layers: LayerSet) -> None:
        opened, chosen = self._open_nodes(), self.tree.currentIndex().data(NODE_ROLE)
        known = {*self._items, *self._rows.groups}
        scrolled = self.tree.verticalScrollBar().value()
        self._model.clear()
        self._rows.forget()
        for node in layers.items:
            self._model.appendRow(self._rows.make(node, self._tallies, self._peaks))
        self._items = self._rows.layers
        for node in layers.nodes():
            if node.id in opened or (node.id not in known and (node.own or not known)):
                self.tree.expand(self.index_of(node.id))
        if chosen is not None and layers.node(str(chosen)) is not None:
            self.tree.setCurrentIndex(self.index_of(str(chosen)))
        self.tree.verticalScrollBar().setValue(scrolled)

    def _open_nodes(self) -> set[str]:
        items = {**self._items, **self._rows.groups}
        return {
            node_id
            for node_id, item in items.items()
            if self.tree.isExpanded(self._proxy.mapFromSource(item.index()))
        }

    def _show_numbers(self) -> None:
        layers = self.shown
        self._quiet = True
        for node in layers.nodes():
            if isinstance(node, Group):
                numbers = told.group_told(node, self._counts, self.names.kinds)
                _set(self._rows.groups.get(node.id), numbers, GROUP_ROLE)
                continue
            tally = self._tallies.get(node.id)
            problem = self._problems.get(node.id, "")
            note = told.note_of(node, self.names, tally, problem, self._view)
            item = self._items.get(node.id)
            _set(item, told.count_of(node, self._counts), COUNT_ROLE)
            _set(item, note, NOTE_ROLE)
            tip = told.layer_tip(node, self.names, self._counts, note)
            if item is not None and item.toolTip() != tooltip_text(tip):
                item.setToolTip(tooltip_text(tip))
            if item is not None:
                self._rows.show_legend(node, tally, self._peaks.get(node.id))
        self._quiet = False
        self._off_words = told.off_words(layers, self._counts)
        self._hidden.setText(self._working or self._off_words)
        alarms = told.alarm_words(layers, self._counts, self.names.kinds, self._withheld)
        for label, text in (
            (self._filtered, told.filter_words(layers, self._withheld)),
            (self._hidden_alarms, alarms),
        ):
            label.setText(text)
            label.setVisible(bool(text))

    def _show_strip(self) -> None:
        node = self.chosen()
        layer = node if isinstance(node, Layer) else None
        self.strip.show_layer(layer, "" if layer is None else self.names.layer(layer))

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

    def _filter_changed(self, text: str) -> None:
        self._proxy.setFilterFixedString(text.strip())
        self.tree.can_drag = not text.strip()
        if text.strip():
            self.tree.expandAll()
        else:
            self._expand_first()
        nothing = self._proxy.rowCount() == 0
        self._empty.setVisible(nothing)
        self.tree.setVisible(not nothing)

    def _node_at(self, index: QModelIndex) -> Node | None:
        node_id = index.data(NODE_ROLE) or index.parent().data(NODE_ROLE)
        return self.layers.node(str(node_id)) if node_id else None


def _structure(node: Node) -> tuple[object, ...]:
    if isinstance(node, Group):
        return (node.id, tuple(_structure(inner) for inner in node.items))
    return (node.id, node.kinds)


def _set(item: QStandardItem | None, value: object, role: int) -> None:
    if item is not None and item.data(role) != value:
        item.setData(value, role)
