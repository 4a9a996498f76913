"""Opens the editors of a layer's style and filter; the map shows what they say. GUI thread."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QDialog

from app.console_parts import Parts
from app.controllers.layers import LayersController
from app.layer_facts import FieldFacts, LayerFacts, read_facts
from app.messages import person_text
from layers.model.layer_edit import changed
from layers.model.layer_set import Layer, LayerSet, Style
from layers.model.painter import Painter
from layers.model.painting import Tally
from layers.render.paint_keeper import PaintKeeper
from services.domain.errors import KnownError
from widgets.filter_editor import FilterEditor
from widgets.layer_legend import layer_mark
from widgets.layer_names import FieldName
from widgets.layer_tree import LayerTreePanel
from widgets.style_editor import StyleEditor

Editor = StyleEditor | FilterEditor


class LayerEditors(QObject):
    """At most one editor at a time: opening another leaves the first as it was."""

    def __init__(
        self,
        parts: Parts,
        layers: LayersController,
        paints: PaintKeeper,
        panel: LayerTreePanel,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._layers = layers
        self._panel = panel
        self._paints = paints
        self._asked: tuple[str, str] | None = None
        self._editor: Editor | None = None
        self._layer: Layer | None = None
        layers.editor_asked.connect(self.open)

    @property
    def editor(self) -> Editor | None:
        """The editor that is open."""
        return self._editor

    def open(self, name: str, layer_id: str) -> None:
        """Open the editor of a layer's style, or of its filter."""
        self.close()
        layer = self._layers.layers.node(layer_id)
        if not isinstance(layer, Layer):
            return
        asked = self._asked = (name, layer_id)
        kinds = layer.kinds
        fields = [field.name for field in self._panel.names.fields(kinds)]

        def show(found: dict[str, FieldFacts]) -> None:
            node = self._layers.layers.node(layer_id)
            if self._asked == asked and isinstance(node, Layer):  # nothing else was wanted since
                self._show(name, node, found)

        self._paints.ask(
            "facts", lambda painter: read_facts(painter.things, kinds, fields), show, LayerSet()
        )

    def close(self) -> None:
        """Leave what is open, or being opened, as it was before."""
        self._asked = None
        if self._editor is not None:
            self._editor.reject()

    # -- inside ---------------------------------------------------------------
    def _show(self, name: str, layer: Layer, found: dict[str, FieldFacts]) -> None:
        self._layer, self._asked = layer, None
        facts = LayerFacts(layer, self._panel.names, self._parts.catalogue, found)
        editor = (
            self._style_editor(layer, facts)
            if name == "style"
            else self._filter_editor(layer, facts)
        )
        editor.finished.connect(self._finished)
        self._editor = editor
        editor.move(self._place(editor))
        editor.show()
        if isinstance(editor, FilterEditor):
            self._preview_filter(layer.filter)

    def _style_editor(self, layer: Layer, facts: LayerFacts) -> StyleEditor:
        theme, names = self._parts.theme, self._panel.names
        own = layer_mark(theme, changed_style(layer), names)
        editor = StyleEditor(theme, names.layer(layer), own, facts, layer.style, self._panel)
        editor.previewed.connect(self._preview_style)
        editor.taken.connect(self._take_style)
        return editor

    def _filter_editor(self, layer: Layer, facts: LayerFacts) -> FilterEditor:
        fields = facts.fields()
        values = {f.name: self._values(facts, f) for f in fields}
        title = self._panel.names.layer(layer)
        editor = FilterEditor(title, layer.filter, fields, values, self._panel)
        editor.previewed.connect(self._preview_filter)
        editor.taken.connect(self._take_filter)
        return editor

    def _values(self, facts: LayerFacts, field: FieldName) -> list[tuple[str, str]]:
        """Values with their words; of a number the least, the middle and the most."""
        if not field.numeric:
            return [(v, facts.word(field.name, v)) for v, _count in facts.values(field.name)]
        numbers = facts.numbers(field.name)
        if not np.isfinite(numbers).any():
            return []
        least, middle, most = np.nanquantile(numbers, (0.0, 0.5, 1.0), method="nearest").tolist()
        words = (self.tr("least"), self.tr("middle"), self.tr("most"))
        return [(f"{v:g}", w) for v, w in zip((least, middle, most), words, strict=True)]

    def _place(self, editor: QDialog) -> QPoint:
        """Beside the tree, so that the map behind stays in sight."""
        panel = self._panel
        corner = panel.mapToGlobal(QPoint(panel.width() + 12, 60))
        area = panel.screen().availableGeometry()
        x = min(corner.x(), area.right() - editor.width())
        return QPoint(max(area.left(), x), max(area.top(), corner.y()))

    def _preview_style(self, style: Style) -> None:
        if self._layer is not None:
            self._layers.preview(changed(self._layers.layers, self._layer.id, style=style))

    def _take_style(self, style: Style) -> None:
        if self._layer is not None:
            self._panel.edit(changed(self._layers.layers, self._layer.id, style=style))

    def _preview_filter(self, text: str) -> None:
        editor, layer = self._editor, self._layer
        if not isinstance(editor, FilterEditor) or layer is None:
            return
        wanted = changed(self._layers.layers, layer.id, filter=text.strip())
        edited = changed(LayerSet(items=(layer,)), layer.id, filter=text.strip())

        def judge(painter: Painter) -> Tally | KnownError:
            (node,) = edited.layers()
            problem = painter.problem(node.filter) if node.filter else None
            return painter.tally(node) if problem is None else problem

        def show(found: Tally | KnownError) -> None:
            if self._editor is not editor:
                return
            if isinstance(found, KnownError):
                editor.show_problem(
                    text.strip(), person_text(found), int(found.params.get("at", 0))
                )
            else:
                editor.show_count(text.strip(), found.passed, found.total)
                self._layers.preview(wanted)

        self._paints.ask("filter", judge, show, edited)

    def _take_filter(self, text: str) -> None:
        if self._layer is not None:
            self._panel.edit(changed(self._layers.layers, self._layer.id, filter=text))

    def _finished(self, result: int) -> None:
        self._editor = None
        if result != QDialog.DialogCode.Accepted:
            self._layers.preview(self._layers.layers)


def changed_style(layer: Layer) -> Layer:
    """The layer as its pack draws it."""
    return Layer(id=layer.id, kinds=layer.kinds)
