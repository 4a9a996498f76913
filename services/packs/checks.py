"""What must hold in a pack beyond its types. Pure; problems come with the steps to their place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from services.domain.model import Severity
from services.packs.checks_closing import closing_problems
from services.packs.checks_procedure import procedure_problems
from services.packs.kpi import FUNCTIONS, NEEDS_MEASURE, NEEDS_STATE
from services.packs.locate import Step
from services.packs.model import Kind, Pack
from services.packs.problems import Problem, identifier, label_texts, limit_steps, unique

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_PART_CODE = re.compile(r"\d{4}", re.ASCII)
_HOLE = re.compile(r"\{([^{}]*)\}")

TRAIT_NEEDS = {
    "camera": ("fov_deg", "range_m"),
    "speaker": ("reach_m",),
    "dispatchable": ("speciality",),
    "regulated": ("supervisor",),
    "road-closing": ("radius_m", "reason", "until"),
}
"""The attributes that a trait's features cannot do without."""

ACTION_NEEDS = {
    "open_video": "camera",
    "ptz": "camera",
    "broadcast": "speaker",
    "dispatch": "",
    "call": "",
    "new_case": "",
    "close_case": "case-bearing",
}
"""What can be done with a thing, and the trait that it needs for it."""


def check_pack(pack: Pack) -> list[Problem]:
    """What is wrong within one pack, in reading order of its tables."""
    return [
        *identifier(("id",), pack.id),
        *label_texts(("label",), pack.label),
        *(p for i, k in enumerate(pack.kind) for p in _kind(("kind", i), k)),
        *(p for i, _ in enumerate(pack.rule) for p in _rule(pack, i)),
        *procedure_problems(pack),
        *closing_problems(pack),
        *(p for i, _ in enumerate(pack.item) for p in _item(pack, i)),
        *(p for i, _ in enumerate(pack.kpi) for p in _kpi(pack, i)),
    ]


def _kind(place: tuple[Step, ...], kind: Kind) -> Iterator[Problem]:
    yield from identifier((*place, "id"), kind.id)
    yield from label_texts((*place, "label"), kind.label)
    if kind.group:
        yield Problem((*place, "group"), "a kind's group is its pack; leave it out")
    if kind.symbol.fill and not _COLOUR.fullmatch(kind.symbol.fill):
        yield Problem((*place, "symbol"), f"{kind.symbol.fill!r} is not a colour like #5B8FF9")
    if not 4 <= kind.symbol.size <= 64:
        yield Problem((*place, "symbol"), f"size {kind.symbol.size} is not within 4 to 64")
    if kind.stale_after_s is not None and not kind.stale_after_s > 0:
        yield Problem((*place, "stale_after_s"), "must be above zero")
    if not 0 <= kind.min_zoom <= 22:
        yield Problem((*place, "min_zoom"), f"{kind.min_zoom} is not within 0 to 22")
    yield from _traits(place, kind)
    yield from _attributes(place, kind)
    yield from _measures(place, kind)
    yield from unique((*place, "state"), (s.id for s in kind.state))
    for i, state in enumerate(kind.state):
        yield from label_texts((*place, "state", i), state.label)
    yield from _statuses(place, kind)
    yield from _uses(place, kind)


def _statuses(place: tuple[Step, ...], kind: Kind) -> Iterator[Problem]:
    measures, states = {m.name for m in kind.measure}, {s.id for s in kind.state}
    for i, status in enumerate(kind.status):
        here = (*place, "status", i)
        if status.measure not in measures:
            yield Problem(here, f"{status.measure!r} is not a measure of {kind.id}")
        if status.state not in states:
            yield Problem(here, f"{status.state!r} is not a state of {kind.id}")
        if (status.above is None) == (status.below is None):
            yield Problem(here, "a status rule has either above or below")
    if kind.status and kind.state and kind.state[0].severity != Severity.NORMAL:
        yield Problem(
            (*place, "state", 0), "where no status rule holds, this first state does: it is normal"
        )


def _uses(place: tuple[Step, ...], kind: Kind) -> Iterator[Problem]:
    """Actions, the words beside the mark, search keys and part classes name what there is."""
    for i, action in enumerate(kind.actions):
        if action not in ACTION_NEEDS:
            known = ", ".join(sorted(ACTION_NEEDS))
            yield Problem((*place, "actions", i), f"{action!r} is not one of {known}")
        elif ACTION_NEEDS[action] and ACTION_NEEDS[action] not in kind.traits:
            yield Problem(
                (*place, "actions", i), f"{action!r} needs the trait {ACTION_NEEDS[action]!r}"
            )
    for hole in _HOLE.findall(kind.map_label):
        if hole != "name" and hole not in {m.name for m in kind.measure}:
            yield Problem((*place, "map_label"), f"{hole!r} is neither name nor a measure")
    attributes = {a.name: a for a in kind.attribute}
    for i, key in enumerate(kind.search):
        if key not in attributes:
            yield Problem((*place, "search", i), f"{key!r} is not an attribute of {kind.id}")
        elif attributes[key].data_class in ("sensitive", "personal"):
            yield Problem(
                (*place, "search", i),
                f"{key!r} is {attributes[key].data_class}: who may not see it could find by it",
            )
    for i, code in enumerate(kind.part_codes):
        if not _PART_CODE.fullmatch(code):
            yield Problem((*place, "part_codes", i), f"{code!r} is not four digits: major, minor")


