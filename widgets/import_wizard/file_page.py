"""First page: choose a file or drop it, and the loads of before with their undo. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from widgets.confirm import ConfirmBar
from widgets.import_wizard.table import TextTable, text_view
from widgets.import_wizard.views import PastLoad
from widgets.panel import button, column, line
from widgets.text import plain_label, set_role
from widgets.theme import Theme


class FilePage(QWidget):
    """``choose_requested()``; ``undo_requested(batch)``; ``resume_requested(batch)``."""

    choose_requested = Signal()
    resume_requested = Signal(str)
    undo_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loads: tuple[PastLoad, ...] = ()
        self.choose = button(self.tr("Choose a file…"), "primary")
        self.choose.clicked.connect(self.choose_requested)
        self.problem = plain_label(role="critical")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self._model = TextTable(theme, self)
        self.table = text_view(self._model, self.tr("Earlier loads"))
        self.table.selectionModel().selectionChanged.connect(self._chosen)
        self.undo = button(self.tr("Undo this load…"), "danger")
        self.undo.clicked.connect(self._ask)
        self.resume = button(self.tr("Go on with this load"))
        self.resume.clicked.connect(self._resume)
        self.details = plain_label(role="muted")
        self.details.setWordWrap(True)
        self.confirm = ConfirmBar()
        layout = column(self, margin=4, gap=10)
        layout.addWidget(self._drop_area())
        layout.addWidget(self.problem)
        layout.addWidget(plain_label(self.tr("Earlier loads"), "section"))
        layout.addWidget(self.table, 1)
        layout.addWidget(self.details)
        layout.addWidget(self.confirm)
        layout.addLayout(line(None, self.resume, self.undo))
        self.set_loads(())

    def _drop_area(self) -> QFrame:
        frame = QFrame()
        set_role(frame, "well")
        inner = column(frame, margin=28, gap=10)
        head = plain_label(self.tr("Drop a file here, or choose one"), "title")
        kinds = plain_label(
            self.tr(
                "CSV, GeoJSON, Shapefile (all its parts, or zipped), GeoPackage, KML, KMZ – up to"
                " 100 MB"
            ),
            "muted",
        )
        for part in (head, kinds):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            part.setWordWrap(True)
            inner.addWidget(part)
        inner.addLayout(line(None, self.choose, None))
        return frame

    # -- setters --------------------------------------------------------------
    def set_problem(self, text: str) -> None:
        """Why the file cannot be read; "" for none."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def set_loads(self, loads: Sequence[PastLoad]) -> None:
        """The loads of before, newest first."""
        kept = self._selected()
        self._loads = tuple(loads)
        head = (
            self.tr("When"),
            self.tr("File"),
            self.tr("As"),
            self.tr("State"),
            self.tr("Rows"),
            self.tr("By"),
        )
        rows = [(x.when, x.file, x.kind, x.state, x.numbers, x.by) for x in self._loads]
        self._model.set_rows(head, rows)
        for place, width in enumerate((130, 240, 130, 110, 260)):
            self.table.setColumnWidth(place, width)
        batches = [x.batch for x in self._loads]
        if kept is not None and kept.batch in batches:
            self.table.selectRow(batches.index(kept.batch))
        self._chosen()

    # -- inside ---------------------------------------------------------------
    def _selected(self) -> PastLoad | None:
        rows = self.table.selectionModel().selectedRows()
        place = rows[0].row() if rows else -1
        return self._loads[place] if 0 <= place < len(self._loads) else None

    def _chosen(self) -> None:
        load = self._selected()
        self.confirm.dismiss()
        self.undo.setVisible(load is not None and load.can_undo)
        self.resume.setVisible(load is not None and load.can_resume)
        self.details.setText("\n".join(load.details[:8]) if load is not None else "")
        self.details.setVisible(load is not None and bool(load.details))

    def _resume(self) -> None:
        load = self._selected()
        if load is not None:
            self.resume_requested.emit(load.batch)

    def _ask(self) -> None:
        load = self._selected()
        if load is None:
            return
        text = self.tr(
            "Undo the load of “{0}”? What it made is deleted, what it replaced comes back. What"
            " others have changed since stays, and is named."
        ).format(load.file)
        self.confirm.ask(text, self.tr("Undo"), lambda _note: self.undo_requested.emit(load.batch))
