"""Orders given without a line: they wait, go once, are held when old, and say why when refused."""

from __future__ import annotations

from itertools import count

from app.orders import HOLD_S, KEY_LIFE_S, Order, OrderBook, Told
from services.feed.frames import ErrorInfo, Result

OFFLINE = ErrorInfo(code="offline", text="no line")


class Desk:
    """Gives orders without a line and notes what it is told."""

    def __init__(self) -> None:
        self.book = OrderBook(keeps=True)
        self.told: list[str] = []
        self.settled: list[str] = []
        self._keys = count()

    def give(self, title: str = "a", wall: float = 0.0) -> Order:
        order, send = self.book.give(
            "case.create",
            {"title": title},
            lambda r: self.told.append(r.error.code if r.error else "done"),
            0.0,
            lambda: f"key {next(self._keys)}",
            given_at=wall,
        )
        assert order is not None
        assert send
        return order

    def wait(self, title: str = "a", wall: float = 0.0) -> Order:
        """Give one that finds no line."""
        order = self.give(title, wall)
        self.hear(order.key, OFFLINE)
        return order

    def hear(self, key: str, error: ErrorInfo | None = None) -> None:
        told: Told | None = self.book.answered(Result(key=key, error=error))
        if told is None:
            return
        for listener in told.listeners:
            listener(told.result)
        if told.settled:
            self.settled.append(told.result.error.code if told.result.error else "done")

    def states(self) -> list[str]:
        return [k.state for k in self.book.kept()]


def test_an_order_without_a_line_waits_and_goes_once_when_it_is_back() -> None:
    desk = Desk()
    order = desk.wait()
    assert (desk.told, desk.states()) == (["queued"], ["queued"])
    assert [o.key for o in desk.book.to_send_again(10.0)] == [order.key]
    desk.hear(order.key)
    assert (desk.settled, desk.states()) == (["done"], [])


def test_given_again_while_it_waits_it_is_the_same_order() -> None:
    desk = Desk()
    first, again = desk.wait(), desk.wait()
    assert again.key == first.key
    assert desk.told == ["queued", "queued"]
    assert desk.states() == ["queued"]


def test_a_line_that_breaks_again_leaves_it_waiting() -> None:
    desk = Desk()
    order = desk.wait()
    desk.book.to_send_again(10.0)
    desk.hear(order.key, OFFLINE)
    assert (desk.told, desk.settled, desk.states()) == (["queued"], [], ["queued"])


def test_what_the_hub_refuses_after_the_wait_stays_until_it_is_read() -> None:
    desk = Desk()
    order = desk.wait()
    desk.book.to_send_again(10.0)
    conflict = ErrorInfo(code="version_conflict", text="changed", params={"by": "乙"})
    desk.hear(order.key, conflict)
    kept = desk.book.kept()
    assert [(k.state, k.error) for k in kept] == [("refused", conflict)]
    assert desk.settled == ["version_conflict"]
    assert desk.book.to_send_again(20.0) == []
    assert desk.give().key != order.key, "given again it is meant anew"
    desk.book.withdraw(order.key)
    assert desk.states() == []


def test_an_old_order_is_held_until_a_person_says_go() -> None:
    desk = Desk()
    old, young = desk.wait("old", wall=0.0), desk.wait("young", wall=HOLD_S)
    assert desk.book.to_send_again(HOLD_S + 1.0) == [young]
    assert desk.states() == ["held", "queued"]
    assert desk.book.release(old.key, HOLD_S + 2.0) is old
    desk.hear(old.key)
    assert desk.settled == ["done"]


def test_an_order_that_may_have_been_done_long_ago_is_never_sent_again() -> None:
    """The hub has forgotten its key: a second effect would be possible."""
    desk = Desk()
    order = desk.give()
    for told in desk.book.overdue(100.0):
        assert told.result.error is not None
    assert desk.book.to_send_again(KEY_LIFE_S + 1.0) == []
    assert desk.states() == ["held"]
    assert desk.book.release(order.key, KEY_LIFE_S + 1.0) is None
    unsent = desk.wait("b")
    desk.book.to_send_again(KEY_LIFE_S + 1.0)
    assert desk.book.release(unsent.key, KEY_LIFE_S + 1.0) is unsent, "it never reached the hub"


def test_given_again_after_the_hub_has_forgotten_its_key_an_order_is_a_new_one() -> None:
    desk = Desk()
    order = desk.give()
    assert desk.book.overdue(100.0)
    desk.book.to_send_again(KEY_LIFE_S + 1.0)
    assert desk.give(wall=KEY_LIFE_S + 2.0).key != order.key
    assert "held" in desk.states(), "the old one is still there to be read"


def test_given_again_while_it_waits_an_order_is_as_young_as_that() -> None:
    desk = Desk()
    desk.wait(wall=0.0)
    again = desk.wait(wall=HOLD_S)
    assert desk.book.to_send_again(HOLD_S + 1.0) == [again]


def test_what_an_earlier_run_left_is_taken_up_as_it_was() -> None:
    before = Desk()
    for title in ("a", "b", "c"):
        before.wait(title, wall=5.0)
    before.book.to_send_again(10.0)
    before.hear("key 1", ErrorInfo(code="wrong_state", text="no"))
    after = Desk()
    after.book.take_up(before.book.kept(), 0.0)
    assert after.book.kept() == before.book.kept()
    assert [o.key for o in after.book.to_send_again(10.0)] == ["key 0", "key 2"]
    after.hear("key 0")
    assert after.settled == ["done"]


def test_a_replays_book_keeps_nothing() -> None:
    desk = Desk()
    desk.book = OrderBook()
    desk.wait()
    assert (desk.told, desk.states(), len(desk.book)) == (["offline"], [], 0)
