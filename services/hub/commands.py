"""Every order of an operator: from a world and its arguments to events, or a refusal with reason.

Pure: ``decide`` changes nothing. The hub checks the role first (``services.access.roles``), then
decides, commits and folds before it takes the next order, so that each sees the one before it.
"""

from __future__ import annotations

from collections.abc import Callable

from services.domain.errors import KnownError
from services.domain.events import OperatorActed
from services.domain.shape import convert, finite
from services.domain.text import plain
from services.hub import (
    alarm_commands,
    case_commands,
    dispatch_commands,
    road_commands,
    suppression_commands,
)
from services.hub.command_args import NoteArgs
from services.hub.scene import Actor, Decision, Scene

__all__ = ["COMMANDS", "Actor", "Decision", "decide"]


def decide(scene: Scene, name: str, args: dict[str, object]) -> Decision:
    """The outcome of one order, or KnownError saying why not."""
    handler = _HANDLERS.get(name)
    if handler is None:
        raise KnownError("unknown_command", f"There is no command “{name[:60]}”.", field="name")
    return handler(scene, args)


def _note(scene: Scene, args: dict[str, object]) -> Decision:
    order = convert(args, NoteArgs)
    for key, value in order.detail.items():
        if isinstance(value, str):
            plain(value, f"detail.{key}", 500)
        elif isinstance(value, float):
            finite(value, f"detail.{key}")
    body = OperatorActed(
        name=plain(order.name, "name"),
        actor=scene.actor.name,
        seat=scene.actor.seat,
        subject=plain(order.subject, "subject", 400),
        detail=order.detail,
    )
    return Decision((body,))


_HANDLERS: dict[str, Callable[[Scene, dict[str, object]], Decision]] = {
    "alarm.acknowledge": alarm_commands.acknowledge,
    "alarm.to_case": alarm_commands.to_case,
    "alarm.shelve": suppression_commands.shelve,
    "alarm.unshelve": suppression_commands.unshelve,
    "alarm.out_of_service": suppression_commands.out_of_service,
    "alarm.return_to_service": suppression_commands.return_to_service,
    **{f"case.{name}": order for name, order in case_commands.ORDERS.items()},
    **dispatch_commands.ORDERS,
    **road_commands.ORDERS,
    "operator.note": _note,
}
COMMANDS: tuple[str, ...] = tuple(_HANDLERS)
"""Every command there is."""
