"""Everything that lies at one point of the map, by layer; a choice opens its card. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem, QWidget

from widgets.panel import Panel, column
from widgets.symbols import Mark, mark_icon
from widgets.text import plain, plain_label
from widgets.theme import Theme

SHOWN_IN_LAYER = 200
ROW_PX = 26


@dataclass(frozen=True, slots=True)
class FoundThing:
    """One thing; ``id`` "" is nothing that has a card, as a name of the base map."""

    layer: str
    id: str
    name: str
    detail: str = ""
    mark: Mark | None = None


class IdentifyView(Panel):
    """``chosen(feature id)``."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._where = plain_label("", "small")
        self._where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._empty = plain_label(
            self.tr("Take “What is here” on the map and click a point."), "empty"
        )
        self._empty.setWordWrap(True)
        self.tree = QTreeWidget()
        self.tree.setObjectName("found")
        self.tree.setHeaderHidden(True)
        self.tree.setColumnCount(2)
        self.tree.setUniformRowHeights(True)
        self.tree.setIconSize(QSize(14, 14))
        self.tree.setAccessibleName(self.tr("What is here"))
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tree.itemClicked.connect(self._taken)
        self.tree.itemActivated.connect(self._taken)
        layout = column(self, margin=10, gap=6)
        layout.addWidget(self._where)
        layout.addWidget(self._empty)
        layout.addWidget(self.tree, 1)
        layout.addStretch(0)
        self.tree.hide()

    def set_found(self, where: str, found: Sequence[FoundThing]) -> None:
        """Show what was found at a place; things of one layer stand together, layers in the order
        in which they come."""
        self._where.setText(where)
        self.tree.clear()
        self.tree.setVisible(bool(found))
        self._empty.setVisible(not found)
        self._empty.setText(self.tr("Nothing that is shown lies here."))
        layers: dict[str, list[FoundThing]] = {}
        for thing in found:
            layers.setdefault(thing.layer, []).append(thing)
        for layer, things in layers.items():
            self._add_layer(layer, things)
        self.tree.expandAll()
        self.tree.resizeColumnToContents(0)
        first = self.tree.topLevelItem(0)
        best = first.child(0) if first is not None else None
        if best is not None:
            self.tree.setCurrentItem(best)

    def _add_layer(self, layer: str, things: Sequence[FoundThing]) -> None:
        top = QTreeWidgetItem([plain(layer), f"{len(things):,}"])
        top.setForeground(0, self.theme.color("muted"))
        top.setForeground(1, self.theme.color("faint"))
        self.tree.addTopLevelItem(top)
        for thing in things[:SHOWN_IN_LAYER]:
            row = QTreeWidgetItem([plain(thing.name), plain(thing.detail)])
            row.setData(0, Qt.ItemDataRole.UserRole, thing.id)
            row.setForeground(1, self.theme.color("muted"))
            row.setSizeHint(0, QSize(120, ROW_PX))
            if thing.mark is not None:
                row.setIcon(0, mark_icon(thing.mark, 14))
            top.addChild(row)
        rest = len(things) - SHOWN_IN_LAYER
        if rest > 0:
            words = self.tr("and {0} more; zoom in to part them").format(f"{rest:,}")
            more = QTreeWidgetItem([words, ""])
            more.setForeground(0, self.theme.color("faint"))
            top.addChild(more)

    def _taken(self, item: QTreeWidgetItem, _column: int) -> None:
        feature_id = item.data(0, Qt.ItemDataRole.UserRole)
        if feature_id:
            self.chosen.emit(str(feature_id))
