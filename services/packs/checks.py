"""What must hold in a pack beyond its types. Pure; problems come with the steps to their place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.domain.model import Severity
from services.packs.kpi import FUNCTIONS, NEEDS_MEASURE
from services.packs.locate import Step
from services.packs.model import Catalogue, Category, Kind, Label, Limit, Pack

_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,31}")
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")

TRAIT_NEEDS = {"camera": "fov_deg", "dispatchable": "speciality"}
"""The attribute that a trait's features cannot do without."""
MOST_LIMIT = 366
"""The largest amount of a handling limit: a year of days."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where in the pack."""

    steps: tuple[Step, ...]
    what: str


def check_pack(pack: Pack) -> list[Problem]:
    """What is wrong within one pack, in reading order of its tables."""
    return [
        *_identifier(("id",), pack.id),
        *_label(("label",), pack.label),
        *(p for i, k in enumerate(pack.kind) for p in _kind(("kind", i), k)),
        *(p for i, _ in enumerate(pack.rule) for p in _rule(pack, i)),
        *(p for i, c in enumerate(pack.category) for p in _category(("category", i), c)),
        *(p for i, _ in enumerate(pack.item) for p in _item(pack, i)),
        *(p for i, _ in enumerate(pack.kpi) for p in _kpi(pack, i)),
    ]


def check_references(pack: Pack, catalogue: Catalogue) -> list[Problem]:
    """What one pack refers to that no pack declares."""
    problems: list[Problem] = []
    for i, rule in enumerate(pack.rule):
        problems += _measured(("rule", i), (rule.kind,), rule.measure, catalogue)
        if rule.category and rule.category not in catalogue.categories:
            problems.append(
                Problem(("rule", i, "category"), f"no category has code {rule.category!r}")
            )
    skills = _specialities(catalogue)
    for i, category in enumerate(pack.category):
        for j, need in enumerate(category.need):
            place = ("category", i, "need", j)
            if need.item and need.item not in catalogue.items:
                problems.append(Problem((*place, "item"), f"no item has id {need.item!r}"))
            if need.team and skills is not None and need.team not in skills:
                problems.append(
                    Problem((*place, "team"), f"no dispatchable kind has speciality {need.team!r}")
                )
    for i, kpi in enumerate(pack.kpi):
        problems += _measured(("kpi", i), kpi.kinds, kpi.measure, catalogue, plural=True)
    return problems


def _measured(
    place: tuple[Step, ...],
    kinds: tuple[str, ...],
    measure: str,
    catalogue: Catalogue,
    *,
    plural: bool = False,
) -> Iterator[Problem]:
    """The kinds exist, and one of them (for a rule: the only one) has the measure."""
    for kind in kinds:
        if kind not in catalogue.kinds:
            yield Problem((*place, "kinds" if plural else "kind"), f"no kind has id {kind!r}")
            return
    known = {m.name for k in kinds for m in catalogue.kinds[k].measure}
    if measure and measure not in known:
        owners = " or ".join(kinds) or "a kind that is named"
        yield Problem((*place, "measure"), f"{measure!r} is not a measure of {owners}")


def _specialities(catalogue: Catalogue) -> set[str] | None:
    """Team specialities that may be asked for; None where a kind leaves them open."""
    known: set[str] = set()
    for kind in catalogue.with_trait("dispatchable"):
        for attribute in kind.attribute:
            if attribute.name == "speciality":
                if not attribute.choices:
                    return None
                known.update(attribute.choices)
    return known


def _kind(place: tuple[Step, ...], kind: Kind) -> Iterator[Problem]:
    yield from _identifier((*place, "id"), kind.id)
    yield from _label((*place, "label"), kind.label)
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
    yield from _unique((*place, "state"), (s.id for s in kind.state))
    for i, state in enumerate(kind.state):
        yield from _label((*place, "state", i), state.label)


def _traits(place: tuple[Step, ...], kind: Kind) -> Iterator[Problem]:
    names = {a.name for a in kind.attribute}
    for trait, attribute in TRAIT_NEEDS.items():
        if trait in kind.traits and attribute not in names:
            yield Problem((*place, "traits"), f"trait {trait!r} needs an attribute {attribute!r}")
    if "observing" in kind.traits and not kind.measure:
        yield Problem((*place, "traits"), "trait 'observing' needs at least one measure")
    if "area" in kind.traits and kind.geometry != "polygon":
        yield Problem((*place, "geometry"), "trait 'area' needs geometry 'polygon'")


