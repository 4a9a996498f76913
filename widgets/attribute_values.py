"""Values that a filter may offer, by field, as the packs name them. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

from layers.model.style import LIT_TRAIT
from services.cases.table import STATES
from services.domain.model import Link, Severity
from services.packs.model import Catalogue, Kind
from widgets.words import case_state_word, link_word, severity_word

Offer = tuple[str, str]


def values_of(kinds: Sequence[Kind], catalogue: Catalogue, lang: str) -> dict[str, list[Offer]]:
    """What is put in, and what it means, by field."""
    values: dict[str, list[Offer]] = {
        "severity": [(s.name.lower(), severity_word(s)) for s in Severity],
        "link": [(link.name.lower(), link_word(link)) for link in Link],
        "kind": [(kind.id, kind.label.text(lang)) for kind in kinds],
        "state": [(s.id, s.label.text(lang)) for kind in kinds for s in kind.state],
    }
    if any(LIT_TRAIT in kind.traits for kind in kinds):
        values["state"] += [(state, case_state_word(state)) for state in STATES]
        categories = catalogue.categories.items()
        values["category"] = [(code, c.label.text(lang)) for code, c in categories]
    for kind in kinds:
        for attribute in kind.attribute:
            if attribute.choices:
                labels = attribute.choice_label
                values[attribute.name] = [
                    (choice, labels[choice].text(lang) if choice in labels else "")
                    for choice in attribute.choices
                ]
    return values
