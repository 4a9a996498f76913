"""The arguments of the commands about alarms, typed and bounded."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from services.hub.command_args import Args, Id, Note, Title

Key = Annotated[str, Meta(min_length=1, max_length=400)]
AT_ONCE = 200
"""Alarms that one order may acknowledge."""


class AcknowledgeArgs(Args, frozen=True, kw_only=True):
    """alarm.acknowledge: one ``alarm``, or several ``alarms``, each with an outcome of its own."""

    alarm: Key | None = None
    alarms: Annotated[tuple[Key, ...], Meta(max_length=AT_ONCE)] = ()
    note: Note = ""


class ShelveArgs(Args, frozen=True, kw_only=True):
    """alarm.shelve; ``for_s`` seconds, left out: as long as its rule allows. ``one_shot`` ends at
    the return to normal."""

    alarm: Key
    reason: Annotated[str, Meta(min_length=1, max_length=500)]
    mode: Literal["timed", "one_shot"] = "timed"
    for_s: float | None = None


class UnshelveArgs(Args, frozen=True, kw_only=True):
    """alarm.unshelve"""

    alarm: Key
    note: Note = ""


class OutArgs(Args, frozen=True, kw_only=True):
    """alarm.out_of_service: one ``alarm``, or an ``object`` with all alarms it has and gets."""

    reason: Annotated[str, Meta(min_length=1, max_length=500)]
    alarm: Key | None = None
    object: Id | None = None


class ReturnArgs(Args, frozen=True, kw_only=True):
    """alarm.return_to_service: what alarm.out_of_service took."""

    alarm: Key | None = None
    object: Id | None = None
    note: Note = ""


class ToCaseArgs(Args, frozen=True, kw_only=True):
    """alarm.to_case; category and title default to what the alarm's rule suggests."""

    alarm: Key
    category: Id | None = None
    title: Title = ""
