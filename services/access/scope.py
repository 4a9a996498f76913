"""What one account may see and do, compiled once from its roles and limits. Pure; any thread.

A role grants orders and rights on kinds of things and shows classes of data; an account may be
held to areas, kinds and departments besides. Compiled, that is a Permission: looked up for every
order and every outgoing row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from services.access.roles import CLASSES, GRANTS, HELD_TO_DEPARTMENTS, TRAITS, DataClass
from services.packs.model import Catalogue

CASE_TRAIT = "case-bearing"
NOTHING_CLEAR: frozenset[DataClass] = frozenset()


class Account(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who asks. Empty ``areas``, ``kinds`` and ``departments`` limit nothing, but that a role
    held to departments (HELD_TO_DEPARTMENTS) has nothing without any.

    ``areas``: ids of things with the trait ``area``, or the code of a township with which such
    ids begin. ``session`` names the login; "" for a token of the machine's own file.
    """

    user: str
    name: str
    roles: tuple[str, ...]
    areas: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    session: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """What rows go out, and what of them is shown. Accounts with equal scopes share frames.

    ``kinds``: those that are seen, None for all. ``clear``: classes shown unmasked, by kind where
    roles differ in that. ``cases``: whether cases and what belongs to them are seen.
    """

    kinds: frozenset[str] | None
    clear: frozenset[DataClass]
    clear_of: tuple[tuple[str, frozenset[DataClass]], ...] = ()
    areas: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    cases: bool = True
    case_clear: frozenset[DataClass] = NOTHING_CLEAR
    _by_kind: dict[str, frozenset[DataClass]] = field(
        init=False, repr=False, compare=False, hash=False
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_kind", dict(self.clear_of))

    @property
    def whole(self) -> bool:
        """Whether every row goes out, so that only attributes are masked."""
        return self.kinds is None and not self.areas and not self.departments and self.cases

    @property
    def empty(self) -> bool:
        """Whether nothing of the city is seen."""
        return self.kinds is not None and not self.kinds and not self.cases

    def epoch(self, epoch: str) -> str:
        """The name of the log's epoch for readers of this scope.

        Who comes back with other rights stands in another history, and so cannot go on from what
        they saw before: they get a snapshot.
        """
        if self == WHOLE:
            return epoch
        names = [
            sorted(self.kinds) if self.kinds is not None else None,
            sorted(self.clear),
            [(kind, sorted(clear)) for kind, clear in self.clear_of],
            sorted(self.areas),
            sorted(self.departments),
            self.cases,
            sorted(self.case_clear),
        ]
        return f"{epoch}.{hashlib.sha256(msgspec.json.encode(names)).hexdigest()[:12]}"

    def sees(self, kind: str) -> bool:
        """Whether things of a kind are seen, wherever they stand."""
        return self.kinds is None or kind in self.kinds

    def shown(self, kind: str) -> frozenset[DataClass]:
        """Classes of data that are shown of a kind."""
        return self._by_kind.get(kind, self.clear)


_DUTY_ROOM = CLASSES["duty_officer"]
WHOLE = Scope(kinds=None, clear=_DUTY_ROOM, case_clear=_DUTY_ROOM)
"""Everything but personal data: what most of the duty room sees."""


@dataclass(frozen=True, slots=True)
class Permission:
    """The compiled answer. ``grants``: for each order or right the kinds it holds on, None: all."""

    scope: Scope
    grants: Mapping[str, frozenset[str] | None]

    def may(self, name: str, kind: str | None = None) -> bool:
        """Whether an order or a right is given, on a kind where it is about a thing of one."""
        if name not in self.grants:
            return False
        kinds = self.grants[name]
        return kind is None or kinds is None or kind in kinds


NOBODY = Permission(Scope(frozenset(), NOTHING_CLEAR, cases=False), {})


class Compiler:
    """Permissions of accounts over the kinds of a catalogue; equal accounts get the same one."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._traits = {k.id: frozenset(k.traits) for k in catalogue.kinds.values()}
        self._case_kinds = {k.id for k in catalogue.with_trait(CASE_TRAIT)}
        self._made: dict[tuple[tuple[str, ...], ...], Permission] = {}

    def of(self, account: Account) -> Permission:
        """What this account may see and do; an unknown role grants nothing."""
        key = (account.roles, account.areas, account.kinds, account.departments)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._compile(account)
        return found

    def _compile(self, account: Account) -> Permission:
        without = frozenset() if account.departments else HELD_TO_DEPARTMENTS
        roles = [role for role in account.roles if role in GRANTS and role not in without]
        if not roles:
            return NOBODY
        own = frozenset(account.kinds)
        seen = {role: self._kinds(role, own) for role in roles}
        grants: dict[str, frozenset[str] | None] = {}
        for role in roles:
            for name in GRANTS[role]:
                old = grants.get(name, frozenset())
                grants[name] = _union(old, seen[role])
        kinds: frozenset[str] | None = frozenset()
        for each in seen.values():
            kinds = _union(kinds, each)
        scope = Scope(
            kinds=kinds,
            clear=NOTHING_CLEAR.union(*(CLASSES[r] for r in roles if seen[r] is None)),
            clear_of=self._clear_of(roles, seen),
            areas=frozenset(account.areas),
            departments=frozenset(account.departments),
            cases=any(map(self._sees_cases, seen.values())),
            case_clear=NOTHING_CLEAR.union(
                *(CLASSES[r] for r in roles if self._sees_cases(seen[r]))
            ),
        )
        return Permission(scope, grants)

    def _sees_cases(self, kinds: frozenset[str] | None) -> bool:
        return kinds is None or bool(kinds & self._case_kinds)

    def _kinds(self, role: str, own: frozenset[str]) -> frozenset[str] | None:
        """The kinds of a role within the account's own; None for all."""
        traits = TRAITS[role]
        if traits is None:
            return own or None
        kinds = frozenset(kind for kind, has in self._traits.items() if has & traits)
        return kinds & own if own else kinds

    def _clear_of(
        self, roles: list[str], seen: Mapping[str, frozenset[str] | None]
    ) -> tuple[tuple[str, frozenset[DataClass]], ...]:
        """Classes by kind, for kinds that only some of the roles see."""
        named = sorted(frozenset().union(*(k for k in seen.values() if k is not None)))
        rows = []
        for kind in named:
            clear: frozenset[DataClass] = frozenset()
            for role in roles:
                kinds = seen[role]
                if kinds is None or kind in kinds:
                    clear |= CLASSES[role]
            rows.append((kind, clear))
        return tuple(rows)


def _union(a: frozenset[str] | None, b: frozenset[str] | None) -> frozenset[str] | None:
    return None if a is None or b is None else a | b
