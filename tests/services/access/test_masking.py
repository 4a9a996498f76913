"""No masked value can be read; what may be seen is left alone."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.access.masking import HIDDEN, Masks, masked
from services.access.roles import CLASSES, DataClass
from services.domain.model import Scalar
from services.packs.model import Attribute, Catalogue, Kind, Label, Pack, Symbol

LABEL = Label(zh="字", en="word")
CLASS_NAMES: tuple[DataClass, ...] = ("public", "internal", "sensitive", "personal")
KIND = Kind(
    id="k",
    label=LABEL,
    geometry="point",
    traits=("located", "case-bearing"),
    symbol=Symbol(shape="circle"),
    attribute=tuple(Attribute(name=c, label=LABEL, data_class=c) for c in CLASS_NAMES),
)
MASKS = Masks(Catalogue((Pack(id="p", version=1, label=LABEL, kind=(KIND,)),)))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("张三", "张**"),
        ("欧阳修远", "欧**"),
        ("陈海燕（示例）", "陈**"),
        ("John Smith", "J**"),
        ("13812340001", "138****0001"),
        ("+86 138-1234-0001", "861****0001"),
        ("138****0001", "138****0001"),  # its source keeps it masked
        ("张", HIDDEN),
        ("09715551234 转 8", HIDDEN),
        ("5551234", HIDDEN),
        ("康乐小区3号楼1单元404", HIDDEN),
        ("630102199001011234", HIDDEN),
        ("康乐社区居委会", HIDDEN),
        ("", HIDDEN),
    ],
)
def test_what_stays_of_a_value(value: str, shown: str) -> None:
    assert masked(value) == shown
    assert masked(shown) == shown


TEXTS = st.one_of(
    st.text(min_size=1, max_size=40),
    st.text(string.digits + " -+", min_size=1, max_size=20),
    st.text("王李张刘陈海燕小明", min_size=1, max_size=6),
)


@given(TEXTS)
def test_a_masked_text_never_holds_the_value(value: str) -> None:
    shown = masked(value)
    plain = value.strip()
    assert shown == plain or plain.strip("*") == "" or plain not in shown
    if shown == plain:  # it came masked
        assert "*" in plain
    digits = sum(c.isdigit() for c in value)
    assert sum(c.isdigit() for c in shown) <= max(0, digits - 4) or "*" in plain


ATTRS: st.SearchStrategy[dict[str, Scalar]] = st.dictionaries(
    st.sampled_from([*CLASS_NAMES, "undescribed"]),
    st.one_of(TEXTS, st.integers(), st.floats(allow_nan=False), st.booleans(), st.none()),
)


@given(ATTRS, st.sampled_from(sorted(CLASSES)))
def test_attributes_are_shown_by_class(attrs: dict[str, Scalar], role: str) -> None:
    clear = CLASSES[role]
    for shown in (MASKS.entity("k", attrs, clear), MASKS.case(attrs, clear)):
        for name, value in attrs.items():
            of = "sensitive" if name == "undescribed" else name
            if of in clear or value in (None, ""):
                assert shown[name] == value
            elif isinstance(value, str):
                assert shown[name] == (masked(value) if of == "personal" else HIDDEN)
            else:
                assert name not in shown  # a number that is none would mislead
    if all(n in clear for n in attrs):
        assert MASKS.entity("k", attrs, clear) is attrs


def test_of_a_kind_that_no_pack_describes_nothing_but_sensitive_data_is_thought() -> None:
    attrs: dict[str, Scalar] = {"phone": "13812340001"}
    assert MASKS.entity("gone", attrs, CLASSES["department"]) == {"phone": HIDDEN}
    assert MASKS.entity("gone", attrs, CLASSES["duty_officer"]) is attrs


@given(ATTRS)
def test_personal_values_are_found(attrs: dict[str, Scalar]) -> None:
    wanted = {"personal": attrs["personal"]} if "personal" in attrs else {}
    assert MASKS.personal("k", attrs) == wanted
