"""Orders that have no answer yet, those that wait for the line, those whose fate is unknown.

An order is known by its idempotency key. While nobody knows what became of it, the same order given
again (same name, same arguments) is that order: it keeps its key, so that the hub carries it out
once however often it is sent. One given without a line waits, and is sent when the line is back;
one that the hub then refuses stays, with the reason, until a person has read it. Pure; time is
passed in. Used by one thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from services.feed.frames import ErrorInfo, Result

ANSWER_LIMIT_S = 15.0
"""How long a person waits for an answer before being told that there is none."""
KEY_LIFE_S = 12 * 3_600.0
"""An order is forgotten after this; hubs keep keys for 24 hours at least."""
MAX_ORDERS = 500
HOLD_S = 600.0
"""An order older than this is not sent by itself when the line is back: what was right ten minutes
ago may send people to the wrong place now. A person says send, or withdraw."""
UNSURE = frozenset({"disk_full", "storage_failed", "audit_failed", "internal"})
"""Refusals of a hub that could not write: part of what failed may be on its disk after all."""

NOT_TAKEN = frozenset({"offline", "too_fast"}) | UNSURE

OnResult = Callable[[Result], None]
WaitState = Literal["queued", "unknown", "held", "refused"]


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """An order that is not done with, as the journal keeps it and a person reads it.

    queued: never sent, goes when the line is back. unknown: sent, no answer; goes again under its
    key. held: too old to go by itself. refused: sent after a wait, and the hub said no.
    ``given_at``: UNIX seconds of this desk. ``sent``: it may have reached the hub.
    """

    key: str
    name: str
    args: dict[str, Any]
    state: WaitState
    given_at: float
    sent: bool = False
    expect_version: int | None = None
    error: ErrorInfo | None = None


@dataclass(slots=True, eq=False)
class Order:
    """One order under its key. ``since``: when it was given last, in seconds of a steady clock;
    ``given_at``: when it was given first, UNIX seconds.

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
    given_at: float = 0.0
    queued: bool = False
    held: bool = False
    refused: ErrorInfo | None = None

    @property
    def wait_state(self) -> WaitState | None:
        """Why it is kept; None for one that was just sent, or that the hub could not store."""
        if self.refused is not None:
            return "refused"
        if self.held:
            return "held"
        if self.queued:
            return "queued"
        return "unknown" if self.unknown and self.again else None

    def is_same(self, name: str, args: dict[str, object], wall: float) -> bool:
        """Whether somebody who gives this order gives that one once more. The version that the
        thing should have is not asked for: it may have changed by the very order. One that was
        refused, or sent so long ago that hubs forget keys, is over: who gives it means it anew."""
        over = self.refused is not None or self.key_is_old(wall)
        return not over and self.name == name and self.args == args

    def key_is_old(self, wall: float) -> bool:
        """Whether it may have been carried out so long ago that the hub has forgotten its key."""
        return self.unknown and not self.queued and wall - self.given_at > KEY_LIFE_S


@dataclass(frozen=True, slots=True)
class Told:
    """Whom to tell what. ``settled``: they were told before that there is no answer."""

    order: Order
    result: Result
    listeners: tuple[OnResult, ...]
    settled: bool = False


