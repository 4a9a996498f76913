"""Everything that is recorded has words for the person who reads it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.audit_words import reason_word, type_word

ROOT = Path(__file__).resolve().parents[2]
MAKERS = {"entry", "of_actor"}


def recorded() -> Iterator[str]:
    """Types that the sources give to whatever makes a record."""
    for path in (*(ROOT / "services").rglob("*.py"), *(ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                first = node.args[0] if node.args else None
                if name in MAKERS and isinstance(first, ast.Constant):
                    yield str(first.value)


@pytest.mark.parametrize("type_", sorted(set(recorded())))
def test_every_type_of_record_has_words(qtbot: QtBot, type_: str) -> None:
    assert type_word(type_) != type_


def test_types_are_found_at_all() -> None:
    assert {"session.opened", "hub.started", "store.restored"} <= set(recorded())


def test_orders_and_reasons_have_the_console_s_words(qtbot: QtBot) -> None:
    assert type_word("command.case.create") == "Order: open a case"
    assert type_word("command.fly") == "Order: fly"
    assert reason_word("not_allowed") == "Your role may not do this."
    assert reason_word("") == ""
