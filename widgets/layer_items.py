"""The rows of the layer tree as items: groups, layers, legends. GUI thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem

from layers.model.layer_edit import layers_under
from layers.model.layer_set import Group, Layer, Node
from layers.model.painting import Tally
from layers.model.style import LIT_TRAIT
from widgets.keyed_model import MARK_ROLE
from widgets.layer_delegate import (
    ANSWERS_ROLE,
    KIND_ROLE,
    LEGEND_ROLE,
    LIT_ROLE,
    NODE_ROLE,
    NOTE_ROLE,
)
from widgets.layer_legend import layer_mark, legend
from widgets.layer_names import LayerNames
from widgets.text import plain, tooltip_text
from widgets.theme import Theme

ANSWERING_TRAITS = frozenset({"observing", "camera", "speaker", "mobile"})
"""Things of these traits answer or do not; for the others only their number means something."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a layer's row says besides its name: "20 of 56", why it is not drawn now, what is wrong
    with its filter; "" for nothing."""

    passed: str = ""
    out: str = ""
    problem: str = ""


class LayerItems:
    """Makes the items of one panel, and knows them by layer."""

    def __init__(self, theme: Theme, names: LayerNames) -> None:
        self.names = names
        self._theme = theme
        self.layers: dict[str, QStandardItem] = {}
        self.groups: dict[str, QStandardItem] = {}

    def make(
        self, node: Node, tallies: Mapping[str, Tally], peaks: Mapping[str, float]
    ) -> QStandardItem:
        """The item of a group or layer with all that lies in it."""
        if isinstance(node, Group):
            return self._group(node, tallies, peaks)
        return self._layer(node, tallies.get(node.id), peaks.get(node.id))

    def show_legend(self, layer: Layer, tally: Tally | None, peak: float | None) -> None:
        """The legend rows of one layer as they are now."""
        item = self.layers[layer.id]
        rows = legend(self._theme, layer, self.names, tally, peak)
        if item.rowCount() != len(rows):
            item.removeRows(0, item.rowCount())
            for _row in rows:
                item.appendRow(_legend_item())
        for place, row in enumerate(rows):
            child = item.child(place)
            if child.data(LEGEND_ROLE) != row:
                child.setData(row, LEGEND_ROLE)
                child.setText(plain(row.text))
                child.setToolTip(tooltip_text(f"{row.text}\n{row.count}".strip()))

    def show_node(
        self, node: Node, tallies: Mapping[str, Tally], peaks: Mapping[str, float]
    ) -> None:
        """Name, box, mark and legend of a group or layer as they are now."""
        if isinstance(node, Group):
            _show(self.groups[node.id], plain(self.names.group(node)), state_of(node))
            return
        item = self.layers[node.id]
        _show(item, plain(self.names.layer(node)), _check(node.visible))
        mark = layer_mark(self._theme, node, self.names)
        if item.data(MARK_ROLE) != mark:
            item.setData(mark, MARK_ROLE)
        self.show_legend(node, tallies.get(node.id), peaks.get(node.id))

    def forget(self) -> None:
        """The items are gone."""
        self.layers, self.groups = {}, {}

    # -- inside ---------------------------------------------------------------
    def _group(
        self, group: Group, tallies: Mapping[str, Tally], peaks: Mapping[str, float]
    ) -> QStandardItem:
        item = QStandardItem(plain(self.names.group(group)))
        item.setData(group.id, NODE_ROLE)
        item.setCheckState(state_of(group))
        item.setEditable(True)
        for node in group.items:
            item.appendRow(self.make(node, tallies, peaks))
        self.groups[group.id] = item
        return item

    def _layer(self, layer: Layer, tally: Tally | None, peak: float | None) -> QStandardItem:
        item = QStandardItem(plain(self.names.layer(layer)))
        item.setEditable(True)
        item.setCheckable(True)
        item.setCheckState(_check(layer.visible))
        item.setData(layer.id, NODE_ROLE)
        item.setData(layer.id, KIND_ROLE)
        item.setData(Note(), NOTE_ROLE)
        item.setData(layer_mark(self._theme, layer, self.names), MARK_ROLE)
        traits = self.traits(layer)
        item.setData(bool(ANSWERING_TRAITS.intersection(traits)), ANSWERS_ROLE)
        item.setData(LIT_TRAIT in traits, LIT_ROLE)
        self.layers[layer.id] = item
        self.show_legend(layer, tally, peak)
        return item

    def traits(self, layer: Layer) -> frozenset[str]:
        """Traits that all kinds of a layer have."""
        of_kinds = [
            frozenset[str](self.names.kinds[k].traits) for k in layer.kinds if k in self.names.kinds
        ]
        return frozenset.intersection(*of_kinds) if of_kinds else frozenset()


def state_of(group: Group) -> Qt.CheckState:
    """Checked where all layers are on, partially where some are."""
    on = {layer.visible for layer in layers_under(group)}
    if on == {True}:
        return Qt.CheckState.Checked
    return Qt.CheckState.PartiallyChecked if len(on) == 2 else Qt.CheckState.Unchecked


def _legend_item() -> QStandardItem:
    item = QStandardItem()
    item.setEditable(False)
    item.setSelectable(False)
    return item


def _check(on: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked


def _show(item: QStandardItem, text: str, state: Qt.CheckState) -> None:
    if item.text() != text:
        item.setText(text)
    if item.checkState() != state:
        item.setCheckState(state)
