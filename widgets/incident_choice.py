"""What of a proposal is chosen: the plan's picks, changed by what the officer did. Pure.

A new proposal (another radius) keeps what the officer chose or refused by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.dispatch.proposal import Proposal, TeamPick, WarehousePick
from services.domain.model import Severity
from widgets.words import listing

ABLE = frozenset({"needed", "spare", "other_speciality"})
"""Reasons with which a team may be sent; a busy or silent one may not."""


@dataclass(frozen=True)
class IncidentOrder:
    """What the officer orders. ``stock``: (warehouse id, item id, quantity ≥ 1)."""

    category: str
    severity: Severity
    title: str
    lon: float
    lat: float
    radius_m: float
    address: str = ""
    case_id: str = ""
    alarm_key: str = ""
    teams: tuple[str, ...] = ()
    stock: tuple[tuple[str, str, int], ...] = ()


class Choice:
    """Teams and quantities to send."""

    def __init__(self) -> None:
        self.proposal = Proposal()
        self._teams: dict[str, bool] = {}
        self._stock: dict[tuple[str, str], int] = {}

    def propose(self, proposal: Proposal) -> None:
        """Take a new proposal; choices by hand stay."""
        self.proposal = proposal

    def forget(self) -> None:
        """Forget all choices by hand (another place or category)."""
        self._teams.clear()
        self._stock.clear()

    def choose_team(self, entity_id: str, on: bool) -> None:
        """The officer picks or refuses a team."""
        self._teams[entity_id] = on

    def choose_stock(self, warehouse_id: str, item: str, quantity: int) -> None:
        """The officer sets a quantity."""
        self._stock[warehouse_id, item] = quantity

    def has_team(self, pick: TeamPick) -> bool:
        """Whether a team is sent."""
        return pick.reason in ABLE and self._teams.get(pick.entity.id, pick.chosen)

    def quantities(self, pick: WarehousePick) -> list[int]:
        """Quantity per stock line of a warehouse, never more than is free."""
        return [
            min(free, self._stock.get((pick.entity.id, item), suggested))
            for item, free, suggested in pick.lines
        ]

    def teams(self) -> tuple[str, ...]:
        """Ids of the teams to send, nearest first."""
        return tuple(p.entity.id for p in self.proposal.teams if self.has_team(p))

    def stock(self) -> tuple[tuple[str, str, int], ...]:
        """(warehouse id, item, quantity) of what to take, nearest first."""
        return tuple(
            (pick.entity.id, item, quantity)
            for pick in self.proposal.warehouses
            for (item, _free, _suggested), quantity in zip(
                pick.lines, self.quantities(pick), strict=True
            )
            if quantity > 0
        )


def listed(names: Sequence[str], most: int = 6) -> str:
    """The first few names, and how many more there are."""
    shown = listing(names[:most])
    return shown if len(names) <= most else f"{shown} … +{len(names) - most}"
