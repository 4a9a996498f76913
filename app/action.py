"""One action of a desk: what the table of them is made of. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Group = Literal["bar", "map", "tool", "work", "look"]
Needs = Literal["", "orders", "live", "login", "accounts", "audit", "imports"]
"""orders: may give orders here; live: has no meaning in a replay; login: somebody has logged in;
accounts, audit, imports: and may manage accounts, read the audit, load files."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done from the desk.

    ``own_key``: the part that has the keyboard listens for the shortcut itself, because the same
    key means something else, or letters, elsewhere.
    """

    id: str
    text: str
    shortcut: str
    tip: str
    group: Group
    needs: Needs = ""
    own_key: bool = False
