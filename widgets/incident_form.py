"""What kind of incident it is and how far help is looked for. GUI thread."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QSlider, QSpinBox, QWidget

from services.domain.model import Severity
from services.packs.model import Catalogue, Category
from widgets.panel import column, line
from widgets.text import plain, plain_label
from widgets.words import severity_word

LEAST_RADIUS_M = 100
MOST_RADIUS_M = 5_000
SLIDER_STEPS = 200
SEVERITIES = (Severity.CRITICAL, Severity.MAJOR, Severity.MINOR, Severity.INFO)


@dataclass(frozen=True)
class Incident:
    """What is known when the panel opens; ``case_id`` when it dispatches more to a case."""

    lon: float
    lat: float
    address: str = ""
    category: str = ""
    title: str = ""
    case_id: str = ""
    alarm_key: str = ""


class IncidentForm(QWidget):
    """Category, title, severity, radius.

    ``category_changed(code)``, ``radius_changed(metres)``, ``severity_changed()`` by hand.
    """

    category_changed = Signal(str)
    radius_changed = Signal(float)
    severity_changed = Signal()

    def __init__(self, catalogue: Catalogue, lang: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._lang = lang
        self._address = ""
        self._title_by_hand = False
        self.category = QComboBox()
        self.severity = QComboBox()
        self.title = QLineEdit()
        self.radius_slider = QSlider(Qt.Orientation.Horizontal)
        self.radius_spin = QSpinBox()
        self._fill()
        self._build()
        self.category.currentIndexChanged.connect(self._category_chosen)
        self.severity.activated.connect(self._severity_chosen)
        self.radius_slider.valueChanged.connect(self._slider_moved)
        self.radius_spin.valueChanged.connect(self._radius_set)
        self.title.textEdited.connect(self._title_edited)
        typed = self.category.lineEdit()
        if typed is not None:
            typed.returnPressed.connect(self._take_typed)
            typed.editingFinished.connect(self._show_category)

    def start(self, incident: Incident) -> None:
        """Begin anew, silently; a case that stands already keeps its category and title."""
        self._address = incident.address
        self._title_by_hand = bool(incident.title)
        for field in (self.category, self.severity, self.title):
            field.setEnabled(not incident.case_id)
        with QSignalBlocker(self.category), QSignalBlocker(self):
            self.category.setCurrentIndex(max(0, self.category.findData(incident.category)))
            self._take_category()
        if incident.title:
            self.title.setText(plain(incident.title))

    def category_code(self) -> str:
        """Code of the chosen category."""
        return str(self.category.currentData() or "")

    def chosen_severity(self) -> Severity:
        """The chosen severity."""
        return Severity(self.severity.currentData())

    def radius_m(self) -> float:
        """Radius of the circle in metres."""
        return float(self.radius_spin.value())

    # -- inside ---------------------------------------------------------------
    def _fill(self) -> None:
        for category in self._catalogue.categories.values():
            words = f"{category.label.text(self._lang)}  {category.code}"
            self.category.addItem(plain(words), category.code)
        # as wide as the panel, not as its longest entry
        self.category.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.category.setMinimumContentsLength(12)
        self.category.setEditable(True)
        self.category.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = self.category.completer()
        if completer is not None:
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        for severity in SEVERITIES:
            self.severity.addItem(severity_word(severity), int(severity))
        self.radius_slider.setRange(0, SLIDER_STEPS)
        self.radius_spin.setRange(LEAST_RADIUS_M, MOST_RADIUS_M)
        self.radius_spin.setSingleStep(100)
        self.radius_spin.setSuffix(" m")
        self.radius_spin.setKeyboardTracking(False)
        self.radius_spin.setMinimumWidth(100)
        names = {
            self.category: self.tr("Category"),
            self.severity: self.tr("Severity"),
            self.title: self.tr("Title"),
            self.radius_slider: self.tr("Radius"),
            self.radius_spin: self.tr("Radius"),
        }
        for widget, name in names.items():
            widget.setAccessibleName(name)

    def _build(self) -> None:
        layout = column(self, gap=8)
        layout.addWidget(self.category)
        layout.addLayout(line(self.title, self.severity))
        radius = plain_label(self.tr("Radius"), "muted")
        layout.addLayout(line(radius, self.radius_slider, self.radius_spin))

    def _category_chosen(self) -> None:
        self._show_category()
        self._take_category()
        self.category_changed.emit(self.category_code())

    def _severity_chosen(self, _row: int) -> None:
        self.severity_changed.emit()

    def _show_category(self) -> None:
        """The field never says anything else than the category that would be sent."""
        self.category.setEditText(self.category.itemText(self.category.currentIndex()))

    def _take_typed(self) -> None:
        """Enter takes the category whose code was typed, else the first that holds the words."""
        typed = self.category.currentText().strip()
        row = self.category.findData(typed.upper())
        if row < 0 and typed:
            row = self.category.findText(typed, Qt.MatchFlag.MatchContains)
        if row >= 0:
            self.category.setCurrentIndex(row)

    def _take_category(self) -> None:
        category = self._catalogue.categories.get(self.category_code())
        if category is None:
            return
        self.severity.setCurrentIndex(self.severity.findData(int(category.severity)))
        if not self._title_by_hand:
            self.title.setText(self._default_title(category))
        self.radius_spin.setValue(round(category.radius_m))
        self._show_slider()

    def _default_title(self, category: Category) -> str:
        return plain(f"{self._address} {category.label.text(self._lang)}".strip())

    def _title_edited(self, text: str) -> None:
        self._title_by_hand = bool(text.strip())

    def _slider_moved(self, step: int) -> None:
        self.radius_spin.setValue(radius_of(step))

    def _radius_set(self, radius_m: int) -> None:
        self._show_slider()
        self.radius_changed.emit(float(radius_m))

    def _show_slider(self) -> None:
        with QSignalBlocker(self.radius_slider):
            self.radius_slider.setValue(step_of(self.radius_spin.value()))


def radius_of(step: int) -> int:
    """Even ratios along the slider, rounded to 10 m, or 50 m from 1 km on."""
    ratio = math.pow(MOST_RADIUS_M / LEAST_RADIUS_M, step / SLIDER_STEPS)
    meters = LEAST_RADIUS_M * ratio
    unit = 10 if meters < 1_000 else 50
    return round(meters / unit) * unit


def step_of(radius_m: int) -> int:
    """The slider's step that is nearest to a radius."""
    share = math.log(radius_m / LEAST_RADIUS_M) / math.log(MOST_RADIUS_M / LEAST_RADIUS_M)
    return round(share * SLIDER_STEPS)
