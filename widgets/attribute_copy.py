"""Rows of an attribute table as text for the clipboard. GUI thread."""

from __future__ import annotations

from layers.model.attributes import Rows
from layers.model.fields import value_at
from services.domain.cells import safe_cell
from widgets.attribute_grid import AttributeGrid
from widgets.attribute_model import AttributeModel

MOST_COPIED = 2_000
"""Rows that the clipboard takes; more is what exports are for."""


def copied(grid: AttributeGrid, model: AttributeModel, rows: Rows, now: float) -> str:
    """Titles and rows of the store with tabs between, for a spreadsheet, as the table shows them;
    formulas become words. ``now`` is UNIX seconds."""
    columns = [model.columns[i] for i in grid.shown_columns()]
    told = [[c.heading for c in columns]]
    told += [
        [c.text(value_at(model.store, row, c.name, now)) for c in columns] for row in rows.tolist()
    ]
    return "\n".join("\t".join(_cell(text) for text in cells) for cells in told)


def _cell(text: str) -> str:
    return safe_cell(text.replace("\t", " ").replace("\n", " "))
