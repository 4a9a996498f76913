"""Refusals in the user's language: none that a hub gives to a console is left in English."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.bootstrap import build_application, install_language
from app.messages import person_text
from services.domain.errors import KnownError

ROOT = Path(__file__).parents[2]
TOWARDS_A_CONSOLE = (
    "services/alarms", "services/cases", "services/dispatch", "services/replay",
    *(
        f"services/hub/{name}.py"
        for name in (
            "alarm_commands", "case_commands", "commands", "deciding", "dispatch_commands",
            "feed", "live", "replays", "scene", "sequencer", "suppression_commands",
            "access_desk", "account_admin", "auth_api", "gate", "logins",
            "import_images", "import_rights", "imports_api", "loads", "turn",
        )
    ),
    "services/access", "services/exports", "services/hub/export_api.py",
    "services/domain/shape.py", "services/domain/text.py", "services/domain/geodesy.py",
    "services/tls/contexts.py", "services/feed/dialing.py",
    *(
        f"services/ingest/{name}"
        for name in (
            "gis", "batches.py", "csv_source.py", "geojson_source.py", "loads.py", "reverting.py",
            "row_items.py", "rows.py", "settle.py", "units.py", "remembered.py",
        )
    ),
    "services/feed/http.py", "services/storage/compacted.py",
    "services/basemaps", "services/storage/mbtiles.py", "services/storage/tile_cache.py",
    "layers/model/expression_syntax.py", "layers/model/expression_tokens.py",
)  # fmt: skip
READ_AT_THE_START = frozenset({"calendar.py", "calendar_file.py"})
SAID_AT_THE_START = frozenset({"bad_ca", "bad_certificate", "bad_hub_address"})
"""By the command line, in English, before there is a console."""


def _codes(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("KnownError", "Notice"):
            named = [k.value for k in node.keywords if k.arg == "code"]
            for value in (*node.args[:1], *named):
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value.value


def codes() -> list[str]:
    found: set[str] = set()
    for place in TOWARDS_A_CONSOLE:
        path = ROOT / place
        files = path.rglob("*.py") if path.is_dir() else [path]
        for file in files:
            if file.name not in READ_AT_THE_START:
                found.update(_codes(file))
    return sorted(found - SAID_AT_THE_START)


def test_the_search_for_codes_finds_some() -> None:
    assert {"wrong_state", "stock_short", "too_fast", "out_of_range", "bad_span"} <= set(codes())


@pytest.fixture
def chinese(qtbot: QtBot) -> Iterator[None]:
    application = build_application("en")
    before = set(application.children())
    install_language(application, "zh")
    yield
    for translator in set(application.children()) - before:
        application.removeTranslator(translator)  # type: ignore[arg-type]  # the one put in
        translator.deleteLater()


def test_every_refusal_of_a_hub_has_chinese_words(chinese: None) -> None:
    untold = "said by the hub in English"
    params = {
        "item": "泵", "warehouse": "仓库", "free": 1, "name": "队", "by": "王", "seat": "2",
        "case": "1", "reason": "检修", "minutes": 60, "count": 2,
        "wait_s": 5, "length": 12, "sorts": 3, "distinct": 6, "most": 128,
        "why": "原因",
        "at": 3, "found": "；", "opening": "[", "closing": "]", "wanted": ")", "close": "level",
        "user": "duty1", "line": 3, "names": "abs", "words": "major", "part": "a.shx",
        "layers": "a, b", "folder": "/tmp", "rows": 9, "need": "5 MB",
    }  # fmt: skip
    said = {code: person_text(KnownError(code, untold, params=dict(params))) for code in codes()}
    english = [code for code, text in said.items() if text == untold or text.isascii()]
    assert english == []


@pytest.mark.parametrize(
    ("code", "field", "words"),
    [
        ("missing_field", "category", "This alarm suggests no category; choose one."),
        ("missing_field", "department", "Name the department that shall handle the case."),
        ("missing_field", "else", "Something that this needs was not filled in."),
        ("out_of_range", "until", "A suspension ends later than now, within a year."),
    ],
)
def test_the_field_says_what_is_wrong(qtbot: QtBot, code: str, field: str, words: str) -> None:
    assert person_text(KnownError(code, "x", field=field)) == words


def test_a_busy_hub_is_not_a_busy_team(qtbot: QtBot) -> None:
    team = KnownError("busy", "x", params={"name": "Team 3"})
    assert person_text(team) == "Team 3 already has a task. Choose another team."
    hub = "The hub has too much to do. Nothing was done; try again in a moment."
    assert person_text(KnownError("busy", "x")) == hub
