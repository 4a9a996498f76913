"""Third page: what the rows are, which column fills which field, and how rows fare. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QSplitter, QWidget

from widgets.check_box import CheckBox
from widgets.import_wizard.field_rows import FieldRows
from widgets.import_wizard.table import TextTable, text_view
from widgets.import_wizard.views import Choice, FieldView, TrialView
from widgets.import_wizard.words import trial_words
from widgets.panel import button, column, line
from widgets.text import plain, plain_label
from widgets.theme import Theme

ZONES = ("", "Asia/Shanghai", "UTC")


class FieldsPage(QWidget):
    """``kind_changed(kind)``, ``way_chosen(name)``, ``changed()``: read ``fields`` and options;
    ``remember_requested(name)``."""

    kind_changed = Signal(str)
    way_chosen = Signal(str)
    changed = Signal()
    remember_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind, self.way, self.zone = QComboBox(), QComboBox(), QComboBox()
        self.kind.setMinimumWidth(220)
        self.way.setMinimumWidth(180)
        for zone in ZONES:
            self.zone.addItem(zone or self.tr("not needed"), zone)
        self.kind.activated.connect(self._kind_chosen)
        self.way.activated.connect(self._way_chosen)
        self.zone.activated.connect(self._option)
        self.mend = CheckBox(theme, self.tr("Mend shapes that cross themselves"))
        self.split = CheckBox(theme, self.tr("Several shapes of a row become several things"))
        for box in (self.mend, self.split):
            box.toggled.connect(self._option)
        self.rows = FieldRows(theme)
        self.rows.changed.connect(self.changed)
        self.name = QLineEdit()
        self.name.setPlaceholderText(self.tr("Name for this mapping"))
        self.name.setMaxLength(60)
        self.keep = button(self.tr("Remember"))
        self.keep.clicked.connect(self._remember)
        self.name.returnPressed.connect(self._remember)
        self.kept = plain_label(role="good")
        self.counts = plain_label(role="strong")
        self.reasons = plain_label(role="muted")
        for label in (self.counts, self.reasons):
            label.setWordWrap(True)
        self._model = TextTable(theme, self)
        self.table = text_view(self._model, self.tr("First rows as they will be loaded"))
        self._lay_out()

    def _lay_out(self) -> None:
        head = line(
            plain_label(self.tr("Rows are"), "muted"),
            self.kind,
            plain_label(self.tr("Mapping"), "muted"),
            self.way,
            plain_label(self.tr("Clock of times"), "muted"),
            self.zone,
            None,
        )
        left = QWidget()
        fields = column(left, gap=6)
        fields.addWidget(self.rows, 1)
        fields.addLayout(line(self.mend, None))
        fields.addLayout(line(self.split, None))
        fields.addLayout(line(self.name, self.keep, self.kept, None))
        right = QWidget()
        trial = column(right, gap=6)
        trial.addWidget(self.counts)
        trial.addWidget(self.reasons)
        trial.addWidget(self.table, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(right)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        layout = column(self, margin=4, gap=8)
        layout.addLayout(head)
        layout.addWidget(split, 1)

    # -- setters --------------------------------------------------------------
    def set_kinds(self, kinds: Sequence[Choice], chosen: str) -> None:
        """What rows may be."""
        self.kind.clear()
        for choice in kinds:
            self.kind.addItem(plain(choice.text), choice.key)
        self.kind.setCurrentIndex(self.kind.findData(chosen))

    def set_ways(self, names: Sequence[str], chosen: str) -> None:
        """Mappings that files of this shape were read by before."""
        self.way.clear()
        self.way.addItem(self.tr("by names of columns"), "")
        for name in names:
            self.way.addItem(plain(name), name)
        self.way.setCurrentIndex(max(0, self.way.findData(chosen)))
        self.way.setEnabled(bool(names))

    def set_fields(self, fields: Sequence[FieldView], columns: Sequence[str]) -> None:
        """The fields of the kind, and how they are filled now."""
        self.rows.set_fields(fields, columns)

    def set_options(self, *, zone: str, mend: bool, split: bool, shapes: bool) -> None:
        """The other choices; ``shapes``: rows come with shapes."""
        if zone and self.zone.findData(zone) < 0:
            self.zone.addItem(plain(zone), zone)
        self.zone.setCurrentIndex(max(0, self.zone.findData(zone)))
        for box, on in ((self.mend, mend), (self.split, split)):
            box.blockSignals(True)
            box.setChecked(on)
            box.blockSignals(False)
            box.setVisible(shapes)

    def set_trial(self, trial: TrialView) -> None:
        """How the first rows fare."""
        self.counts.setText(trial_words(trial))
        words = [f"{n} × {text}" for text, n in (*trial.reasons, *trial.notes)]
        self.reasons.setText("\n".join([trial.problem, *words[:8]]).strip())
        head = (self.tr("Row"), self.tr("What it becomes, or why it is refused"))
        rows = [(str(r.number), r.words) for r in trial.rows]
        bad = frozenset(i for i, r in enumerate(trial.rows) if not r.good)
        self._model.set_rows(head, rows, bad)
        self.table.setColumnWidth(0, 64)

    def set_kept(self, words: str) -> None:
        """That the mapping was remembered."""
        self.kept.setText(words)

    # -- reading --------------------------------------------------------------
    def fields(self) -> tuple[FieldView, ...]:
        """The fields as they are filled now."""
        return self.rows.fields()

    # -- inside ---------------------------------------------------------------
    def _kind_chosen(self, _place: int) -> None:
        self.kind_changed.emit(str(self.kind.currentData() or ""))

    def _way_chosen(self, _place: int) -> None:
        self.way_chosen.emit(str(self.way.currentData() or ""))

    def _option(self, _value: object = None) -> None:
        self.changed.emit()

    def _remember(self) -> None:
        if self.name.text().strip():
            self.remember_requested.emit(self.name.text().strip())
