"""What the wall says, against small worlds."""

from __future__ import annotations

import msgspec
import pytest

from app.overview import measured_curve, silent_after
from services.domain.model import Alarm, Entity, Severity
from services.packs.kpi import KpiValue
from services.packs.loader import default_directory, load
from services.packs.model import Catalogue

NOW = 1_784_095_532.0
ALARM = Alarm(
    key="level|level_high|level_sensor:1",
    source="level",
    rule="level_high",
    object_id="level_sensor:1",
    severity=Severity.MAJOR,
    value=0.56,
    limit=0.45,
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(default_directory())


def sensor(**values: float) -> Entity:
    return Entity(id="level_sensor:1", kind="level_sensor", name="康乐十字", values=values)


def test_a_curve_ends_with_the_number_beside_it(catalogue: Catalogue) -> None:
    kpi = next(k for k in catalogue.kpis if k.id == "kangle_level")
    value = KpiValue(0.48, "m", {"age_s": 2.0}, Severity.MAJOR)
    points = [(NOW - 60, 0.40), (NOW - 15, 0.51)]
    curve = measured_curve(kpi, points, value, NOW, "zh")
    assert list(curve.times) == [NOW - 60, NOW - 15, NOW - 2]
    assert list(curve.values) == [0.40, 0.51, 0.48]
    assert (curve.newest, curve.severity, curve.unit) == ("0.48", Severity.MAJOR, "m")
    assert (curve.crossed, curve.limit) == (0.45, 0.6)


@pytest.mark.parametrize(
    ("newest", "crossed", "following"),
    [(0.1, None, 0.3), (0.3, 0.3, 0.45), (0.44, 0.3, 0.45), (0.45, 0.45, 0.6), (0.9, 0.6, None)],
)
def test_a_curve_has_the_limit_that_is_crossed_and_the_next_one(
    catalogue: Catalogue, newest: float, crossed: float | None, following: float | None
) -> None:
    kpi = next(k for k in catalogue.kpis if k.id == "kangle_level")
    value = KpiValue(newest, "m", {}, Severity.NORMAL)
    curve = measured_curve(kpi, [], value, NOW, "zh")
    assert (curve.crossed, curve.limit) == (crossed, following)
    below = msgspec.structs.replace(
        kpi,
        direction="below",
        limits=tuple(msgspec.structs.replace(x, at=-x.at) for x in kpi.limits),
    )
    curve = measured_curve(below, [], KpiValue(-newest, "m", {}, Severity.NORMAL), NOW, "zh")
    turned = [None if at is None else -at for at in (crossed, following)]
    assert [curve.crossed, curve.limit] == turned


def test_a_silent_sensor_draws_no_line_up_to_now(catalogue: Catalogue) -> None:
    kpi = next(k for k in catalogue.kpis if k.id == "kangle_level")
    value = KpiValue(0.51, "m", {"age_s": 900.0}, Severity.MAJOR)
    points = [(NOW - 1_000, 0.40), (NOW - 900, 0.51)]
    assert list(measured_curve(kpi, points, value, NOW, "zh").times) == [NOW - 1_000, NOW - 900]


def test_a_measured_curve_knows_when_its_source_counts_as_silent(catalogue: Catalogue) -> None:
    kpi = next(k for k in catalogue.kpis if k.id == "kangle_level")
    silent_s = silent_after(kpi, catalogue)
    assert silent_s == catalogue.kinds[kpi.kinds[0]].stale_after_s
    value = KpiValue(0.51, "m", {"age_s": 0.0}, Severity.MAJOR)
    assert measured_curve(kpi, [], value, NOW, "zh", silent_s).silent_s == silent_s
    nobody = msgspec.structs.replace(kpi, kinds=())
    assert silent_after(nobody, catalogue) == 0.0
