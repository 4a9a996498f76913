"""What is put aside: shelved, out of service, suppressed by design; who, why, until. GUI thread."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from services.domain.clock import Clock
from services.domain.model import Severity
from services.domain.suppression import BY_DESIGN, OUT_OF_SERVICE, SHELVED, THING_OUT
from widgets.format import clock_hm, day_clock, span_hms
from widgets.keyed_model import KEY_ROLE, Column, KeyedModel
from widgets.panel import button, column, line
from widgets.row_view import RowTable
from widgets.rows import SuppressedRow
from widgets.symbols import Mark, severity_mark
from widgets.text import ElidedLabel, plain_label, set_tooltip
from widgets.theme import Theme
from widgets.words import seat_word, severity_word

UNTIL_COLUMN = 3
THING_PREFIX = "thing:"


class SuppressedList(QWidget):
    """The alarms that are not in the list, and how they come back.

    ``back_requested(kind, id)``: kind ``unshelve`` or ``alarm`` with an alarm's key, or ``object``
    with a thing's id. ``activated(key)``: an alarm's key by double click or Enter.
    """

    back_requested = Signal(str, str)
    activated = Signal(str)

    def __init__(self, theme: Theme, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._clock = theme, clock
        self._why_not = ""
        self.model = KeyedModel(self._columns(), _order, self)
        self.table = RowTable(theme, self.model)
        self.table.setAccessibleName(self.tr("Suppressed alarms"))
        self.back_button = button(self.tr("Put back"), "tool")
        self._hint = ElidedLabel(role="muted")
        empty = plain_label(self.tr("Nothing is shelved or out of service."), "empty")
        empty.setWordWrap(True)
        empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.table)
        self._pages.addWidget(empty)
        layout = column(self, gap=4)
        layout.addLayout(line(self._hint, None, self.back_button, margin=4))
        layout.addWidget(self._pages, 1)
        self.back_button.clicked.connect(self.put_back)
        self.table.activated.connect(lambda index: self.activated.emit(str(index.data(KEY_ROLE))))
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_actions())
        key = QShortcut(QKeySequence(Qt.Key.Key_Delete), self)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        key.activated.connect(self.put_back)
        self.set_rows({})

    # -- setters --------------------------------------------------------------
    def set_rows(self, rows: Mapping[str, SuppressedRow]) -> None:
        """Show these; selection and place stay."""
        known = self.model.rows()
        self.model.update_rows(
            {k: r for k, r in rows.items() if known.get(k) != r},
            [k for k in known if k not in rows],
        )
        self._pages.setCurrentIndex(0 if rows else 1)
        self._show_actions()

    def set_actions_enabled(self, why_not: str) -> None:
        """Allow putting back, or say in a tip why not."""
        self._why_not = why_not
        self._show_actions()

    def tick(self) -> None:
        """Time went on: what is left of the shelves."""
        self.model.touch(UNTIL_COLUMN)

    def counts(self) -> dict[str, int]:
        """How many are shelved, out of service, suppressed by design."""
        kinds = [row.suppression.kind for row in self.model.rows().values()]
        out = sum(kind in (OUT_OF_SERVICE, THING_OUT) for kind in kinds)
        return {
            SHELVED: kinds.count(SHELVED),
            OUT_OF_SERVICE: out,
            BY_DESIGN: kinds.count(BY_DESIGN),
        }

    # -- intents --------------------------------------------------------------
    def put_back(self) -> None:
        """Ask to put the selected ones back, a thing once for all its alarms."""
        if self._why_not:
            return
        rows = self.model.rows()
        asked = dict.fromkeys(
            way for key in self.table.selected_keys() if (way := _way_back(rows[key])) is not None
        )
        for kind, id_ in asked:
            self.back_requested.emit(kind, id_)

    # -- showing --------------------------------------------------------------
    def _show_actions(self) -> None:
        rows = self.model.rows()
        chosen = [rows[key] for key in self.table.selected_keys()]
        able = any(_way_back(row) is not None for row in chosen)
        self.back_button.setEnabled(able and not self._why_not)
        set_tooltip(
            self.back_button,
            self._why_not or self.tr("Back into the list, and unacknowledged if it stands (Del)"),
        )
        self._hint.setText(
            self.tr("By design: it ends with the state of the thing.")
            if chosen and not able
            else self.tr("Recorded, but nobody is asked for it.")
        )

    def _columns(self) -> list[Column[SuppressedRow]]:
        return [
            Column("", self._severity_word, 28, mark=self._mark),
            Column(self.tr("Alarm"), _what, 0, 4.0),
            Column(self.tr("Place"), lambda r: r.place, 0, 2.0, color=self._muted, leaves=2),
            Column(self.tr("Until"), self._until, 220, snug=True),
            Column(self.tr("Who"), self._who, 150, color=self._muted, leaves=1, snug=True),
            Column(self.tr("Why"), lambda r: r.reason, 0, 3.0),
        ]

    def _mark(self, row: SuppressedRow) -> Mark:
        if row.alarm is None:
            return Mark("cross", self._theme.color("stale"), filled=False)
        active = row.alarm.active
        return severity_mark(self._theme, row.alarm.severity, active=active)

    def _severity_word(self, row: SuppressedRow) -> str:
        return severity_word(row.alarm.severity if row.alarm is not None else Severity.NORMAL)

    def _muted(self, _row: SuppressedRow) -> QColor:
        return self._theme.color("muted")

    def _until(self, row: SuppressedRow) -> str:
        kind, until = row.suppression.kind, row.suppression.until
        if kind == BY_DESIGN:
            return self.tr("by design")
        since = day_clock(row.suppression.since, self._clock())
        if kind == THING_OUT:
            return self.tr("all of it out since {0}").format(since)
        if kind == OUT_OF_SERVICE or until is None:
            return self.tr("out of service since {0}").format(since)
        left = span_hms(max(0.0, until - self._clock()))
        words = self.tr("shelved till {0} · {1}")
        if row.suppression.one_shot:
            words = self.tr("till normal, at most {0} · {1}")
        return words.format(clock_hm(until), left)

    def _who(self, row: SuppressedRow) -> str:
        owner = row.suppression
        if owner.kind == BY_DESIGN:
            return "–"
        return f"{owner.by}, {seat_word(owner.seat)}" if owner.seat else owner.by


def _what(row: SuppressedRow) -> str:
    if row.alarm is None:
        return QCoreApplication.translate("SuppressedList", "no alarm stands")
    return row.text


def _order(row: SuppressedRow) -> tuple[float, str]:
    """What comes back first, then what has been out longest."""
    until = row.suppression.until
    return (until, "") if until is not None else (float("inf"), f"{row.suppression.since:020.3f}")


def _way_back(row: SuppressedRow) -> tuple[str, str] | None:
    """What to ask for; None where nobody can, because the thing's state decides."""
    match row.suppression.kind:
        case "shelved":
            return ("unshelve", row.key)
        case "out_of_service":
            return ("alarm", row.key)
        case "thing_out_of_service":
            return ("object", row.object_id)
    return None
