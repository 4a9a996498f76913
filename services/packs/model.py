"""What a pack may say, as typed records decoded from TOML (see resources/packs/*.toml)."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from services.domain.model import Scalar, Severity

Lang = Literal["zh", "en"]


class PackRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base: an unknown field in a pack is an error, so a typing mistake is found."""


class Label(PackRecord, frozen=True, kw_only=True):
    """A text in both languages."""

    zh: str
    en: str

    def text(self, lang: str) -> str:
        """The text in ``lang`` (``zh…`` or anything else for English)."""
        return self.zh if lang.startswith("zh") else self.en


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
    choice_label: dict[str, Label] = {}

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


class Kind(PackRecord, frozen=True, kw_only=True):
    """A kind of thing in the city. ``group`` is the layer group (pack id) it is listed under."""

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
    actions: tuple[str, ...] = ()
    group: str = ""


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


class Need(PackRecord, frozen=True, kw_only=True):
    """What a response plan of a category asks for."""

    item: str = ""
    quantity: int = 0
    team: str = ""  # a team speciality, attribute ``speciality`` of a dispatchable thing
    count: int = 0


class TimeLimit(PackRecord, frozen=True, kw_only=True):
    """A handling limit 处置时限 in the units of GB/T 30428.

    ``urgent_hours`` 紧急工作时 and ``natural_days`` 自然日 run on day and night; ``working_hours``
    工作时 and ``working_days`` 工作日 run in working time only.
    """

    amount: float
    unit: Literal["urgent_hours", "working_hours", "working_days", "natural_days"]

    @property
    def runs_on(self) -> bool:
        """Whether the clock runs day and night."""
        return self.unit in ("urgent_hours", "natural_days")

    @property
    def seconds(self) -> float:
        """Seconds of its own clock: of running time, or of working time (1 工作日 = 8 h)."""
        return self.amount * _UNIT_S[self.unit]


_UNIT_S = {
    "urgent_hours": 3_600.0,
    "working_hours": 3_600.0,
    "working_days": 8 * 3_600.0,
    "natural_days": 86_400.0,
}


class Category(PackRecord, frozen=True, kw_only=True):
    """A case category 案件类别 with its handling limit."""

    code: str
    label: Label
    department: str
    limit: TimeLimit
    severity: Severity = Severity.MINOR
    radius_m: float = 1_000.0
    need: tuple[Need, ...] = ()

    @property
    def limit_s(self) -> float:
        """The limit in seconds for a clock that knows no working time; a working day is a day."""
        if self.limit.unit == "working_days":
            return self.limit.amount * 86_400.0
        return self.limit.seconds


class Item(PackRecord, frozen=True, kw_only=True):
    """A stock item."""

    id: str
    label: Label
    unit: Label


class Kpi(PackRecord, frozen=True, kw_only=True):
    """A number of the wall; ``function`` is one of services.packs.kpi.FUNCTIONS, never code.

    ``limits`` colour the number; they are held against its value, or against the part of its
    detail that ``limit_on`` names (open cases turn by how many are red, not by how many there are).
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


class Pack(PackRecord, frozen=True, kw_only=True):
    """One topic 专题: one TOML file."""

    id: str
    version: int
    label: Label
    order: int = 100
    kind: tuple[Kind, ...] = ()
    rule: tuple[Rule, ...] = ()
    category: tuple[Category, ...] = ()
    item: tuple[Item, ...] = ()
    kpi: tuple[Kpi, ...] = ()


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

    def rules_of(self, kind: str) -> list[Rule]:
        """Rules that watch one kind."""
        return [r for r in self.rules.values() if r.kind == kind]

    def with_trait(self, trait: str) -> list[Kind]:
        """Kinds that carry a trait, in layer order."""
        return [k for k in self.kinds.values() if trait in k.traits]
