"""Who has logged in at a desk. A plain record, no Qt."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.access.roles import GRANTS
from services.feed.login import Login


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A login at a hub. ``proof``: an argon2id hash of the password, with which the desk opens
    again while the hub does not answer; "" where none was typed."""

    login: Login
    hub_url: str
    proof: str = field(default="", repr=False)

    def may(self, right: str) -> bool:
        """Whether a role of this login gives an order or a right; the hub decides anyway."""
        return any(right in GRANTS.get(role, ()) for role in self.login.tokens.roles)