class OrderBook:
    """The open orders of one console, oldest first. ``keeps``: what is given without a line waits
    for it, instead of being refused as ``offline``."""

    def __init__(self, *, keeps: bool = False) -> None:
        self._orders: dict[str, Order] = {}
        self._keeps = keeps

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
        given_at: float = 0.0,
    ) -> tuple[Order | None, bool]:
        """The order to give, and whether it has to be sent now (one on its way already has not).

        None when too many are open: nothing may be sent that could not be told from a repetition.
        """
        order = next((o for o in self._orders.values() if o.is_same(name, args, given_at)), None)
        send = order is None or order.unknown
        if order is None:
            if not self._make_room():
                return None, False
            order = Order(new_key(), name, dict(args), expect_version, now, given_at=given_at)
            self._orders[order.key] = order
        elif order.unknown:
            order.since, order.repeated, order.again = now, True, True
            order.held = False
            if order.queued:  # it has never been sent: what counts is when a person last meant it
                order.given_at = given_at
        order.waiting.append(on_result)
        if on_late is not None:
            order.late.append(on_late)
        return order, send

    def answered(self, result: Result) -> Told | None:
        """An answer has come; None where it says nothing about an open order."""
        order = self._orders.get(result.key)
        if order is None:
            return None
        if self._keeps and _is_offline(result) and (order.queued or not order.repeated):
            return self._queue(order)
        if order.repeated and result.error is not None and _was_not_taken(result.error):
            return self._no_answer(order) if order.unknown and order.waiting else None
        if result.error is not None and result.error.code in UNSURE:
            return self._unsure(order, result)
        if order.waiting:
            del self._orders[result.key]
            return Told(order, result, tuple(order.waiting))
        if result.error is not None and self._keeps:
            order.refused, order.again = result.error, False
            order.queued = order.held = False
        else:
            del self._orders[result.key]
        return Told(order, result, tuple(order.late), settled=True)

    def overdue(self, now: float) -> list[Told]:
        """Whom to tell that there is no answer; their orders stay, unknown, with their keys."""
        told = [
            self._no_answer(order)
            for order in self._orders.values()
            if order.waiting and now - order.since > ANSWER_LIMIT_S
        ]
        for key in [k for k, o in self._orders.items() if now - o.since > KEY_LIFE_S]:
            if not self._keeps or self._orders[key].wait_state is None:
                del self._orders[key]
        return told

    def to_send_again(self, wall: float = 0.0) -> list[Order]:
        """The line is back: these are sent again, under their keys. ``wall``: UNIX seconds, by
        which those that are too old to go by themselves are held."""
        for order in self._orders.values():
            too_old = order.again and wall - order.given_at > HOLD_S
            if self._keeps and too_old and not order.waiting:
                order.held = True
        orders = [o for o in self._orders.values() if o.again and not o.held]
        for order in orders:
            order.repeated = True
        return orders

    # -- what waits, for the journal and for people -------------------------------
    def kept(self) -> tuple[Kept, ...]:
        """The orders that are not done with, oldest first."""
        return tuple(
            Kept(
                key=order.key,
                name=order.name,
                args=order.args,
                state=state,
                given_at=order.given_at,
                sent=not order.queued,
                expect_version=order.expect_version,
                error=order.refused,
            )
            for order in self._orders.values()
            if (state := order.wait_state) is not None
        )

    def take_up(self, kept: Iterable[Kept], now: float) -> None:
        """Go on with what an earlier run of this desk left behind."""
        for one in kept:
            self._orders[one.key] = Order(
                one.key,
                one.name,
                one.args,
                one.expect_version,
                now,
                given_at=one.given_at,
                unknown=True,
                again=one.state != "refused",
                queued=not one.sent,
                held=one.state == "held",
                refused=one.error,
            )

    def open_order(self, key: str) -> Order | None:
        """An order that is not done with."""
        return self._orders.get(key)

    def release(self, key: str, wall: float) -> Order | None:
        """A person says that a held order shall go after all. None when there is no such, or when
        it may have been carried out so long ago that the hub does not know its key any more."""
        order = self._orders.get(key)
        if order is None or not order.held:
            return None
        if order.key_is_old(wall):
            return None
        order.held, order.repeated = False, True
        return order

    def withdraw(self, key: str) -> None:
        """A person is done with it: it is not sent (again) and not shown any more."""
        order = self._orders.get(key)
        if order is not None and order.wait_state is not None:
            del self._orders[key]

    # -- inside -----------------------------------------------------------------
    def _queue(self, order: Order) -> Told | None:
        listeners, order.waiting = tuple(order.waiting), []
        order.queued = order.unknown = True
        if not listeners:  # the line was gone again before it could be sent
            return None
        error = ErrorInfo(code="queued", text="no line to the hub; the order waits for it")
        return Told(order, Result(key=order.key, level="memory", error=error), listeners)

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


def _is_offline(result: Result) -> bool:
    return result.error is not None and result.error.code == "offline"


def _was_not_taken(error: ErrorInfo) -> bool:
    """Whether a repetition was turned away at the door, which says nothing about the order that
    was sent first. A hub is busy without parameters; with them, a team is."""
    return error.code in NOT_TAKEN or (error.code == "busy" and not error.params)
