from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alarms import logic as alarms
from services.domain.model import Alarm, Entity, Severity
from services.packs.model import Label, Limit, Rule
from services.warning.logic import SOURCE, evaluate, level

LABEL = Label(zh="高", en="high")
STEPS = (
    Limit(severity=Severity.MINOR, at=2.0),
    Limit(severity=Severity.MAJOR, at=3.0),
    Limit(severity=Severity.CRITICAL, at=4.0),
)


def rule(direction: str = "above", hysteresis: float = 0.2) -> Rule:
    steps = STEPS
    if direction == "below":
        steps = tuple(Limit(severity=s.severity, at=-s.at) for s in STEPS)
    return Rule(
        id="r",
        kind="sensor",
        measure="level",
        label=LABEL,
        limits=steps,
        direction=direction,  # type: ignore[arg-type]  # parametrised as plain text
        hysteresis=hysteresis,
    )


def thing(value: float | None) -> Entity:
    values = {} if value is None else {"level": value}
    return Entity(id="s", kind="sensor", name="s", values=values)


def run(rule_: Rule, values: list[float]) -> list[Severity]:
    """The severity after each value, 0 where no active alarm stands; through the alarm's life."""
    standing: Alarm | None = None
    seen: list[Severity] = []
    for now, value in enumerate(values):
        finding = evaluate(rule_, thing(value), standing)
        if finding is not None:
            signal = alarms.Signal(
                source=SOURCE, rule=rule_.id, object_id="s", severity=finding.severity
            )
            changed = alarms.receive(standing, signal, float(now))
            assert changed is not None, "a finding always changes something"
            standing = changed.alarm
        active = standing is not None and standing.active
        seen.append(standing.severity if standing is not None and active else Severity.NORMAL)
    return seen


@pytest.mark.parametrize(
    ("values", "severities"),
    [
        ([1.0, 1.99, 2.0, 1.9, 1.8, 1.79], [0, 0, 2, 2, 2, 0]),
        ([3.5, 2.9, 2.79, 1.0], [3, 3, 2, 0]),
        ([4.0, 3.85, 3.79, 2.8, 2.7, 1.9], [4, 4, 3, 3, 2, 2]),
        ([1.9, 2.1, 1.9, 1.7, 1.9], [0, 2, 2, 0, 0]),
    ],
)
def test_steps_rise_at_their_limit_and_fall_below_it_by_the_hysteresis(
    values: list[float], severities: list[int]
) -> None:
    assert [int(s) for s in run(rule(), values)] == severities
    mirrored = [-v for v in values]
    assert [int(s) for s in run(rule("below"), mirrored)] == severities


def test_a_finding_names_the_limit_and_the_value() -> None:
    finding = evaluate(rule(), thing(3.4), None)
    assert finding is not None
    assert (finding.severity, finding.limit, finding.value) == (Severity.MAJOR, 3.0, 3.4)


def test_without_a_reading_nothing_is_judged() -> None:
    standing = alarms.raise_(
        alarms.Signal(source=SOURCE, rule="r", object_id="s", severity=Severity.MAJOR), 0.0
    ).alarm
    assert evaluate(rule(), thing(None), standing) is None


def test_other_kinds_are_not_judged() -> None:
    camera = Entity(id="c", kind="camera", name="c", values={"level": 9.0})
    assert evaluate(rule(), camera, None) is None


levels = st.floats(0.0, 6.0, allow_nan=False)


@given(st.lists(levels, max_size=40), st.floats(0.0, 0.9))
def test_wobbling_less_than_the_hysteresis_never_changes_the_judgement(
    values: list[float], share: float
) -> None:
    """After any history, a value that falls back by less than the slack changes nothing."""
    judged = rule(hysteresis=0.5)
    before = run(judged, values)[-1] if values else Severity.NORMAL
    for step in STEPS:
        if step.severity == before:
            value = step.at - 0.5 * share
            assert run(judged, [*values, value])[-1] == before


@given(st.lists(levels, min_size=1, max_size=40))
def test_hysteresis_lies_between_the_plain_levels_of_both_limits(values: list[float]) -> None:
    """Never milder than without slack, never worse than with all limits lowered by the slack."""
    judged = rule(hysteresis=0.5)
    for value, severity in zip(values, run(judged, values), strict=True):
        plain, _ = level(rule(hysteresis=0.0), value, Severity.NORMAL)
        lowered, _ = level(rule(hysteresis=0.5), value, Severity.CRITICAL)
        assert plain <= severity <= lowered


@given(st.lists(levels, max_size=40))
def test_the_same_value_again_finds_nothing_new(values: list[float]) -> None:
    doubled = [v for v in values for _ in (0, 1)]
    seen = run(rule(), doubled)
    assert seen[::2] == seen[1::2]