def _attributes(place: tuple[Step, ...], kind: Kind) -> Iterator[Problem]:
    yield from _unique((*place, "attribute"), (a.name for a in kind.attribute))
    for i, attribute in enumerate(kind.attribute):
        here = (*place, "attribute", i)
        yield from _identifier(here, attribute.name)
        yield from _label(here, attribute.label)
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
            yield from _label(here, label)


def _measures(place: tuple[Step, ...], kind: Kind) -> Iterator[Problem]:
    yield from _unique((*place, "measure"), (m.name for m in kind.measure))
    for i, measure in enumerate(kind.measure):
        here = (*place, "measure", i)
        yield from _identifier(here, measure.name)
        yield from _label(here, measure.label)
        if not measure.min < measure.max:
            yield Problem(here, f"min {measure.min:g} is not below max {measure.max:g}")
        if not 0 <= measure.decimals <= 6:
            yield Problem(here, f"decimals {measure.decimals} is not within 0 to 6")


def _rule(pack: Pack, index: int) -> Iterator[Problem]:
    rule, place = pack.rule[index], ("rule", index)
    yield from _identifier((*place, "id"), rule.id)
    yield from _label((*place, "label"), rule.label)
    if not rule.limits:
        yield Problem((*place, "limits"), "a rule needs at least one limit")
    if not rule.hysteresis >= 0:
        yield Problem((*place, "hysteresis"), "must be zero or above")
    yield from _limits((*place, "limits"), rule.limits, rule.direction)


def _limits(
    place: tuple[Step, ...], limits: tuple[Limit, ...], direction: str
) -> Iterator[Problem]:
    """Severity rises with every step, and the value goes further out with it."""
    for i, limit in enumerate(limits):
        if limit.severity == Severity.NORMAL:
            yield Problem((*place, i), "a limit cannot have severity 'normal'")
    sign = 1 if direction == "above" else -1
    for i in range(1, len(limits)):
        a, b = limits[i - 1], limits[i]
        if not (b.severity > a.severity and sign * b.at > sign * a.at):
            yield Problem((*place, i), f"limits must go {direction}, from mild to severe")


def _category(place: tuple[Step, ...], category: Category) -> Iterator[Problem]:
    if not _CODE.fullmatch(category.code):
        yield Problem((*place, "code"), f"{category.code!r} is not a code")
    yield from _label((*place, "label"), category.label)
    if not category.department.strip():
        yield Problem((*place, "department"), "the department is empty")
    if not 0 < category.limit.amount <= MOST_LIMIT:
        yield Problem((*place, "limit"), f"the amount must be above zero, at most {MOST_LIMIT}")
    if not 10 <= category.radius_m <= 50_000:
        yield Problem((*place, "radius_m"), "must be within 10 and 50,000 m")
    for i, need in enumerate(category.need):
        stock = bool(need.item) and need.quantity > 0 and not need.team and not need.count
        team = bool(need.team) and need.count > 0 and not need.item and not need.quantity
        if not (stock or team):
            yield Problem(
                (*place, "need", i), "a need is an item with quantity or a team with count"
            )


def _item(pack: Pack, index: int) -> Iterator[Problem]:
    item, place = pack.item[index], ("item", index)
    yield from _identifier((*place, "id"), item.id)
    yield from _label((*place, "label"), item.label)
    yield from _label((*place, "unit"), item.unit)


def _kpi(pack: Pack, index: int) -> Iterator[Problem]:
    kpi, place = pack.kpi[index], ("kpi", index)
    yield from _identifier((*place, "id"), kpi.id)
    yield from _label((*place, "label"), kpi.label)
    if kpi.function not in FUNCTIONS:
        names = ", ".join(sorted(FUNCTIONS))
        yield Problem((*place, "function"), f"{kpi.function!r} is not one of {names}")
    elif kpi.function in NEEDS_MEASURE and not kpi.measure:
        yield Problem((*place, "function"), f"{kpi.function!r} needs a measure")
    yield from _limits((*place, "limits"), kpi.limits, kpi.direction)


def _identifier(steps: tuple[Step, ...], value: str) -> Iterator[Problem]:
    if not _ID.fullmatch(value):
        yield Problem(steps, f"{value!r} is not an id: small letters, digits and _, at most 64")


def _label(steps: tuple[Step, ...], label: Label) -> Iterator[Problem]:
    if not label.zh.strip() or not label.en.strip():
        yield Problem(steps, "a label needs a text in zh and in en")


def _unique(steps: tuple[Step, ...], names: Iterable[str]) -> Iterator[Problem]:
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem(steps, f"{name!r} is declared {count} times")
