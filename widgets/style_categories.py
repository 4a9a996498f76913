"""The page of the style editor for the values of a field. GUI thread."""

from __future__ import annotations

from functools import partial

import msgspec
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QLineEdit

from layers.model.layer_set import MAX_CLASSES, Categorised, Look, Style
from layers.model.style_presets import categorised
from widgets.check_box import CheckBox
from widgets.format import number
from widgets.panel import button, column, line
from widgets.style_pages import ClassesPage, Facts
from widgets.symbols import Mark
from widgets.text import plain, plain_label
from widgets.theme import Theme


class CategoryPage(ClassesPage):
    """By the values of a field."""

    def __init__(self, theme: Theme, own: Mark, facts: Facts) -> None:
        super().__init__(theme, own, facts, facts.fields())
        self._style = Categorised(field="")
        self.refresh = button(self.tr("Values anew"), "tool", self.tr("Take in new values"))
        self.more = plain_label(role="small")
        self.rest = CheckBox(theme, self.tr("all else"))
        layout = column(self, gap=8)
        layout.addLayout(line(plain_label(self.tr("Field")), self.field, self.refresh, None))
        layout.addWidget(self.area, 1)
        layout.addLayout(line(self.rest, None, self.rest_look))
        layout.addWidget(self.more)
        self.field.activated.connect(self._field_chosen)
        self.refresh.clicked.connect(self._refresh)
        self.rest.toggled.connect(self._rest_toggled)
        self.rest_look.changed.connect(self._rest_looks)

    def show_style(self, style: Style) -> None:
        """Show it."""
        if not isinstance(style, Categorised):
            return
        rebuilt = [c.value for c in style.classes] != [c.value for c in self._style.classes]
        rebuilt = rebuilt or style.field != self._style.field or not self.looks
        self._style = style
        self.field.setCurrentIndex(self.field.findData(style.field))
        with QSignalBlocker(self.rest):
            self.rest.setChecked(style.other is not None)
        self.rest_look.set_look(style.other or Look())
        self.rest_look.setEnabled(style.other is not None)
        if rebuilt:
            self._build_rows()

    def first(self, old: Style) -> Style | None:
        """By the first field with a few values, or as it was."""
        if isinstance(old, Categorised):
            return old
        counted = [(f.name, len(self.facts.values(f.name))) for f in self.facts.fields()]
        few = [name for name, many in counted if 2 <= many <= MAX_CLASSES]
        some = few or [name for name, many in counted if many]
        return self._of(some[0], old) if some else None

    def _of(self, field: str, old: Style) -> Categorised:
        return categorised(field, [v for v, _count in self.facts.values(field)], old)

    def _build_rows(self) -> None:
        self.clear_rows()
        counts = dict(self.facts.values(self._style.field))
        for place, one in enumerate(self._style.classes):
            box = CheckBox(self.theme, "")
            box.setFixedWidth(26)
            box.setChecked(one.visible)
            box.toggled.connect(partial(self._shown, place))
            label = QLineEdit(plain(one.label))
            label.setPlaceholderText(plain(self.facts.word(self._style.field, one.value)))
            label.setMaxLength(120)
            label.textEdited.connect(partial(self._labelled, place))
            self.boxes.append(box)
            self.labels.append(label)
            many = plain_label(number(counts.get(one.value, 0)), "small")
            self._grid.addWidget(box, place, 0)
            self._grid.addWidget(label, place, 1)
            self._grid.addWidget(self.look_row(one.look, self._looks, place), place, 2)
            self._grid.addWidget(many, place, 3, Qt.AlignmentFlag.AlignRight)
        self.end_rows(len(self._style.classes))
        left = len(counts) - len(self._style.classes)
        words = self.tr("{0} more values are in “all else”.")
        self.more.setText(words.format(number(left)) if left > 0 else "")

    def _field_chosen(self) -> None:
        self._tell(self._of(self.field.currentData(), self._style))
        self._build_rows()

    def _refresh(self) -> None:
        self._tell(self._of(self._style.field, self._style))
        self._build_rows()

    def _shown(self, place: int, on: bool) -> None:
        self._with(place, visible=on)

    def _labelled(self, place: int, text: str) -> None:
        self._with(place, label=text.strip())

    def _looks(self, place: int, look: Look) -> None:
        self._with(place, look=look)

    def _with(self, place: int, **values: object) -> None:
        classes = list(self._style.classes)
        classes[place] = msgspec.structs.replace(classes[place], **values)
        self._tell(msgspec.structs.replace(self._style, classes=tuple(classes)))

    def _rest_toggled(self, on: bool) -> None:
        self.rest_look.setEnabled(on)
        self._tell(msgspec.structs.replace(self._style, other=self.rest_look.look if on else None))

    def _rest_looks(self, look: Look) -> None:
        self._tell(msgspec.structs.replace(self._style, other=look))

    def _tell(self, style: Categorised) -> None:
        self._style = style
        self.changed.emit(style)
