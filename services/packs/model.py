"""What a pack may say, as typed records decoded from TOML (see resources/packs/*.toml)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from services.domain.model import Scalar, Severity
from services.packs.base import Label, PackRecord
from services.packs.procedure import (
    Category,
    Closing,
    CodeTable,
    Need,
    Plan,
    Scene,
    TimeLimit,
)

__all__ = [
    "Attribute",
    "Catalogue",
    "Category",
    "Closing",
    "CodeTable",
    "Item",
    "Kind",
    "Kpi",
    "Label",
    "Lang",
    "Limit",
    "Measure",
    "Need",
    "Pack",
    "PackRecord",
    "Plan",
    "Rule",
    "Scene",
    "State",
    "Status",
    "Symbol",
    "TimeLimit",
]

Lang = Literal["zh", "en"]
MOST_SCENE_KPIS = 7
"""What a wall shows at once; more cannot be read from afar."""


class Symbol(PackRecord, frozen=True, kw_only=True):
    """How a kind looks: shapes differ without colour; ``glyph`` names a drawing of ours."""

    shape: Literal["circle", "diamond", "square", "triangle", "hexagon", "pentagon", "cross"]
    glyph: str = ""
    size: int = 14
    fill: str = ""  # "#RRGGBB"; empty = neutral grey


class Attribute(PackRecord, frozen=True, kw_only=True):
    """A described property of a thing. ``data_class`` decides who may see it."""

    name: str
    label: Label
    type: Literal["text", "number", "integer", "boolean"] = "text"
    unit: str = ""
    data_class: Literal["public", "internal", "sensitive", "personal"] = "public"
    required: bool = False
    min: float | None = None
    max: float | None = None
    choices: tuple[str, ...] = ()
    choice_label: dict[str, Label] = msgspec.field(default_factory=dict)

    def value_text(self, value: Scalar, lang: str) -> str:
        """A value as a person reads it: a choice by its label, yes/no, a number with its unit."""
        if value is None:
            return ""
        if isinstance(value, bool):
            zh = lang.startswith("zh")
            return ("是" if zh else "yes") if value else ("否" if zh else "no")
        if isinstance(value, str):
            label = self.choice_label.get(value)
            return label.text(lang) if label else value
        return f"{value:g} {self.unit}".rstrip()


class Measure(PackRecord, frozen=True, kw_only=True):
    """A measured value of a thing, with the range outside which it is refused as impossible."""

    name: str
    label: Label
    unit: str
    min: float
    max: float
    decimals: int = 2


class State(PackRecord, frozen=True, kw_only=True):
    """A status value of a kind and how it shows.

    ``suppresses_alarms``: alarms of a thing in this state are suppressed by design (ISA-18.2), as
    while it is under maintenance.
    """

    id: str
    label: Label
    severity: Severity = Severity.NORMAL
    suppresses_alarms: bool = False


class Status(PackRecord, frozen=True, kw_only=True):
    """A status rule: ``state`` holds while ``measure`` is at a bound or beyond it."""

    measure: str
    state: str
    above: float | None = None
    below: float | None = None

    def holds(self, value: float) -> bool:
        """Whether a value is at the bound or beyond."""
        if self.above is not None:
            return value >= self.above
        return self.below is not None and value <= self.below


class Kind(PackRecord, frozen=True, kw_only=True):
    """A kind of thing in the city. ``group`` is the layer group (pack id) it is listed under.

    ``map_label``: what stands beside its mark, ``{name}`` and measures in braces; "" is the name.
    ``search``: attributes by which it is found besides id and name. ``part_codes``: a part 部件 has
    a 16-digit id whose digits 7 to 10 are one of these classes (GB/T 30428.2).
    """

    id: str
    label: Label
    geometry: Literal["point", "polygon", "line"]
    traits: tuple[
        Literal[
            "located",
            "observing",
            "camera",
            "speaker",
            "stocked",
            "mobile",
            "area",
            "dispatchable",
            "case-bearing",
            "regulated",
            "road-closing",
        ],
        ...,
    ]
    symbol: Symbol
    stale_after_s: float | None = None
    min_zoom: float = 0.0
    default_visible: bool = True
    attribute: tuple[Attribute, ...] = ()
    measure: tuple[Measure, ...] = ()
    state: tuple[State, ...] = ()
    status: tuple[Status, ...] = ()
    actions: tuple[str, ...] = ()
    map_label: str = ""
    search: tuple[str, ...] = ()
    part_codes: tuple[str, ...] = ()
    group: str = ""

    def derived_state(self, values: Mapping[str, float], standing: str = "") -> str | None:
        """What the status rules make of readings: the first that holds counts, none the first
        state of the kind. None where no rule knows its reading, or where ``standing`` is a state
        that no rule sets, like being under maintenance: that is for its source to end.
        """
        if not self.status:
            return None
        if standing and standing not in {self.state[0].id, *(s.state for s in self.status)}:
            return None
        judged = [(s, values[s.measure]) for s in self.status if s.measure in values]
        if not judged:
            return None
        return next((s.state for s, value in judged if s.holds(value)), self.state[0].id)

    def label_of(self, name: str, values: Mapping[str, float]) -> str:
        """The words beside the mark; only the name where a reading that they need is not known."""
        text = self.map_label.replace("{name}", name) if self.map_label else name
        for measure in self.measure:
            hole = "{" + measure.name + "}"
            if hole not in text:
                continue
            if measure.name not in values:
                return name
            value = f"{values[measure.name]:.{measure.decimals}f} {measure.unit}".rstrip()
            text = text.replace(hole, value)
        return text


class Limit(PackRecord, frozen=True, kw_only=True):
    """One step of a threshold rule."""

    severity: Severity
    at: float


class Rule(PackRecord, frozen=True, kw_only=True):
    """A threshold with hysteresis on one measure of one kind, and how its alarms live.

    A worse condition has to hold for ``on_delay_s`` before it is raised, a milder one for
    ``off_delay_s``. ``latched``: it is to be acknowledged even when it is normal again.
    ``max_shelve_s``: how long it may be shelved at most; 0: never.
    """

    id: str
    kind: str
    measure: str
    label: Label
    limits: tuple[Limit, ...]
    direction: Literal["above", "below"] = "above"
    hysteresis: float = 0.0
    category: str = ""  # the case category that this alarm suggests
    on_delay_s: Annotated[float, Meta(ge=0, le=3_600)] = 0.0
    off_delay_s: Annotated[float, Meta(ge=0, le=3_600)] = 0.0
    latched: bool = True
    max_shelve_s: Annotated[float, Meta(ge=0, le=604_800)] = 28_800.0


class Item(PackRecord, frozen=True, kw_only=True):
    """A stock item."""

    id: str
    label: Label
    unit: Label


class Kpi(PackRecord, frozen=True, kw_only=True):
    """A number of the wall; ``function`` is one of services.packs.kpi.FUNCTIONS, never code.

    ``limits`` colour the number; they are held against its value, or against the part of its
    detail that ``limit_on`` names (open cases turn by how many are red, not by their number).
    ``target`` is what the district wants to reach; ``state`` and ``sources`` narrow the count.
    """

    id: str
    label: Label
    function: str
    kinds: tuple[str, ...] = ()
    measure: str = ""
    object_id: str = ""
    unit: str = ""
    order: int = 100
    decimals: int = 0
    limits: tuple[Limit, ...] = ()
    direction: Literal["above", "below"] = "above"
    limit_on: str = ""
    target: float | None = None
    state: str = ""
    sources: tuple[str, ...] = ()


class Pack(PackRecord, frozen=True, kw_only=True):
    """One topic 专题: one TOML file."""

    id: str
    version: int
    label: Label
    order: int = 100
    code_table: str = ""
    kind: tuple[Kind, ...] = ()
    rule: tuple[Rule, ...] = ()
    category: tuple[Category, ...] = ()
    plan: tuple[Plan, ...] = ()
    item: tuple[Item, ...] = ()
    kpi: tuple[Kpi, ...] = ()
    scene: tuple[Scene, ...] = ()
    table: tuple[CodeTable, ...] = ()
    closing: tuple[Closing, ...] = ()


class Catalogue:
    """All loaded packs with look-ups. Built by ``services.packs.loader.load``; immutable after."""

    def __init__(self, packs: tuple[Pack, ...]) -> None:
        self.packs = tuple(sorted(packs, key=lambda p: (p.order, p.id)))
        self.kinds: dict[str, Kind] = {
            k.id: msgspec.structs.replace(k, group=p.id) for p in self.packs for k in p.kind
        }
        self.rules: dict[str, Rule] = {r.id: r for p in self.packs for r in p.rule}
        self.categories: dict[str, Category] = {c.code: c for p in self.packs for c in p.category}
        self.items: dict[str, Item] = {i.id: i for p in self.packs for i in p.item}
        self.kpis: tuple[Kpi, ...] = tuple(
            sorted((k for p in self.packs for k in p.kpi), key=lambda k: (k.order, k.id))
        )
        self.scenes: tuple[Scene, ...] = tuple(
            sorted((s for p in self.packs for s in p.scene), key=lambda s: (s.order, s.id))
        )
        self.tables: dict[str, CodeTable] = {t.id: t for p in self.packs for t in p.table}
        self.closings: tuple[Closing, ...] = tuple(c for p in self.packs for c in p.closing)
        self._plan_of = {c: plan for p in self.packs for plan in p.plan for c in plan.categories}
        self._class_of = {
            category.code: major.label
            for p in self.packs
            if (table := self.tables.get(p.code_table)) is not None
            for category in p.category
            for major in table.major
            if category.code.partition("-")[0] == major.code
        }

    def field_names(self) -> frozenset[str]:
        """Names of all attributes and measures of all kinds."""
        kinds = self.kinds.values()
        attributes = (attribute.name for kind in kinds for attribute in kind.attribute)
        measures = (measure.name for kind in kinds for measure in kind.measure)
        return frozenset((*attributes, *measures))

    def plan_of(self, category: str) -> Plan | None:
        """The response plan of a category code, None where no pack has one."""
        return self._plan_of.get(category)

    def class_of(self, category: str) -> Label | None:
        """The major class of a category code in the table that its pack follows."""
        return self._class_of.get(category)

    def needs_of(self, category: str, severity: Severity | None = None) -> tuple[Need, ...]:
        """Teams and stock that a case asks for: its category's, and its plan's by severity."""
        found = self.categories.get(category)
        needs = list(found.need) if found is not None else []
        plan = self.plan_of(category)
        asked = plan.need if plan is not None else ()
        for more in (n for n in asked if severity is not None and n.severity <= severity):
            named = [(n.item, n.team) for n in needs]
            what = (more.item, more.team)
            if what not in named:
                needs.append(Need(item=more.item, team=more.team))
                named.append(what)
            at = named.index(what)
            needs[at] = msgspec.structs.replace(
                needs[at],
                quantity=needs[at].quantity + more.quantity,
                count=needs[at].count + more.count,
            )
        return tuple(needs)

    def wall_kpis(self) -> tuple[Kpi, ...]:
        """The numbers of the wall's usual scene in its order; without scenes the first by order."""
        if not self.scenes:
            return self.kpis[:MOST_SCENE_KPIS]
        by_id = {k.id: k for k in self.kpis}
        return tuple(by_id[i] for i in self.scenes[0].kpis if i in by_id)

    def wall_layers(self) -> frozenset[str]:
        """The kinds of the wall's usual scene; without scenes those that start visible."""
        if not self.scenes:
            return frozenset(k.id for k in self.kinds.values() if k.default_visible)
        return frozenset(self.scenes[0].layers)

    def rules_of(self, kind: str) -> list[Rule]:
        """Rules that watch one kind."""
        return [r for r in self.rules.values() if r.kind == kind]

    def with_trait(self, trait: str) -> list[Kind]:
        """Kinds that carry a trait, in layer order."""
        return [k for k in self.kinds.values() if trait in k.traits]
