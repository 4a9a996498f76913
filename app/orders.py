"""Orders that have no answer yet, and those whose fate is unknown. Pure; time is passed in.

An order is known by its idempotency key. While nobody knows what became of it, the same order given
again (same name, same arguments) is that order: it keeps its key, so that the hub carries it out
once however often it is sent. Used by one thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from services.feed.frames import ErrorInfo, Result

ANSWER_LIMIT_S = 15.0
"""How long a person waits for an answer before being told that there is none."""
KEY_LIFE_S = 12 * 3_600.0
"""An order is forgotten after this; hubs keep keys for 24 hours at least."""
MAX_ORDERS = 500
UNSURE = frozenset({"disk_full", "storage_failed", "internal"})
"""Refusals of a hub that could not write: part of what failed may be on its disk after all."""

NOT_TAKEN = frozenset({"offline", "too_fast"}) | UNSURE

OnResult = Callable[[Result], None]


@dataclass(slots=True, eq=False)
class Order:
    """One order under its key. ``since``: when it was given last, in seconds of a steady clock.

    ``waiting`` are told the answer, or at the limit that there is none; ``late`` are told an answer
    that comes after that. ``again``: whether it is sent again by itself when the line is back.
    """

    key: str
    name: str
    args: dict[str, object]
    expect_version: int | None
    since: float
    waiting: list[OnResult] = field(default_factory=list)
    late: list[OnResult] = field(default_factory=list)
    unknown: bool = False
    again: bool = True
    repeated: bool = False

    def is_same(self, name: str, args: dict[str, object]) -> bool:
        """Whether somebody who gives this order gives that one once more. The version that the
        thing should have is not asked for: it may have changed by the very order."""
        return self.name == name and self.args == args


@dataclass(frozen=True, slots=True)
class Told:
    """Whom to tell what. ``settled``: they were told before that there is no answer."""

    order: Order
    result: Result
    listeners: tuple[OnResult, ...]
    settled: bool = False


class OrderBook:
    """The open orders of one console, oldest first."""

    def __init__(self) -> None:
        self._orders: dict[str, Order] = {}

    def __len__(self) -> int:
        return len(self._orders)

    def give(
        self,
        name: str,
        args: dict[str, object],
        on_result: OnResult,
        now: float,
        new_key: Callable[[], str],
        *,
        expect_version: int | None = None,
        on_late: OnResult | None = None,
    ) -> tuple[Order | None, bool]:
        """The order to give, and whether it has to be sent now (one on its way already has not).

        None when too many are open: nothing may be sent that could not be told from a repetition.
        """
        order = next((o for o in self._orders.values() if o.is_same(name, args)), None)
        send = order is None or order.unknown
        if order is None:
            if not self._make_room():
                return None, False
            order = Order(new_key(), name, dict(args), expect_version, now)
            self._orders[order.key] = order
        elif order.unknown:
            order.since, order.repeated, order.again = now, True, True
        order.waiting.append(on_result)
        if on_late is not None:
            order.late.append(on_late)
        return order, send

    def answered(self, result: Result) -> Told | None:
        """An answer has come; None where it says nothing about an open order."""
        order = self._orders.get(result.key)
        if order is None:
            return None
        if order.repeated and result.error is not None and _was_not_taken(result.error):
            return self._no_answer(order) if order.unknown and order.waiting else None
        if result.error is not None and result.error.code in UNSURE:
            return self._unsure(order, result)
        del self._orders[result.key]
        if order.waiting:
            return Told(order, result, tuple(order.waiting))
        return Told(order, result, tuple(order.late), settled=True)

    def overdue(self, now: float) -> list[Told]:
        """Whom to tell that there is no answer; their orders stay, unknown, with their keys."""
        told = [
            self._no_answer(order)
            for order in self._orders.values()
            if order.waiting and now - order.since > ANSWER_LIMIT_S
        ]
        for key in [k for k, o in self._orders.items() if now - o.since > KEY_LIFE_S]:
            del self._orders[key]
        return told

    def to_send_again(self) -> list[Order]:
        """The line is back: these are sent again, under their keys."""
        orders = [o for o in self._orders.values() if o.again]
        for order in orders:
            order.repeated = True
        return orders

    # -- inside -----------------------------------------------------------------
    def _no_answer(self, order: Order) -> Told:
        listeners, order.waiting = tuple(order.waiting), []
        order.unknown = True
        error = ErrorInfo(code="no_answer", text="the hub has not answered; the order stays open")
        return Told(order, Result(key=order.key, level="memory", error=error), listeners)

    def _unsure(self, order: Order, result: Result) -> Told | None:
        """A refusal that may be wrong: told as it is and done with, unless it is given again."""
        listeners, order.waiting = tuple(order.waiting), []
        settled = order.unknown and order.again and not listeners
        order.unknown, order.again = True, False
        if settled:
            return Told(order, result, tuple(order.late), settled=True)
        return Told(order, result, listeners) if listeners else None

    def _make_room(self) -> bool:
        """A place for one more: refusals are forgotten first, oldest first; unknown ones never."""
        if len(self._orders) < MAX_ORDERS:
            return True
        done = next((k for k, o in self._orders.items() if not o.again and not o.waiting), None)
        if done is None:
            return False
        del self._orders[done]
        return True


def _was_not_taken(error: ErrorInfo) -> bool:
    """Whether a repetition was turned away at the door, which says nothing about the order that
    was sent first. A hub is busy without parameters; with them, a team is."""
    return error.code in NOT_TAKEN or (error.code == "busy" and not error.params)
