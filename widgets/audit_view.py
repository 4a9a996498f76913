"""The audit: who did what, when, to what; how far it is proved; and a way to carry it away.

GUI thread. The table holds the pages read so far; older ones are asked for when its end is reached.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QSizePolicy, QWidget

from services.audit.page import AuditPage, AuditQuery, AuditState
from services.audit.record import AuditRecord
from services.domain.clock import Clock
from widgets.audit_filter import AuditFilter
from widgets.format import date_time
from widgets.keyed_model import Column, KeyedModel
from widgets.panel import Panel, button, column, line, rule
from widgets.row_view import RowTable
from widgets.text import plain_label, set_role, set_tooltip
from widgets.theme import Theme

MAX_WHY = 200
DETAIL_HEIGHT = 132


class AuditView(Panel):
    """Filter, table, detail, export.

    ``asked(query)``: read the newest page. ``older_asked(query, seq)``: the one before record
    ``seq``. ``export_asked(query, why)``. ``words`` and ``reasons`` turn types and reason codes
    into words.
    """

    asked = Signal(AuditQuery)
    older_asked = Signal(AuditQuery, int)
    export_asked = Signal(AuditQuery, str)

    def __init__(
        self,
        theme: Theme,
        clock: Clock,
        words: Callable[[str], str],
        reasons: Callable[[str], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self._words, self._reasons = words, reasons
        self._query: AuditQuery | None = None
        self._more = self._waiting = False
        self.filter = AuditFilter(words, clock)
        self.state = plain_label(role="strong")
        self.message = plain_label(role="muted")
        self.model = KeyedModel(self._columns(), lambda r: -r.seq, self)
        self.table = RowTable(theme, self.model)
        self.detail = plain_label(role="muted")
        self.why = QLineEdit()
        self.export = button(self.tr("Export as a table…"), "tool")
        self.older = button(self.tr("Older"), "tool")
        self._build()
        self._show_actions()

    # -- setters --------------------------------------------------------------
    def set_waiting(self) -> None:
        """A question is under way."""
        self._waiting = True
        self.message.setText(self.tr("Reading…"))
        self._show_actions()

    def set_page(self, query: AuditQuery, page: AuditPage, *, older: bool) -> None:
        """Show an answer: instead of what is there, or below it."""
        self._query, self._more, self._waiting = query, page.more, False
        rows = {str(r.seq): r for r in page.records}
        if older:
            last = self.model.rowCount() - 1
            self.model.update_rows(rows)
            # many new rows reset the view: the person goes on where they were
            hint = QAbstractItemView.ScrollHint.PositionAtBottom
            self.table.scrollTo(self.model.index(max(0, last), 0), hint)
        else:
            self.model.set_rows(rows)
            self.table.scrollToTop()
        self.filter.set_types(page.types)
        self._show_state(page.state)
        self._show_counts()
        self._show_detail()
        self._show_actions()

    def set_message(self, text: str) -> None:
        """Say why there is no answer, or what became of an export; what is shown stays."""
        self._waiting = False
        self.message.setText(text)
        self._show_actions()

    # -- inside ---------------------------------------------------------------
    def _build(self) -> None:
        self.table.setAccessibleName(self.tr("Records"))
        self.table.horizontalHeader().show()
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._show_detail())
        self.table.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.state.setWordWrap(True)
        self.detail.setWordWrap(True)
        self.detail.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.detail.setFixedHeight(DETAIL_HEIGHT)
        self.detail.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.why.setMaxLength(MAX_WHY)
        self.why.setPlaceholderText(self.tr("Why it is exported – kept with the export"))
        self.why.setAccessibleName(self.tr("Reason of the export"))
        self.why.textChanged.connect(lambda _text: self._show_actions())
        self.why.returnPressed.connect(self._ask_export)
        self.export.clicked.connect(self._ask_export)
        self.older.clicked.connect(self._ask_older)
        self.filter.asked.connect(self.asked)
        layout = column(self, margin=14, gap=8)
        title = plain_label(self.tr("Audit"), "title")
        head = line(title, self.state, gap=18)
        head.setStretchFactor(self.state, 1)
        layout.addLayout(head)
        layout.addWidget(self.filter)
        layout.addWidget(self.table, 1)
        layout.addLayout(line(self.message, None, self.older))
        layout.addWidget(rule())
        layout.addWidget(self.detail)
        layout.addLayout(line(self.why, self.export))

    def _columns(self) -> Sequence[Column[AuditRecord]]:
        refused, muted = self.theme.color("major_text"), self.theme.color("muted")

        def colour(row: AuditRecord) -> QColor:
            return refused if row.outcome == "failure" else muted

        return (
            Column(self.tr("No."), lambda r: f"{r.seq}", 84, right=True, leaves=3, snug=True),
            Column(self.tr("Time"), lambda r: date_time(r.time), 172),
            Column(self.tr("Who"), lambda r: r.actor, 150, snug=True),
            Column(self.tr("Seat"), lambda r: r.seat, 110, snug=True, leaves=2),
            Column(self.tr("From"), lambda r: r.address, 150, snug=True, leaves=1),
            Column(self.tr("What"), lambda r: self._words(r.type), weight=2.0),
            Column(self.tr("To what"), lambda r: r.object, weight=1.5),
            Column(self.tr("Outcome"), self._outcome, weight=1.0, color=colour),
        )

    def _outcome(self, row: AuditRecord) -> str:
        if row.outcome == "success":
            return self.tr("done")
        return self.tr("refused: {0}").format(self._reasons(row.reason))

    def _show_state(self, state: AuditState) -> None:
        if state.problem is not None:
            text = self.tr("NOT AS IT WAS WRITTEN from record {0} on: {1}").format(
                f"{state.problem.seq:,}", state.problem.text
            )
        else:
            text = self.tr("Verified up to record {0} of {1}, at {2}").format(
                f"{state.checked_count:,}", f"{state.count:,}", date_time(state.checked_time)
            )
            if state.signed_count:
                text += self.tr(" · signed up to {0}, at {1}").format(
                    f"{state.signed_count:,}", date_time(state.signed_time)
                )
        self.state.setText(text)
        set_role(self.state, "critical" if state.problem is not None else "good")

    def _show_counts(self) -> None:
        shown = f"{self.model.rowCount():,}"
        if not self.model.rowCount():
            self.message.setText(self.tr("Nothing on record matches."))
        elif self._more:
            self.message.setText(
                self.tr("The newest {0} records; there are older ones").format(shown)
            )
        else:
            self.message.setText(self.tr("All {0} records that match").format(shown))

    def _show_detail(self) -> None:
        row = self.model.rows().get(self.table.current_key())
        if row is None:
            self.detail.setText(self.tr("Choose a record to see everything that it says."))
            return
        head = f"{row.seq} · {date_time(row.time)} · {row.type} · {row.outcome} {row.reason}"
        facts = " · ".join(f"{name}: {value}" for name, value in row.detail.items())
        who = f"{row.actor} · {row.seat} · {row.address} · {row.object}"
        self.detail.setText(f"{head}\n{who}\n{facts}")

    def _show_actions(self) -> None:
        ready = self._query is not None and not self._waiting
        self.older.setEnabled(ready and self._more)
        self.filter.search.setEnabled(not self._waiting)
        able = ready and bool(self.why.text().strip()) and self.model.rowCount() > 0
        self.export.setEnabled(able)
        set_tooltip(self.export, "" if able else self.tr("Say why first: it is kept on record."))

    def _scrolled(self, value: int) -> None:
        if value == self.table.verticalScrollBar().maximum():
            self._ask_older()

    def _ask_older(self) -> None:
        if self._query is None or not self._more or self._waiting:
            return
        last = min(row.seq for row in self.model.rows().values())
        self.older_asked.emit(self._query, last)

    def _ask_export(self) -> None:
        if self.export.isEnabled() and self._query is not None:
            self.export_asked.emit(self._query, self.why.text().strip())
