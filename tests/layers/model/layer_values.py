"""Random layer sets and stores with attributes, as hypothesis strategies."""

from __future__ import annotations

from hypothesis import strategies as st

from layers.model.features import Feature, FeatureStore
from layers.model.layer_set import (
    Categorised,
    Category,
    Graduated,
    Group,
    Heat,
    Layer,
    LayerSet,
    Look,
    Single,
    Step,
)
from services.domain.model import Link, Severity

KINDS = ("camera", "team", "grid")
looks = st.builds(
    Look,
    shape=st.sampled_from(["", "circle", "square", "cross"]),
    color=st.sampled_from(["", "#10A0B0", "series_2"]),
    size=st.integers(0, 40),
)
_values = st.sampled_from(["a", "b", "7", "2.5", ""])


@st.composite
def categorised(draw: st.DrawFn) -> Categorised:
    values = draw(st.lists(_values, unique=True, max_size=4))
    return Categorised(
        field="f",
        classes=tuple(
            Category(value=v, look=draw(looks), visible=draw(st.booleans())) for v in values
        ),
        other=draw(st.one_of(st.none(), looks)),
    )


@st.composite
def graduated(draw: st.DrawFn) -> Graduated:
    bounds = sorted(draw(st.sets(st.integers(-3, 9), max_size=4)))
    uppers = [*(float(b) for b in bounds), None]
    return Graduated(
        field="f",
        steps=tuple(Step(upper=u, look=draw(looks)) for u in uppers),
        missing=draw(st.one_of(st.none(), looks)),
    )


styles = st.one_of(
    st.builds(Single, look=looks), categorised(), graduated(), st.builds(Heat, radius=st.just(20))
)
zooms = st.one_of(st.none(), st.integers(0, 9).map(float))


@st.composite
def layers(draw: st.DrawFn, layer_id: str) -> Layer:
    low = draw(zooms)
    high = draw(st.one_of(st.none(), st.integers(10, 20).map(float)))
    return Layer(
        id=layer_id,
        kinds=tuple(draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=3, unique=True))),
        own=True,
        visible=draw(st.booleans()),
        opacity=draw(st.sampled_from([0.5, 1.0])),
        filter=draw(st.sampled_from(["", "odd", "broken"])),
        min_zoom=low,
        max_zoom=high,
        style=draw(styles),
    )


@st.composite
def layer_sets(draw: st.DrawFn) -> LayerSet:
    count = draw(st.integers(0, 6))
    made = [draw(layers(f"l{i}")) for i in range(count)]
    cut, deep = sorted((draw(st.integers(0, count)), draw(st.integers(0, count))))
    inner = Group(id="inner", own=True, items=tuple(made[deep:]))
    group = Group(id="outer", own=True, items=(*made[cut:deep], inner))
    return LayerSet(items=(*made[:cut], group))


@st.composite
def stores(draw: st.DrawFn) -> FeatureStore:
    store = FeatureStore()
    value = st.one_of(
        st.none(), st.sampled_from(["a", "b", "c"]), st.sampled_from([7, 2.5, -3.0, 0, True])
    )
    count = draw(st.integers(0, 25))
    store.upsert(
        Feature(
            id=f"f{i}",
            kind=draw(st.sampled_from([*KINDS, "stranger"])),
            name=f"thing {i}",
            lon=101.8,
            lat=36.6,
            severity=draw(st.sampled_from(list(Severity))),
            link=Link.ONLINE,
            unacked=draw(st.booleans()),
            attrs={"f": draw(value)},
        )
        for i in range(count)
    )
    gone = draw(st.sets(st.integers(0, max(0, count - 1)), max_size=3))
    store.remove([f"f{i}" for i in gone])
    return store
