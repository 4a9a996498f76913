"""How alarms stand in their list: singly, or in a flood one line per cause and place. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from widgets.rows import AlarmRow, GroupRow

ListRow = AlarmRow | GroupRow
SortKey = Callable[[AlarmRow], tuple[Any, ...]]
GROUP_PREFIX = "group:"
LEAST = 2
"""A group of one is no group: its alarm stands alone."""


class Grouping:
    """The groups of a flood and which of them are open; empty while alarms stand singly."""

    def __init__(self) -> None:
        self._groups: dict[str, GroupRow] = {}
        self._of: dict[str, str] = {}
        self._open: set[str] = set()

    def set_groups(self, groups: Iterable[GroupRow]) -> None:
        """Take other groups; those that are still there stay open."""
        self._groups = {GROUP_PREFIX + g.id: g for g in groups if len(g.keys) >= LEAST}
        self._of = {key: name for name, g in self._groups.items() for key in g.keys}
        self._open &= self._groups.keys()

    @property
    def rows(self) -> Mapping[str, GroupRow]:
        """The lines of the groups by their keys in the list."""
        return self._groups

    def is_open(self, row: GroupRow) -> bool:
        """Whether its alarms stand under it."""
        return GROUP_PREFIX + row.id in self._open

    def turn(self, name: str, on: bool | None = None) -> None:
        """Open or close a group, or turn it over."""
        wanted = name not in self._open if on is None else on
        (self._open.add if wanted else self._open.discard)(name)

    def members(self, key: str) -> tuple[str, ...]:
        """The alarms that a line of the list stands for."""
        group = self._groups.get(key)
        return (key,) if group is None else group.keys

    def is_member(self, row: AlarmRow) -> bool:
        """Whether an alarm stands under a group."""
        return row.alarm.key in self._of

    def passes(
        self, row: ListRow, wanted: Callable[[AlarmRow], bool], alarms: Mapping[str, AlarmRow]
    ) -> bool:
        """Whether a line is shown: a wanted alarm that is not folded away, a group with one."""
        if isinstance(row, GroupRow):
            return any(key in alarms and wanted(alarms[key]) for key in row.keys)
        name = self._of.get(row.alarm.key)
        return wanted(row) and (name is None or name in self._open)

    def order(self, base: SortKey, alarms: Mapping[str, AlarmRow]) -> Callable[[ListRow], Any]:
        """A sort key that keeps each group together, where the most urgent of its alarms would
        stand were it as bad as the worst that is active in the group."""
        first = {
            name: _place(base, [alarms[k] for k in group.keys if k in alarms])
            for name, group in self._groups.items()
        }

        def key(row: ListRow) -> tuple[Any, ...]:
            if isinstance(row, GroupRow):
                name = GROUP_PREFIX + row.id
                return (first.get(name, ()), name, 0, ())
            own = base(row)
            name = self._of.get(row.alarm.key, "")
            return (first[name], name, 1, own) if name else (own, "", 1, own)

        return key


def _place(base: SortKey, rows: Sequence[AlarmRow]) -> tuple[Any, ...]:
    if not rows:
        return ()
    turn = min(base(row)[0] for row in rows)
    standing = [row for row in rows if row.alarm.active] or rows
    return (turn, *(min(part) for part in list(zip(*map(base, standing), strict=True))[1:]))
