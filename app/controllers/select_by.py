"""Selecting on a map by an attribute expression, which a worker tries on the rows. GUI thread."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject

from app.console_parts import Parts
from app.messages import person_text
from app.session import ConsoleSession
from layers.model.expression import Expression, parse
from layers.model.fields import BUILT_IN, FieldTable, field_table
from layers.model.order import Rows
from layers.render.map_widget import MapWidget
from services.domain.errors import KnownError
from services.packs.model import Kind
from widgets.attribute_columns import columns_of
from widgets.selection_view import SelectionView


class ExpressionSelect(QObject):
    """An answer that comes after another expression was given is dropped."""

    def __init__(
        self,
        parts: Parts,
        session: ConsoleSession,
        chart: MapWidget,
        view: SelectionView,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._session = session
        self._map = chart
        self._view = view
        self._asked = 0
        view.expression_given.connect(self.select)

    def offer_fields(self) -> None:
        """Let the line offer the fields of what lies on the map."""
        parts = self._parts
        counts = self._session.model.store.counts()
        known = parts.catalogue.kinds
        kinds: list[Kind] = [known[k] for k, n in counts.items() if n.total and k in known]
        titles = {c.name: c.heading for c in columns_of(kinds, parts.catalogue, parts.lang)}
        names = [*titles, *(n for n in BUILT_IN if n not in titles)]
        self._view.expression.set_fields([(n, titles.get(n, "")) for n in names], {})

    def select(self, text: str) -> None:
        """Select what the expression is true of, of what the map shows."""
        try:
            expression = parse(text)
        except KnownError as error:
            at = error.params.get("at", 0)
            self._view.set_problem(person_text(error), at if isinstance(at, int) else 0)
            return
        self._view.set_problem("")
        self._asked += 1
        store, now = self._session.model.store, self._session.model.now()
        rows = store.rows()
        names = np.array(store.ids, object)[rows]  # a row may be another's when the answer comes
        work = partial(_true_of, expression, field_table(store, rows, now, expression.names))
        done = partial(self._found, self._asked, rows, names)
        self._parts.operations.run(work, done, self._failed, owner=self)

    def _found(self, number: int, rows: Rows, names: npt.NDArray[np.object_], true: Rows) -> None:
        if number != self._asked:
            return
        row_of = self._session.model.store.row_of
        still = [
            row for row, name in zip(rows[true], names[true], strict=True) if row_of(name) == row
        ]
        self._map.selecting.take_rows(np.array(still, np.int64), "replace")
        if not len(self._map.selecting.selection):
            self._view.set_problem(self.tr("Nothing that is shown is like this."))

    def _failed(self, error: Exception) -> None:
        text = person_text(error) if isinstance(error, KnownError) else str(error)
        self._view.set_problem(text)


def _true_of(expression: Expression, table: FieldTable) -> Rows:
    """Positions in the table of the rows that it is true of."""
    return np.flatnonzero(expression.mask(table))
