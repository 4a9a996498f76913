"""Open orders: one key while nobody knows what became of them, everybody told exactly once."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.orders import ANSWER_LIMIT_S, KEY_LIFE_S, MAX_ORDERS, Order, OrderBook, Told
from services.feed.frames import ErrorInfo, Result

LATER = ANSWER_LIMIT_S + 1.0


class Desk:
    """Gives orders and notes what it is told."""

    def __init__(self) -> None:
        self.book = OrderBook()
        self.told: list[Result] = []
        self.late: list[Result] = []
        self.settled: list[str] = []
        self._keys = count()

    def give(self, now: float, title: str = "a") -> tuple[Order | None, bool]:
        return self.book.give(
            "case.create",
            {"title": title},
            self.told.append,
            now,
            lambda: f"key {next(self._keys)}",
            on_late=self.late.append,
        )

    def sent(self, now: float, title: str = "a") -> Order:
        order, send = self.give(now, title)
        assert order is not None
        assert send
        return order

    def hear(self, result: Result) -> None:
        self.tell(self.book.answered(result))

    def overdue(self, now: float) -> None:
        for told in self.book.overdue(now):
            self.tell(told)

    def tell(self, told: Told | None) -> None:
        if told is None:
            return
        for listener in told.listeners:
            listener(told.result)
        if told.settled:
            self.settled.append(told.order.key)

    def codes(self) -> list[str]:
        return [r.error.code if r.error is not None else "" for r in self.told]


def refused(key: str, code: str, **params: str) -> Result:
    return Result(key=key, error=ErrorInfo(code=code, text=code, params=dict(params)))


def test_an_answered_order_is_done_with_and_the_next_has_a_key_of_its_own() -> None:
    desk = Desk()
    first = desk.sent(0.0)
    desk.hear(Result(key=first.key))
    desk.hear(Result(key=first.key))
    assert desk.codes() == [""]
    assert desk.sent(1.0).key != first.key


def test_the_same_order_on_its_way_is_not_sent_twice_and_both_are_told() -> None:
    desk = Desk()
    first = desk.sent(0.0)
    again, send = desk.give(0.1)
    assert (again, send) == (first, False)
    desk.hear(Result(key=first.key))
    assert desk.codes() == ["", ""]


def test_an_order_without_answer_keeps_its_key_when_it_is_given_again() -> None:
    desk = Desk()
    first = desk.sent(0.0)
    desk.overdue(ANSWER_LIMIT_S)
    assert desk.codes() == []
    desk.overdue(LATER)
    assert desk.codes() == ["no_answer"]
    assert desk.sent(20.0, "b").key != first.key
    assert desk.sent(20.0).key == first.key
    desk.hear(Result(key=first.key, value={"case": "1"}))
    assert desk.codes() == ["no_answer", ""]
    assert (desk.late, desk.settled) == ([], []), "the person who asked again has the answer"


def test_an_answer_that_comes_late_is_told_as_such() -> None:
    desk = Desk()
    first = desk.sent(0.0)
    desk.overdue(LATER)
    assert [o.key for o in desk.book.to_send_again()] == [first.key]
    desk.hear(Result(key=first.key, value={"case": "1"}))
    assert desk.codes() == ["no_answer"]
    assert [r.value for r in desk.late] == [{"case": "1"}]
    assert desk.settled == [first.key]
    assert len(desk.book) == 0


@pytest.mark.parametrize(
    "code", ["offline", "too_fast", "busy", "disk_full", "storage_failed", "audit_failed"]
)
def test_a_repetition_that_was_turned_away_says_nothing_about_the_order(code: str) -> None:
    desk = Desk()
    first = desk.sent(0.0)
    desk.book.to_send_again()
    desk.hear(refused(first.key, code))
    assert desk.codes() == []
    desk.overdue(LATER)
    assert desk.sent(20.0).key == first.key
    desk.hear(refused(first.key, code))
    assert desk.codes() == ["no_answer", "no_answer"], "whoever asks again need not wait"
    desk.hear(Result(key=first.key))
    assert desk.settled == [first.key]


def test_a_team_that_is_busy_is_an_answer_even_to_a_repetition() -> None:
    desk = Desk()
    first = desk.sent(0.0)
    desk.book.to_send_again()
    desk.hear(refused(first.key, "busy", name="一队"))
    assert desk.codes() == ["busy"]
    assert len(desk.book) == 0


def test_what_a_failing_store_refused_is_not_sent_by_itself_but_keeps_its_key() -> None:
    desk = Desk()
    first = desk.sent(0.0)
    desk.hear(refused(first.key, "storage_failed"))
    assert desk.codes() == ["storage_failed"]
    assert desk.book.to_send_again() == []
    desk.overdue(LATER)
    assert desk.codes() == ["storage_failed"]
    assert desk.sent(20.0).key == first.key
    assert desk.book.to_send_again() == [first]


def test_orders_are_bounded_and_those_of_unknown_fate_are_never_forgotten_for_it() -> None:
    desk = Desk()
    for number in range(MAX_ORDERS):
        desk.sent(0.0, str(number))
    desk.overdue(LATER)
    assert desk.give(20.0, "one more") == (None, False)
    desk.sent(20.0, "0")
    desk.hear(Result(key="key 0"))
    assert desk.sent(20.0, "one more").key
    desk.hear(refused(f"key {MAX_ORDERS}", "storage_failed"))
    assert desk.sent(20.0, "and another"), "a refusal makes room"
    assert len(desk.book) == MAX_ORDERS
    desk.overdue(20.0 + KEY_LIFE_S + 1.0)
    assert len(desk.book) == 0


Step = st.tuples(
    st.sampled_from(["give", "apply", "lose", "offline", "overdue", "line"]), st.sampled_from("ab")
)


@given(st.lists(Step, max_size=40))
def test_whatever_is_lost_an_order_is_carried_out_once_per_answer_and_all_are_told(
    steps: list[tuple[str, str]],
) -> None:
    """A hub that carries out each key once, on a line that loses orders and answers."""
    desk, now, gives = Desk(), 0.0, 0
    hub: dict[str, str] = {}  # key → title
    line: list[Order] = []
    for what, title in steps:
        now += 1.0
        if what == "give":
            gives += 1
            order, send = desk.give(now, title)
            assert order is not None
            line += [order] if send else []
        elif what == "overdue":
            now += LATER
            desk.overdue(now)
        elif what == "line":
            line = desk.book.to_send_again()
        elif line:
            order = line.pop(0)
            if what == "offline":
                desk.hear(refused(order.key, "offline"))
                continue
            hub[order.key] = str(order.args["title"])
            if what == "apply":
                desk.hear(Result(key=order.key))
    desk.overdue(now + LATER)
    assert len(desk.told) == gives
    answers = len({r.key for r in [*desk.told, *desk.late] if r.error is None})
    unknown = len(desk.book)
    assert len(hub) <= answers + unknown
    assert unknown <= 2, "one per order at the most"
