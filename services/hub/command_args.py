"""The arguments of each command, typed and bounded; also what the published schema says."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from services.domain.model import TaskState

Id = Annotated[str, Meta(min_length=1, max_length=128)]
Note = Annotated[str, Meta(max_length=500)]
Whole = Annotated[int, Meta(ge=-(2**53), le=2**53)]
Title = Annotated[str, Meta(max_length=200)]


class Args(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base: an argument that is not known is refused, never overlooked."""


class TaskArg(Args, frozen=True, kw_only=True):
    """One team of a dispatch."""

    entity: Id


class StockArg(Args, frozen=True, kw_only=True):
    """One stock line of a dispatch."""

    warehouse: Id
    item: Id
    quantity: Annotated[int, Meta(ge=1, le=1_000_000)]


class UsedArg(Args, frozen=True, kw_only=True):
    """How much of a promised stock line a team has used."""

    warehouse: Id
    item: Id
    quantity: Annotated[int, Meta(ge=0, le=1_000_000)]


class SendArgs(Args, frozen=True, kw_only=True):
    """dispatch.send"""

    case: Id
    tasks: Annotated[tuple[TaskArg, ...], Meta(max_length=100)]
    stock: Annotated[tuple[StockArg, ...], Meta(max_length=200)] = ()
    note: Note = ""


class RecallArgs(Args, frozen=True, kw_only=True):
    """dispatch.recall; ``task`` calls only that one back."""

    dispatch: Id
    task: Annotated[str, Meta(max_length=128)] = ""
    note: Note = ""


class ProposedArgs(Args, frozen=True, kw_only=True):
    """dispatch.confirm, dispatch.skip: an officer's word on a proposed task."""

    dispatch: Id
    task: Id
    note: Note = ""


class MoveArgs(Args, frozen=True, kw_only=True):
    """stock.move"""

    warehouse: Id
    to: Id
    item: Id
    quantity: Annotated[int, Meta(ge=1, le=1_000_000)]


class TaskUpdateArgs(Args, frozen=True, kw_only=True):
    """task.update: a team's report; ``used``: what it took of the promised stock."""

    dispatch: Id
    task: Id
    state: TaskState
    note: Note = ""
    used: Annotated[tuple[UsedArg, ...], Meta(max_length=200)] | None = None


class NoteArgs(Args, frozen=True, kw_only=True):
    """operator.note"""

    name: Id
    subject: Annotated[str, Meta(max_length=400)] = ""
    detail: Annotated[
        dict[Id, Annotated[str, Meta(max_length=500)] | Whole | float | bool | None],
        Meta(max_length=30),
    ] = msgspec.field(default_factory=dict)
