"""Attribute expressions such as ``kind = 'camera' and name like '%路%'`` as a mask of rows.

    texts     'in single quotes'        names     level, "quoted" or [any name]
    compare   = <> < <= > >=            also      in (…), like, ilike, between … and …, is null
    reckon    + - * /                   join      and, or, not
    functions lower upper length abs round coalesce now() distance_m(lon, lat)

Every feature has id, name, kind, state, severity and link (as words or numbers), stale, unacked,
lon, lat and age_s. A text that reads as a number is one beside a number. What is asked of nothing
is not known, as in SQL, and only what is true is found.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from layers.model import expression_tree as tree
from layers.model.attributes import Column
from layers.model.expression_syntax import Parser, children
from layers.model.expression_values import Table, truth_of, value_of
from services.domain.errors import KnownError

AGE = "age_s"
NO_ALIASES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Expression:
    """A text that was read. ``names`` are the fields it asks; ``by_time``: what it says changes by
    itself. Frozen; any thread."""

    text: str
    root: tree.Node
    names: frozenset[str]
    by_time: bool

    def mask(self, table: Table) -> npt.NDArray[np.bool_]:
        """Which rows it is true of, shape (rows,)."""
        return truth_of(self.root, table).true

    def values(self, table: Table) -> Column:
        """Its value in each row, for styles and numbers by expression."""
        return value_of(self.root, table)


def parse(
    text: str,
    known: Collection[str] | None = None,
    aliases: Mapping[str, str] = NO_ALIASES,
) -> Expression:
    """Read an expression. KnownError ``expression_…`` whose ``at`` is the character, from 1.

    ``known`` are the names of fields that there are, None takes any; ``aliases`` are further names
    for them (labels as a person reads them). Either is found in any case of letters.
    """
    root = Parser(text, known, aliases).whole()
    names: set[str] = set()
    by_time = False
    waiting = [root]
    while waiting:
        node = waiting.pop()
        waiting += children(node)
        if isinstance(node, tree.Field):
            names.add(node.name)
        elif isinstance(node, tree.Call):
            by_time |= node.name == "now"
    return Expression(text, root, frozenset(names), by_time or AGE in names)


def problem_of(
    text: str, known: Collection[str] | None = None, aliases: Mapping[str, str] = NO_ALIASES
) -> KnownError | None:
    """What is wrong with a text, None where it can be read."""
    try:
        parse(text, known, aliases)
    except KnownError as error:
        return error
    return None
