"""Expressions against an evaluator that goes row by row over plain values."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.model.expression import parse, problem_of
from layers.model.expression_syntax import MOST_DEEP, MOST_NODES
from layers.model.expression_tokens import MOST_CHARACTERS
from layers.model.expression_values import like
from layers.model.features import Feature, FeatureStore
from layers.model.fields import BUILT_IN, field_table
from services.domain.geodesy import distance_m
from services.domain.model import Link, Scalar, Severity

NOW = 1_784_088_000.0
Value = float | str | None
Row = dict[str, Scalar]
Oracle = Callable[[Row], Any]  # a value, or True, False, None of a truth
Case = tuple[str, Oracle]
NAMES = ("level", "road", "mixed", "absent")
WORDS = ("", "康乐路", "7", "-2.5", "Bowen Road", "a_b%c", "it's")
NUMBERS = (-2.5, 0.0, 0.5, 7.0, 12.0)


# -- the oracle ------------------------------------------------------------------------
def plain(value: Scalar) -> Value:
    return float(value) if isinstance(value, bool | int) else value


def number(value: Value) -> float | None:
    return value if isinstance(value, float) and not math.isnan(value) else None


def reads(value: Value) -> float | None:
    if isinstance(value, str):
        return float(value) if re.fullmatch(r"[+-]?\d+(\.\d+)?", value) else None
    return value


def compared(sign: str, a: Value, b: Value) -> bool | None:
    if a is None or b is None:
        return None
    if isinstance(a, float) or isinstance(b, float):
        x, y = reads(a), reads(b)
        if x is None or y is None:
            return {"=": False, "<>": True}.get(sign)
        return judge(sign, x, y)
    return judge(sign, a, b)


def judge(sign: str, a: Any, b: Any) -> bool:
    return {"=": a == b, "<>": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[sign]


def negated(value: bool | None) -> bool | None:
    return None if value is None else not value


def all_of(values: list[bool | None]) -> bool | None:
    if False in values:
        return False
    return None if None in values else True


def any_of(values: list[bool | None]) -> bool | None:
    return negated(all_of([negated(v) for v in values]))


def summed(sign: str, a: Value, b: Value) -> float | None:
    x, y = number(a), number(b)
    if x is None or y is None or (sign == "/" and y == 0.0):
        return None
    return {"+": x + y, "-": x - y, "*": x * y, "/": x / (y or 1.0)}[sign]


def fits(pattern: str, text: str) -> bool:
    """The textbook way: by recursion over both."""
    if not pattern:
        return not text
    if pattern[0] == "%":
        return any(fits(pattern[1:], text[i:]) for i in range(len(text) + 1))
    if pattern[0] == "\\" and pattern[1:2] in ("%", "_", "\\") and pattern[1:2]:
        return text[:1] == pattern[1] and fits(pattern[2:], text[1:])
    return bool(text) and pattern[0] in ("_", text[0]) and fits(pattern[1:], text[1:])


# -- texts with their oracles ------------------------------------------------------------
def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def shown(value: float) -> str:
    return f"{value:g}"


constants = st.one_of(
    st.sampled_from(NUMBERS).map(lambda n: (shown(n), lambda _row: n)),
    st.sampled_from(WORDS).map(lambda w: (quoted(w), lambda _row: w)),
)
fields = st.tuples(st.sampled_from(NAMES), st.sampled_from(["{}", "[{}]", '"{}"'])).map(
    lambda p: (p[1].format(p[0]), lambda row: plain(row.get(p[0])))
)


def sum_of(sign: str, a: Case, b: Case) -> Case:
    return f"({a[0]} {sign} {b[0]})", lambda row: summed(sign, a[1](row), b[1](row))


def call(name: str, a: Case) -> Case:
    def work(row: Row) -> Value:
        value = a[1](row)
        if name == "abs":
            return None if number(value) is None else abs(value)
        if not isinstance(value, str):
            return None
        return float(len(value)) if name == "length" else value.lower()

    return f"{name}({a[0]})", work


def coalesce(a: Case, b: Case) -> Case:
    return (
        f"coalesce({a[0]}, {b[0]})",
        lambda row: b[1](row) if a[1](row) is None else a[1](row),
    )


values = st.recursive(
    st.one_of(constants, fields, fields),
    lambda inner: st.one_of(
        st.builds(sum_of, st.sampled_from("+-*/"), inner, inner),
        st.builds(call, st.sampled_from(["abs", "length", "lower"]), inner),
        st.builds(coalesce, inner, inner),
        inner.map(lambda c: (f"- ({c[0]})", lambda row: summed("-", 0.0, c[1](row)))),
    ),
    max_leaves=4,
)


def compare(sign: str, a: Case, b: Case) -> Case:
    return f"{a[0]} {sign} {b[0]}", lambda row: compared(sign, a[1](row), b[1](row))


def one_of(no: str, a: Case, choices: list[Case]) -> Case:
    def work(row: Row) -> bool | None:
        found = any_of([compared("=", a[1](row), c[1](row)) for c in choices])
        return negated(found) if no else found

    return f"{a[0]} {no} in ({', '.join(c[0] for c in choices)})", work


def shaped(no: str, word: str, a: Case, pattern: str) -> Case:
    def work(row: Row) -> bool | None:
        value = a[1](row)
        if not isinstance(value, str):
            return None
        fold = word == "ilike"
        found = fits(pattern.lower(), value.lower()) if fold else fits(pattern, value)
        return not found if no else found

    return f"{a[0]} {no} {word} {quoted(pattern)}", work


def between(no: str, a: Case, low: Case, high: Case) -> Case:
    def work(row: Row) -> bool | None:
        value = a[1](row)
        found = all_of([compared(">=", value, low[1](row)), compared("<=", value, high[1](row))])
        return negated(found) if no else found

    return f"{a[0]} {no} between {low[0]} and {high[0]}", work


def empty(no: str, a: Case) -> Case:
    return f"{a[0]} is {no} null", lambda row: (a[1](row) is None) != bool(no)


no = st.sampled_from(["", "not"])
signs = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
patterns = st.sampled_from(["%", "%路", "康_路", "b%", "%o%r%", "a\\_b\\%%", "_%_", ""])
predicates = st.one_of(
    st.builds(compare, signs, values, values),
    st.builds(one_of, no, values, st.lists(constants, min_size=1, max_size=3)),
    st.builds(shaped, no, st.sampled_from(["like", "ilike"]), values, patterns),
    st.builds(between, no, values, values, values),
    st.builds(empty, no, values),
)


def joined(word: str, parts: list[Case]) -> Case:
    work = all_of if word == "and" else any_of
    text = f" {word} ".join(f"({p[0]})" for p in parts)
    return text, lambda row: work([p[1](row) for p in parts])


truths = st.recursive(
    predicates,
    lambda inner: st.one_of(
        st.builds(joined, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3)),
        inner.map(lambda c: (f"not ({c[0]})", lambda row: negated(c[1](row)))),
    ),
    max_leaves=4,
)
scalars: st.SearchStrategy[Scalar] = st.one_of(
    st.none(), st.booleans(), st.sampled_from(NUMBERS), st.sampled_from(WORDS)
)
rows_of_facts = st.lists(st.dictionaries(st.sampled_from(NAMES[:3]), scalars), max_size=12)


def store_of(rows: list[Row]) -> FeatureStore:
    store = FeatureStore()
    store.upsert(
        Feature(f"f{i}", "camera", f"thing {i}", 101.8, 36.6, attrs=row)
        for i, row in enumerate(rows)
    )
    return store


@given(rows_of_facts, truths)
@settings(max_examples=400, deadline=None)
def test_a_mask_is_what_row_by_row_gives(rows: list[Row], case: Case) -> None:
    text, oracle = case
    store = store_of(rows)
    table = field_table(store, store.rows(), NOW)
    assert parse(text).mask(table).tolist() == [oracle(row) is True for row in rows]


@given(rows_of_facts, values)
@settings(max_examples=150, deadline=None)
def test_a_value_is_what_row_by_row_gives(rows: list[Row], case: Case) -> None:
    text, oracle = case
    store = store_of(rows)
    column = parse(text).values(field_table(store, store.rows(), NOW))
    for i, row in enumerate(rows):
        wanted = oracle(row)
        got = None if column.texts is None else column.texts.strings()[i]
        if column.numbers is not None and not np.isnan(column.numbers[i]):
            assert got is None
            got = float(column.numbers[i])
        assert got == wanted


@given(st.text("ab%_\\路", max_size=8), st.text("ab_%\\路", max_size=8))
def test_like_is_the_textbook_s(pattern: str, text: str) -> None:
    assert like(pattern)(text) == fits(pattern, text)


def test_many_signs_of_any_length_take_no_time_for_ever() -> None:
    assert not like("%a" * 300 + "%b")("a" * 5_000)  # a regular expression would never end
    assert not like("%_a" * 50 + "%b")("a" * 400)


# -- the language --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("not a = 1 and b = 2 or c = 3", "((not (a = 1)) and (b = 2)) or (c = 3)"),
        ("a + b * -c > 1", "(a + (b * (-c))) > 1"),
        ("a - b - c = 0", "((a - b) - c) = 0"),
        ("a between 1 and 2 and b", "(a between 1 and 2) and b"),
        ("A AND B Or c", "(A and B) or c"),
        ("（a ＝ 1） and b ＞ 2", "(a = 1) and b > 2"),
        ("a == ‘x’ and b != “c”", "a = 'x' and b <> [c]"),
        ("[水 位]>=1", '"水 位" >= 1'),
        ("水位 > 1", "[水位] > 1"),
        ("severity in ('major', 'critical')", "severity in (3, 4)"),
        ("severity >= 'Major'", "severity >= 3"),
        ("link <> 'online'", "link <> 1"),
        ("a in (-1, 2)", "a in (-1.0, 2.0)"),
        ("+a = - -b", "a = -(-b)"),
    ],
)
def test_reads_as_if_in_brackets(text: str, same: str) -> None:
    assert parse(text).root == parse(same).root


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ("", "expression_empty", 1),
        ("   ", "expression_empty", 1),
        ("a >", "expression_end", 4),
        ("a > 1 b", "expression_unexpected", 7),
        ("(a > 1", "expression_missing", 7),
        ("a ; b", "expression_sign", 3),
        ("a = 'x", "expression_unclosed", 5),
        ("[a = 1", "expression_unclosed", 1),
        ("a in 1", "expression_missing", 6),
        ("a in (b)", "expression_unexpected", 7),
        ("a in (null)", "expression_unexpected", 7),
        ("a in ()", "expression_unexpected", 7),
        ("a in (-'x')", "expression_unexpected", 8),
        ("a like b", "expression_pattern", 8),
        ("a is 1", "expression_missing", 6),
        ("a between 1 or 2", "expression_missing", 13),
        ("a not 1", "expression_unexpected", 7),
        ("sqrt(a) > 1", "expression_unknown_function", 1),
        ("1 < abs(a, b)", "expression_arguments", 5),
        ("now(1) > 1", "expression_arguments", 1),
        ("distance_m(lon, lat) < 5", "expression_place", 1),
        ("distance_m(36.6, 101.8) < 5", "swapped", None),
        ("severity = 'bad'", "expression_word", 12),
        ("a = 1e999", "expression_unexpected", 5),
        ("and", "expression_unexpected", 1),
        ("1" * (MOST_CHARACTERS + 1), "expression_too_long", MOST_CHARACTERS),
        ("(" * (MOST_DEEP + 1) + "a" + ")" * (MOST_DEEP + 1), "expression_too_deep", MOST_DEEP + 2),
        ("not " * 40 + "a", "expression_too_deep", 33 * 4 + 1),
        ("+".join("a" * 70), "expression_too_deep", 140),
        ("a in (" + "1," * MOST_NODES + "1)", "expression_too_deep", None),
        ("nmae = 'x'", "expression_unknown_name_close", 1),
        ("zzzz > 1", "expression_unknown_name", 1),
    ],
)
def test_says_where_and_what_is_wrong(text: str, code: str, at: int | None) -> None:
    known = ("a", "b", "c", *BUILT_IN)
    problem = problem_of(text, known)
    assert problem is not None
    assert problem.code == code
    if at is not None:
        assert problem.params["at"] == at


@given(st.text("ab1.'\"[]()<>=+-*/, notlikeinull%_；路", max_size=60))
@settings(max_examples=300)
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    error = problem_of(text)  # anything but a KnownError comes through
    assert error is None or error.code.startswith("expression_")


def test_names_are_found_by_label_and_in_any_case() -> None:
    found = parse("水位 > 1 and NAME = 'x' and [Level] < 2", ("level", "name"), {"水位": "level"})
    assert found.names == {"level", "name"}
    assert not found.by_time


def test_what_changes_by_itself_is_known() -> None:
    assert parse("deadline_at < now() + 3600").by_time
    assert parse("age_s > 60").by_time


def test_every_feature_has_the_built_in_fields() -> None:
    store = FeatureStore()
    store.upsert(
        [
            Feature(
                "cam:1", "camera", "康乐十字", 101.81, 36.61, Severity.MAJOR, Link.OFFLINE,
                unacked=True, stale=True, state="broken", observed_at=NOW - 90,
                attrs={"name": "hidden by the feature's own"},
            ),
            Feature("s:2", "sensor", "b", 101.80, 36.60),
        ]
    )  # fmt: skip
    away = distance_m(101.8, 36.6, 101.81, 36.61)
    table = field_table(store, store.rows(), NOW)
    for text in (
        "id = 'cam:1'", "name = '康乐十字'", "kind = 'camera'", "state = 'broken'",
        "severity = 'major'", "severity > 2", "link = 'offline'", "stale", "unacked = true",
        "lon > 101.805", "lat > 36.605", "age_s between 89 and 91", "now() - age_s < now()",
        f"distance_m(101.8, 36.6) between {away - 1} and {away + 1}", "round(lon * 100) = 10181",
        "upper(id) = 'CAM:1'",
    ):  # fmt: skip
        assert parse(text, BUILT_IN).mask(table).tolist() == [True, False], text
    assert parse("age_s is null and state is null").mask(table).tolist() == [False, True]


def test_rows_in_any_order_and_of_one_moment() -> None:
    store = store_of([{"level": 1.0}, {"level": 2.0}, {"level": 3.0}])
    table = field_table(store, np.array([2, 0]), NOW)
    store.upsert([Feature("f2", "camera", "thing 2", 101.8, 36.6, attrs={"level": 0.0})])
    assert parse("level > 1").mask(table).tolist() == [True, False]
