"""How a hub is started."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from services.hub.limits import Limits

DEFAULT_PORT = 8630


@dataclass(frozen=True, slots=True, kw_only=True)
class HubOptions:
    """``port`` 0 takes a free one. ``packs``: further pack directories beside the product's own.

    ``child``: end when stdin closes, so that a hub never outlives the process that started it.
    """

    data: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    packs: tuple[Path, ...] = ()
    child: bool = False
    limits: Limits = field(default_factory=Limits)
