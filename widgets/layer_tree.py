"""The layer tree: what a person does with groups and layers. GUI thread.

The tree is a view of a ``LayerSet``; every change makes another one, which can be undone.
"""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QStandardItem
from PySide6.QtWidgets import QMenu, QWidget

from layers.model import layer_edit as edits
from layers.model.layer_set import Group, Layer, LayerSet, Node, Style
from services.domain.errors import KnownError
from widgets.layer_board import EXPANDED_ROWS, LayerBoard
from widgets.layer_delegate import KIND_ROLE, NODE_ROLE
from widgets.layer_menu import node_menu
from widgets.theme import Theme

__all__ = ["EXPANDED_ROWS", "LayerTreePanel"]


class LayerTreePanel(LayerBoard):
    """What is drawn, how, and how much of it there is.

    ``layers_changed(LayerSet)`` after every change by a person,
    ``visible_kinds_changed(frozenset)`` after those that show or hide kinds;
    ``kind_activated(layer id)`` by double click or Enter. ``asked(name, layer id)``: style, filter
    or zoom_to, which groups have too. ``table_requested(Layer)``. ``refused(text)``: why something
    could not be done. ``sets_requested(QPoint)``: the menu of named layer sets, at a place of the
    screen.
    """

    layers_changed = Signal(object)
    visible_kinds_changed = Signal(frozenset)
    kind_activated = Signal(str)
    asked = Signal(str, str)
    table_requested = Signal(object)
    refused = Signal(str)
    sets_requested = Signal(QPoint)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._copied: Style | None = None
        self._connect()

    def edit(self, layers: LayerSet, merge: str = "") -> None:
        """Make this the set, as a step that can be undone, and tell it."""
        before = self._steps.value
        if self._steps.put(layers, merge):
            self._tell(before)

    def _connect(self) -> None:
        self._model.itemChanged.connect(self._item_changed)
        self.filter_edit.textChanged.connect(self._filter_changed)
        self.tree.activated.connect(self._activate)
        self.tree.clicked.connect(self._click)
        self.tree.customContextMenuRequested.connect(self._open_menu)
        self.tree.node_dropped.connect(self._dropped)
        self.tree.key_asked.connect(self.act)
        self.tree.selectionModel().currentChanged.connect(self._show_strip)
        self._delegate.renamed.connect(self._renamed)
        self._delegate.class_toggled.connect(self._class_toggled)
        self.strip.opacity_changed.connect(self._opacity_changed)
        self.strip.range_changed.connect(self._range_changed)
        self.strip.asked.connect(self.act)
        self.sets_button.clicked.connect(self._ask_sets)

    # -- intents --------------------------------------------------------------
    def act(self, name: str) -> None:
        """Carry out an entry of the menu or a key of the tree on the chosen row."""
        node = self.chosen()
        if name in ("style", "filter", "zoom_to", "table") and node is not None:
            self._ask(name, node)
        elif name in ("undo", "redo"):
            before = self._steps.value
            if self._steps.undo() if name == "undo" else self._steps.redo():
                self._tell(before)
        elif name == "reset":
            self.edit(self._packs)
        elif name == "menu":
            self._open_menu(self.tree.visualRect(self.tree.currentIndex()).center())
        elif name == "rename" and node is not None:
            self.tree.edit(self.tree.currentIndex())
        elif name == "copy_style" and isinstance(node, Layer):
            self._copied = node.style
        else:
            self._change(name, node)

    def build_menu(self, index: QModelIndex) -> QMenu:
        """Menu of a row."""
        node = self._node_at(index)
        if index.isValid():
            self.tree.setCurrentIndex(index)
        able = {"undo": self._steps.can_undo, "redo": self._steps.can_redo}
        able["paste_style"] = self._copied is not None
        able["no_filter"] = isinstance(node, Layer) and bool(node.filter)
        return node_menu(self, node, self.act, frozenset(k for k, can in able.items() if can))

    def _change(self, name: str, node: Node | None) -> None:
        """Changes of the set."""
        layers = self.layers
        try:
            changed = self._changed(name, node)
        except KnownError as error:
            self.refused.emit(error.text)
            return
        self.edit(changed)
        new = {n.id for n in changed.nodes()} - {n.id for n in layers.nodes()}
        if new and name in ("add_group", "duplicate"):
            index = self.index_of(new.pop())
            self.tree.setCurrentIndex(index)
            self.tree.scrollTo(index)
            if name == "add_group":
                self.tree.edit(index)

    def _changed(self, name: str, node: Node | None) -> LayerSet:
        layers = self.layers
        if name == "show_all":
            return edits.with_visible(layers, {layer.id for layer in layers.layers()}, True)
        if name == "add_group":
            above = node.id if node is not None else ""
            return edits.with_group(layers, self.tr("New group"), above)
        if node is None:
            return layers
        ids = {layer.id for layer in edits.layers_under(node)}
        if name in ("show", "hide"):
            return edits.with_visible(layers, ids, name == "show")
        if name == "only":
            return edits.only_visible(layers, ids)
        if name in ("up", "down"):
            return edits.neighbour_move(layers, node.id, name == "up")
        if name == "remove":
            return edits.without(layers, node.id)
        if not isinstance(node, Layer):
            return layers
        if name == "duplicate":
            title = self.tr("{0} (copy)").format(self.names.layer(node))[:80]
            return edits.duplicate(layers, node.id, title)[0]
        if name == "no_filter":
            return edits.changed(layers, node.id, filter="")
        if name == "paste_style" and self._copied is not None:
            return edits.changed(layers, node.id, style=self._copied)
        return layers

    def _ask(self, name: str, node: Node) -> None:
        if name == "table":
            if isinstance(node, Layer):
                self.table_requested.emit(node)
        elif isinstance(node, Layer) or name == "zoom_to":
            self.asked.emit(name, node.id)

    def _tell(self, before: LayerSet) -> None:
        self._show()
        self.layers_changed.emit(self.layers)
        if before.visible_kinds() != self.visible_kinds():
            self.visible_kinds_changed.emit(self.visible_kinds())

    def _item_changed(self, item: QStandardItem) -> None:
        node = self.layers.node(str(item.data(NODE_ROLE)))
        if self._quiet or node is None:
            return
        on = item.checkState() == Qt.CheckState.Checked
        ids = {layer.id for layer in edits.layers_under(node)}
        self.edit(edits.with_visible(self.layers, ids, on))

    def _dropped(self, node_id: str, into: str, at: int) -> None:
        after = edits.moved(self.layers, node_id, into, at)
        if after is self.layers and self.layers.node(into) is not None:
            if isinstance(self.layers.node(node_id), Group) and node_id != into:
                self.refused.emit(self.tr("Groups lie in groups only one level deep."))
            return
        self.edit(after)

    def _renamed(self, node_id: str, title: str) -> None:
        """An empty name, and the one that it has by its pack, is the pack's."""
        node = self.layers.node(node_id)
        if node is None:
            return
        bare = edits.changed(LayerSet(items=(node,)), node_id, title="").items[0]
        given = self.names.layer(bare) if isinstance(bare, Layer) else self.names.group(bare)
        self.edit(edits.changed(self.layers, node_id, title="" if title == given else title))

    def _class_toggled(self, layer_id: str, place: int) -> None:
        self.edit(edits.with_class(self.layers, layer_id, place))

    def _opacity_changed(self, share: float) -> None:
        node = self.chosen()
        if isinstance(node, Layer):
            changed = edits.changed(self.layers, node.id, opacity=share)
            self.edit(changed, f"opacity {node.id}")

    def _range_changed(self, low: float | None, high: float | None) -> None:
        node = self.chosen()
        if isinstance(node, Layer):
            self.edit(edits.with_range(self.layers, node.id, low, high))

    def _activate(self, index: QModelIndex) -> None:
        kind_id = index.data(KIND_ROLE)
        if kind_id:
            self.kind_activated.emit(str(kind_id))
        else:
            self.tree.setExpanded(index, not self.tree.isExpanded(index))

    def _click(self, index: QModelIndex) -> None:
        """A group folds by a click beside its box; a layer only by its arrow."""
        folds = bool(index.data(NODE_ROLE)) and not index.data(KIND_ROLE)
        if (folds and not self.tree.box_hit(index)) or self.tree.arrow_hit(index):
            self.tree.setExpanded(index, not self.tree.isExpanded(index))

    def _open_menu(self, place: QPoint) -> None:
        menu = self.build_menu(self.tree.indexAt(place))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.tree.viewport().mapToGlobal(place))

    def _ask_sets(self) -> None:
        below = QPoint(0, self.sets_button.height())
        self.sets_requested.emit(self.sets_button.mapToGlobal(below))