def _traits(place: tuple[Step, ...], kind: Kind) -> Iterator[Problem]:
    names = {a.name for a in kind.attribute}
    for trait, needed in TRAIT_NEEDS.items():
        for attribute in needed if trait in kind.traits else ():
            if attribute not in names:
                yield Problem(
                    (*place, "traits"), f"trait {trait!r} needs an attribute {attribute!r}"
                )
    if "observing" in kind.traits and not kind.measure:
        yield Problem((*place, "traits"), "trait 'observing' needs at least one measure")
    if "area" in kind.traits and kind.geometry != "polygon":
        yield Problem((*place, "geometry"), "trait 'area' needs geometry 'polygon'")
    if "case-bearing" in kind.traits and kind.geometry != "point":
        yield Problem((*place, "geometry"), "trait 'case-bearing' needs geometry 'point'")


def _attributes(place: tuple[Step, ...], kind: Kind) -> Iterator[Problem]:
    yield from unique((*place, "attribute"), (a.name for a in kind.attribute))
    for i, attribute in enumerate(kind.attribute):
        here = (*place, "attribute", i)
        yield from identifier(here, attribute.name)
        yield from label_texts(here, attribute.label)
        low, high = attribute.min, attribute.max
        if low is not None and high is not None and not low < high:
            yield Problem(here, f"min {low:g} is not below max {high:g}")
        if (low, high) != (None, None) and attribute.type not in ("number", "integer"):
            yield Problem(here, f"min and max make no sense for type {attribute.type!r}")
        if attribute.choices and attribute.type != "text":
            yield Problem(here, f"choices make no sense for type {attribute.type!r}")
        if attribute.choice_label and set(attribute.choice_label) != set(attribute.choices):
            yield Problem(here, "choice_label must label every choice and nothing else")
        for label in attribute.choice_label.values():
            yield from label_texts(here, label)


def _measures(place: tuple[Step, ...], kind: Kind) -> Iterator[Problem]:
    yield from unique((*place, "measure"), (m.name for m in kind.measure))
    for i, measure in enumerate(kind.measure):
        here = (*place, "measure", i)
        yield from identifier(here, measure.name)
        yield from label_texts(here, measure.label)
        if not measure.min < measure.max:
            yield Problem(here, f"min {measure.min:g} is not below max {measure.max:g}")
        if not 0 <= measure.decimals <= 6:
            yield Problem(here, f"decimals {measure.decimals} is not within 0 to 6")


def _rule(pack: Pack, index: int) -> Iterator[Problem]:
    rule, place = pack.rule[index], ("rule", index)
    yield from identifier((*place, "id"), rule.id)
    yield from label_texts((*place, "label"), rule.label)
    if not rule.limits:
        yield Problem((*place, "limits"), "a rule needs at least one limit")
    if not rule.hysteresis >= 0:
        yield Problem((*place, "hysteresis"), "must be zero or above")
    yield from limit_steps((*place, "limits"), rule.limits, rule.direction)


def _item(pack: Pack, index: int) -> Iterator[Problem]:
    item, place = pack.item[index], ("item", index)
    yield from identifier((*place, "id"), item.id)
    yield from label_texts((*place, "label"), item.label)
    yield from label_texts((*place, "unit"), item.unit)


def _kpi(pack: Pack, index: int) -> Iterator[Problem]:
    kpi, place = pack.kpi[index], ("kpi", index)
    yield from identifier((*place, "id"), kpi.id)
    yield from label_texts((*place, "label"), kpi.label)
    if kpi.function not in FUNCTIONS:
        names = ", ".join(sorted(FUNCTIONS))
        yield Problem((*place, "function"), f"{kpi.function!r} is not one of {names}")
    elif kpi.function in NEEDS_MEASURE and not kpi.measure:
        yield Problem((*place, "function"), f"{kpi.function!r} needs a measure")
    elif kpi.function in NEEDS_STATE and not kpi.state:
        yield Problem((*place, "function"), f"{kpi.function!r} needs a state")
    yield from limit_steps((*place, "limits"), kpi.limits, kpi.direction)
