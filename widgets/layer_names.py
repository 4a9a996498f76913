"""What layers, groups, fields and values are called. GUI thread, for the translated words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from layers.model.layer_fields import BUILT_IN, LINK, SEVERITY, STATE
from layers.model.layer_set import Group, Layer
from services.domain.model import Link, Severity
from services.packs.model import Catalogue, Kind
from widgets.words import link_word, severity_word

GROUP_PREFIX = "pack:"


@dataclass(frozen=True, slots=True)
class FieldName:
    """A field that a style or a filter can ask: its name in expressions, its label, whether it
    holds numbers, and their unit."""

    name: str
    label: str
    numeric: bool = False
    unit: str = ""


class LayerNames:
    """Words of one catalogue in one language."""

    def __init__(self, catalogue: Catalogue, lang: str) -> None:
        self.lang = lang
        self.kinds = dict(catalogue.kinds)
        self._packs = {pack.id: pack.label.text(lang) for pack in catalogue.packs}

    def layer(self, layer: Layer) -> str:
        """A layer's own title, or the labels of its kinds."""
        if layer.title:
            return layer.title
        labels = [self.kinds[k].label.text(self.lang) for k in layer.kinds if k in self.kinds]
        return "、".join(labels) if self.lang.startswith("zh") else ", ".join(labels)

    def group(self, group: Group) -> str:
        """A group's own title, or the label of its pack."""
        if group.title:
            return group.title
        pack = group.id.removeprefix(GROUP_PREFIX)
        return self._packs.get(pack, group.id)

    def fields(self, kinds: Sequence[str]) -> list[FieldName]:
        """Fields that all things have, then measures and attributes of these kinds."""
        found = {
            name: FieldName(name, label) for name, label in zip(BUILT_IN, _built_in(), strict=True)
        }
        for kind in (self.kinds[k] for k in kinds if k in self.kinds):
            for measure in kind.measure:
                label = measure.label.text(self.lang)
                found.setdefault(measure.name, FieldName(measure.name, label, True, measure.unit))
            for attr in kind.attribute:
                numeric = attr.type in ("number", "integer")
                label = attr.label.text(self.lang)
                found.setdefault(attr.name, FieldName(attr.name, label, numeric, attr.unit))
        return list(found.values())

    def field(self, kinds: Sequence[str], name: str) -> FieldName:
        """One field; by its bare name where no kind has it."""
        found = {f.name: f for f in self.fields(kinds)}
        return found.get(name) or FieldName(name, name)

    def value(self, kinds: Sequence[str], field: str, value: str) -> str:
        """A value as its pack words it."""
        if field == LINK:
            return link_word(Link[value.upper()]) if value.upper() in Link.__members__ else value
        if field == SEVERITY:
            named = Severity.__members__.get(value.upper())
            return value if named is None else severity_word(named)
        for kind in (self.kinds[k] for k in kinds if k in self.kinds):
            word = _state(kind, value, self.lang) if field == STATE else ""
            word = word or _choice(kind, field, value, self.lang)
            if word:
                return word
        return value


def _built_in() -> tuple[str, str, str]:
    translate = QCoreApplication.translate
    return (
        translate("LayerNames", "State"),
        translate("LayerNames", "Connection"),
        translate("LayerNames", "Severity of its alarm"),
    )


def _state(kind: Kind, value: str, lang: str) -> str:
    return next((s.label.text(lang) for s in kind.state if s.id == value), "")


def _choice(kind: Kind, field: str, value: str, lang: str) -> str:
    for attr in kind.attribute:
        if attr.name != field:
            continue
        if attr.type == "boolean" and value in ("0", "1"):
            return attr.value_text(value == "1", lang)
        label = attr.choice_label.get(value)
        return label.text(lang) if label is not None else ""
    return ""
