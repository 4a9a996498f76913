"""What the simulator keeps of the world, its clock, and when it leaves a thing to a real source."""

from __future__ import annotations

import io
import threading

import pytest

from services.domain.errors import KnownError
from services.domain.model import Alarm, Case, Entity, Severity
from services.domain.world import Delta
from services.ingest.simulator import SimClock, SimulatorOptions, _end_with_stdin, run
from services.ingest.view import MEMORY, View, Yielding

NOW = 1_784_088_000.0
TOKENS = {"token_source": "a", "token_reader": "r", "token_field": "b"}


def sensor(level: float) -> Entity:
    return Entity(id="s", kind="level_sensor", name="s", values={"level": level})


def test_deltas_add_change_and_take_away() -> None:
    view = View()
    case = Case(id="c", category="x", title="t", severity=Severity.MINOR, state="closed")
    view.absorb(Delta(reset=True, entities={"s": sensor(1.0)}, cases={"c": case}))
    view.absorb(Delta(entities={"s": sensor(2.0)}, cases={"c": None}))
    assert view.entities["s"].values == {"level": 2.0}
    assert view.cases == {}
    alarm = Alarm(key="k", source="s", rule="", object_id="s", severity=Severity.MINOR)
    view.absorb(Delta(reset=True, alarms={"k": alarm}))
    assert view.entities == {}
    assert view.alarms == {"k": alarm}


def test_a_value_that_nobody_here_sent_is_a_real_source_s() -> None:
    yielding = Yielding(quiet_s=600.0)
    yielding.sending("s", {"level": 0.05})
    yielding.sending("s", {"level": 0.06})
    assert not yielding.heard(sensor(0.04), sensor(0.05), NOW)  # ours, late
    assert not yielding.yields("s", NOW)
    assert yielding.heard(sensor(0.05), sensor(0.41), NOW)
    assert not yielding.heard(sensor(0.41), sensor(0.42), NOW + 1.0)  # said once
    assert yielding.yields("s", NOW + 600.0)
    assert not yielding.yields("s", NOW + 602.0)
    assert not yielding.yields("other", NOW)


def test_what_was_there_before_and_what_never_changes_is_nobody_s() -> None:
    yielding = Yielding()
    assert not yielding.heard(None, sensor(0.4), NOW)
    assert not yielding.heard(sensor(0.3), sensor(0.4), NOW)  # we never spoke for it
    yielding.sending("s", {"level": 0.1})
    assert not yielding.heard(sensor(0.4), sensor(0.4), NOW)  # an alarm of it changed, not it


def test_memory_of_what_was_sent_is_bounded() -> None:
    yielding = Yielding()
    for n in range(MEMORY + 5):
        yielding.sending("s", {"level": float(n)})
    assert yielding.heard(sensor(1.0), sensor(2.0), NOW)
    assert not yielding.heard(sensor(1.0), sensor(float(MEMORY)), NOW)


def test_simulated_time_runs_at_its_speed_and_items_carry_real_times() -> None:
    clock = SimClock(NOW, 10.0)
    assert clock.simulated(NOW + 6.0) == NOW + 60.0
    assert clock.real(NOW + 60.0) == NOW + 6.0
    item = {"type": "case", "id": "c", "reported_at": NOW + 60.0, "closed_at": NOW + 600.0}
    assert clock.restamped(dict(item)) == {
        "type": "case", "id": "c", "reported_at": NOW + 6.0, "closed_at": NOW + 60.0,
    }  # fmt: skip
    assert SimClock(NOW, 1.0).restamped(dict(item)) == item


@pytest.mark.parametrize("more", [{"speed": 0.0}, {"speed": 1e6}, {"time_scale": float("nan")}])
def test_options_out_of_range_are_refused(more: dict[str, float]) -> None:
    options = SimulatorOptions(url="http://127.0.0.1:1", **TOKENS, **more)
    with pytest.raises(KnownError) as caught:
        run(options)
    assert caught.value.code == "out_of_range"


def test_a_child_ends_when_its_input_closes() -> None:
    stop = threading.Event()
    stdin = io.BytesIO(b"x")
    _end_with_stdin(stop, lambda _, size: stdin.read(size))
    assert stop.wait(10.0)


def test_waiting_for_a_hub_ends_when_told_to() -> None:
    stop = threading.Event()
    options = SimulatorOptions(url="http://127.0.0.1:1", **TOKENS, stop_event=stop)
    done = threading.Thread(target=run, args=(options,))
    done.start()
    stop.set()
    done.join(10.0)
    assert not done.is_alive()
