"""The bar of orders that wait, as a person sees and clicks it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.e2e.hands import reads, words
from widgets.theme import Theme
from widgets.waiting_orders import MOST_ROWS, WaitingBar, WaitingRow


def row(key: str, state: str = "queued", reason: str = "") -> WaitingRow:
    return WaitingRow(key, "open a case", f"<b>{key}</b>", 0.0, state, reason)  # type: ignore[arg-type]  # a state's name


def shown(qtbot: QtBot, *rows: WaitingRow) -> WaitingBar:
    bar = WaitingBar(Theme.load())
    qtbot.addWidget(bar)
    qtbot.addWidget(bar.orders)
    bar.resize(1_000, 200)
    bar.set_orders(rows)
    return bar


def click(qtbot: QtBot, bar: WaitingBar, name: str) -> None:
    found = bar.orders.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def test_it_is_there_only_while_something_waits(qtbot: QtBot) -> None:
    bar = shown(qtbot)
    assert not bar.isVisible()
    bar.set_orders([row("a"), row("b"), row("c", "held")])
    assert bar.isVisible()
    text = " ".join(words(bar))
    assert "wait for the line: 2" in text
    assert "too old to be sent unasked: 1" in text
    bar.set_orders([])
    assert not bar.isVisible()


def test_the_list_folds_out_and_says_what_each_is_letter_by_letter(qtbot: QtBot) -> None:
    bar = shown(qtbot, row("a"), row("b", "unknown"))
    assert bar.orders.isHidden()
    qtbot.mouseClick(bar.fold, Qt.MouseButton.LeftButton)
    text = " ".join(words(bar.orders))
    assert "<b>a</b>" in text
    assert "carried out once" in text
    qtbot.mouseClick(bar.fold, Qt.MouseButton.LeftButton)
    assert bar.orders.isHidden()


def test_a_refusal_says_why_and_stays_until_it_is_dismissed(qtbot: QtBot) -> None:
    bar = shown(qtbot, row("a"))
    bar.set_orders([row("a", "refused", "乙 has changed this in the meantime.")])
    qtbot.waitUntil(lambda: reads(bar, "乙 has changed this in the meantime."))
    assert bar.orders.isHidden()  # it would move what lies below under somebody's pointer
    qtbot.mouseClick(bar.fold, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(bar.withdraw_requested) as caught:
        click(qtbot, bar, "withdraw_a")
    assert caught.args == ["a"]


def test_only_a_held_order_can_be_sent_by_hand(qtbot: QtBot) -> None:
    bar = shown(qtbot, row("a"), row("b", "held"))
    qtbot.mouseClick(bar.fold, Qt.MouseButton.LeftButton)
    assert bar.orders.findChild(QPushButton, "send_a") is None
    with qtbot.waitSignal(bar.send_requested) as caught:
        click(qtbot, bar, "send_b")
    assert caught.args == ["b"]


def test_many_are_counted_not_listed(qtbot: QtBot) -> None:
    bar = shown(qtbot, *(row(str(n)) for n in range(MOST_ROWS + 3)))
    qtbot.mouseClick(bar.fold, Qt.MouseButton.LeftButton)
    assert "and 3 more" in " ".join(words(bar.orders))


def test_only_a_person_folds_the_list(qtbot: QtBot) -> None:
    bar = shown(qtbot, row("a"))
    qtbot.mouseClick(bar.fold, Qt.MouseButton.LeftButton)
    height = bar.orders.height()
    bar.set_orders([row(str(n)) for n in range(MOST_ROWS)])
    assert bar.orders.height() == height
    bar.set_orders([])
    assert bar.isVisible()
    assert bar.orders.isVisible()
    assert "Nothing waits any more." in words(bar.orders)
    qtbot.mouseClick(bar.fold, Qt.MouseButton.LeftButton)
    assert bar.isHidden()
    assert bar.orders.isHidden()
