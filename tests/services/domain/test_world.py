"""The fold's own rules; that every way of feeding it ends alike is tested beside log and feed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.errors import KnownError
from services.domain.events import (
    AlarmChanged,
    CaseChanged,
    DispatchChanged,
    EntityDeleted,
    EntityUpserted,
    Event,
    Observed,
    OperatorActed,
    StockChanged,
    is_state,
    merge_observed,
    subject,
)
from services.domain.model import Alarm, Case, Dispatch, Entity, Link, Severity, StockLine
from services.domain.world import MAX_CLOSED_CASES, Delta, World
from tests.services.storage.histories import HISTORIES, fold, number


def thing(**more: object) -> EntityUpserted:
    return EntityUpserted(entity=Entity(**{"id": "a", "kind": "level", "name": "n", **more}))  # type: ignore[arg-type]  # fields by name


def alarm(
    severity: Severity, *, active: bool = True, acked: bool = False, rule: str = "r"
) -> Alarm:
    return Alarm(
        key=f"s|{rule}|a",
        source="s",
        rule=rule,
        object_id="a",
        severity=severity,
        active=active,
        acknowledged=acked,
    )


def case(id_: str, state: str, *dispatches: str) -> CaseChanged:
    body = Case(
        id=id_,
        category="c",
        title="t",
        severity=Severity.MINOR,
        state=state,
        dispatch_ids=dispatches,
    )
    return CaseChanged(case=body, action="a")


def test_a_new_description_keeps_readings_and_life() -> None:
    world = fold(
        number(
            [
                thing(values={"level": 1.0}, link=Link.ONLINE, state="idle"),
                Observed(id="a", values={"flow": 2.0}),
                thing(name="anew", values={"level": 3.0}),
            ]
        )
    )
    entity = world.entities["a"]
    assert (entity.name, entity.values) == ("anew", {"level": 3.0, "flow": 2.0})
    assert (entity.link, entity.state, entity.offset) == (Link.ONLINE, "idle", 3)
    assert entity.observed_at is not None


def test_news_of_a_thing_that_is_gone_changes_nothing() -> None:
    world = fold(number([thing(), EntityDeleted(id="a"), Observed(id="a", values={"level": 1.0})]))
    assert world.entities == {}
    assert world.offset == 3


def test_an_event_already_folded_is_passed_over() -> None:
    events = number([thing(), Observed(id="a", values={"level": 1.0})])
    world = fold(events)
    digest = world.digest()
    delta = Delta()
    world.apply(events[0], delta)
    assert not delta
    assert world.digest() == digest


def test_the_worst_active_alarm_of_a_thing() -> None:
    world = fold(
        number(
            [
                thing(),
                AlarmChanged(alarm=alarm(Severity.MINOR), change="raised"),
                AlarmChanged(alarm=alarm(Severity.MAJOR, rule="q"), change="raised"),
                AlarmChanged(
                    alarm=alarm(Severity.CRITICAL, active=False, rule="p"), change="cleared"
                ),
            ]
        )
    )
    assert world.worst("a") == Severity.MAJOR
    assert [a.rule for a in world.alarms_of("a")] == ["p", "q", "r"]
    assert world.worst("b") == Severity.NORMAL
    assert world.alarms_of("b") == []


def test_an_alarm_leaves_when_normal_and_acknowledged_and_its_thing_is_redrawn() -> None:
    events = number(
        [
            thing(),
            AlarmChanged(alarm=alarm(Severity.MINOR), change="raised"),
            AlarmChanged(alarm=alarm(Severity.MINOR, active=False, acked=True), change="cleared"),
        ]
    )
    world = fold(events[:2])
    delta = Delta()
    world.apply(events[2], delta)
    assert world.alarms == {}
    assert delta.alarms == {"s|r|a": None}
    assert delta.entities == {"a": world.entities["a"]}
    assert world.alarms_of("a") == []


def test_closed_cases_are_bounded_and_take_their_dispatches_along() -> None:
    sent = Dispatch(id="d", case_id="case:0", by="x", seat="", created_at=0.0)
    kept = Dispatch(id="e", case_id="case:1", by="x", seat="", created_at=0.0)
    events = number(
        [
            DispatchChanged(dispatch=sent, change="sent"),
            DispatchChanged(dispatch=kept, change="sent"),
            case("case:0", "closed", "d", "unknown"),
            case("case:1", "handling", "e"),
            *(case(f"case:{n}", "closed") for n in range(2, MAX_CLOSED_CASES + 1)),
        ]
    )
    world = fold(events)
    assert "case:0" in world.cases
    assert set(world.dispatches) == {"d", "e"}
    delta = Delta()
    last = case("case:last", "voided")
    world.apply(
        Event(offset=len(events) + 1, event_time=0.0, recv_time=0.0, source="t", body=last), delta
    )
    assert "case:0" not in world.cases
    assert set(world.dispatches) == {"e"}
    assert delta.cases["case:0"] is None
    assert delta.dispatches == {"d": None}
    restored = World.restore("e", world.offset, world.time, world.parts())
    assert restored.digest() == world.digest()


def test_a_case_that_opens_again_is_not_counted_as_closed() -> None:
    world = fold(number([case("1", "closed"), case("1", "handling")]))
    assert world.tables().cases[0].state == "handling"


def test_a_range_moves_the_delta_to_its_top() -> None:
    world = World("e")
    delta = Delta()
    world.apply_range((), (), 9, delta)
    assert (world.offset, delta.offset) == (9, 9)
    world.apply_range((), (), 5)
    assert world.offset == 9


@given(HISTORIES, st.data())
def test_deltas_absorbed_in_any_grouping_are_the_state(
    history: list[Event], data: st.DataObject
) -> None:
    world, view = World("e"), Delta()
    view.absorb(world.reset_delta())
    pending = Delta()
    for event in history:
        world.apply(event, pending)
        choice = data.draw(st.sampled_from(["go on", "hand over", "start anew"]))
        if choice == "hand over":
            view.absorb(pending)
            pending = Delta()
        elif choice == "start anew":
            pending = world.reset_delta()
    view.absorb(pending)
    for seen, true in (
        (view.entities, world.entities),
        (view.alarms, world.alarms),
        (view.cases, world.cases),
        (view.dispatches, world.dispatches),
        (view.stock, world.stock),
    ):
        assert {k: v for k, v in seen.items() if v is not None} == true


def test_an_empty_delta_is_false_and_a_reset_is_not() -> None:
    assert not Delta()
    assert Delta(reset=True)
    assert Delta(stock={"w/i": None})


def test_subjects_and_classes() -> None:
    dispatch = Dispatch(id="d", case_id="c", by="x", seat="", created_at=0.0)
    line = StockLine(warehouse_id="w", item="i", on_hand=3, reserved=1)
    assert line.free == 2
    bodies = [
        (thing(), "a"),
        (EntityDeleted(id="a"), "a"),
        (Observed(id="a"), "a"),
        (AlarmChanged(alarm=alarm(Severity.INFO), change="raised"), "s|r|a"),
        (case("c", "closed"), "c"),
        (DispatchChanged(dispatch=dispatch, change="sent"), "d"),
        (StockChanged(line=line), "w/i"),
        (OperatorActed(name="n", actor="x", seat="s", subject="y"), "y"),
    ]
    for body, expected in bodies:
        assert subject(body) == expected
        assert is_state(body) == isinstance(body, Observed)


def test_merging_says_what_both_said() -> None:
    older, newer, other, plain = number(
        [
            Observed(id="a", values={"x": 1.0, "y": 1.0}, link=Link.ONLINE, lon=1.0, lat=2.0),
            Observed(id="a", values={"x": 2.0}, state="busy", heading_deg=90.0),
            Observed(id="b"),
            EntityDeleted(id="a"),
        ]
    )
    merged = merge_observed(older, newer)
    assert merged.offset == 2
    assert merged.body == Observed(
        id="a",
        values={"x": 2.0, "y": 1.0},
        link=Link.ONLINE,
        state="busy",
        lon=1.0,
        lat=2.0,
        heading_deg=90.0,
    )
    for a, b in ((older, other), (older, plain), (plain, older)):
        with pytest.raises(ValueError, match="one id"):
            merge_observed(a, b)


def test_a_known_error_reads_as_place_and_text() -> None:
    assert str(KnownError("c", "Wrong.", field="items[1].lon")) == "items[1].lon: Wrong."
    assert str(KnownError("c", "Wrong.")) == "Wrong."
    assert KnownError("c", "Wrong.").params == {}
