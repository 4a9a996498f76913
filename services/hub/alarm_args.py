"""The arguments of the commands about alarms, typed and bounded."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from services.hub.command_args import Args, Id, Note, Title


class AlarmArgs(Args, frozen=True, kw_only=True):
    """alarm.acknowledge"""

    alarm: Annotated[str, Meta(min_length=1, max_length=400)]
    note: Note = ""


class ToCaseArgs(Args, frozen=True, kw_only=True):
    """alarm.to_case; category and title default to what the alarm's rule suggests."""

    alarm: Annotated[str, Meta(min_length=1, max_length=400)]
    category: Id | None = None
    title: Title = ""
