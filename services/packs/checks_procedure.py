"""What must hold for categories, plans, scenes and code tables, and between packs. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from services.domain.errors import KnownError
from services.domain.ids import check_id
from services.domain.model import Severity
from services.packs.checks_closing import closing_references
from services.packs.locate import Step
from services.packs.model import (
    MOST_SCENE_KPIS,
    Catalogue,
    Category,
    CodeTable,
    Need,
    Pack,
    Plan,
    Scene,
)
from services.packs.problems import Problem, identifier, label_texts, unique
from services.packs.procedure import PlanNeed

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,31}")
_MAJOR = re.compile(r"[PE]\d{2}", re.ASCII)
_MINOR = re.compile(r"([PE]\d{2})-\d{2}", re.ASCII)
MOST_LIMIT = 366
"""The largest amount of a handling limit: a year of days."""
MOST_SCENE_CAMERAS = 16
"""As many as the video wall has panes."""


def procedure_problems(pack: Pack) -> Iterator[Problem]:
    """What is wrong within one pack's categories, plans, scenes and code tables."""
    for i, category in enumerate(pack.category):
        yield from _category(("category", i), category)
    for i, plan in enumerate(pack.plan):
        yield from _plan(("plan", i), plan)
    for i, scene in enumerate(pack.scene):
        yield from _scene(("scene", i), scene)
    for i, table in enumerate(pack.table):
        yield from _table(("table", i), table)


def _category(place: tuple[Step, ...], category: Category) -> Iterator[Problem]:
    if not _CODE.fullmatch(category.code):
        yield Problem((*place, "code"), f"{category.code!r} is not a code")
    yield from label_texts((*place, "label"), category.label)
    if not category.department.strip():
        yield Problem((*place, "department"), "the department is empty")
    if not 0 < category.limit.amount <= MOST_LIMIT:
        yield Problem((*place, "limit"), f"the amount must be above zero, at most {MOST_LIMIT}")
    if not 10 <= category.radius_m <= 50_000:
        yield Problem((*place, "radius_m"), "must be within 10 and 50,000 m")
    yield from _needs(place, category.need)


def _needs(place: tuple[Step, ...], needs: Sequence[Need | PlanNeed]) -> Iterator[Problem]:
    for i, need in enumerate(needs):
        stock = bool(need.item) and need.quantity > 0 and not need.team and not need.count
        team = bool(need.team) and need.count > 0 and not need.item and not need.quantity
        if not (stock or team):
            yield Problem(
                (*place, "need", i), "a need is an item with quantity or a team with count"
            )


def _plan(place: tuple[Step, ...], plan: Plan) -> Iterator[Problem]:
    yield from identifier((*place, "id"), plan.id)
    yield from label_texts((*place, "label"), plan.label)
    if not plan.categories:
        yield Problem((*place, "categories"), "a plan needs at least one category")
    if not plan.step:
        yield Problem((*place, "step"), "a plan needs at least one step")
    for i, step in enumerate(plan.step):
        here = (*place, "step", i)
        yield from label_texts(here, step.role)
        yield from label_texts(here, step.text)
        if step.within_min is not None and not 0 < step.within_min <= 10_080:
            yield Problem(here, "within_min must be above zero, at most a week")
    if plan.step and all(step.severity > Severity.MINOR for step in plan.step):
        yield Problem((*place, "step"), "a plan needs a step that applies to every severity")
    yield from _needs(place, plan.need)


def _scene(place: tuple[Step, ...], scene: Scene) -> Iterator[Problem]:
    yield from identifier((*place, "id"), scene.id)
    yield from label_texts((*place, "label"), scene.label)
    for name in ("layers", "kpis", "cameras"):
        yield from unique((*place, name), getattr(scene, name))
    if len(scene.kpis) > MOST_SCENE_KPIS:
        yield Problem((*place, "kpis"), f"a scene shows at most {MOST_SCENE_KPIS} numbers")
    if len(scene.cameras) > MOST_SCENE_CAMERAS:
        yield Problem((*place, "cameras"), f"a scene shows at most {MOST_SCENE_CAMERAS} cameras")
    for i, camera in enumerate(scene.cameras):
        try:
            check_id(camera)
        except KnownError as error:
            yield Problem((*place, "cameras", i), error.text)


def _table(place: tuple[Step, ...], table: CodeTable) -> Iterator[Problem]:
    yield from identifier((*place, "id"), table.id)
    yield from label_texts((*place, "label"), table.label)
    majors = [code.code for code in table.major]
    yield from unique((*place, "major"), majors)
    yield from unique((*place, "minor"), (code.code for code in table.minor))
    for i, code in enumerate(table.major):
        yield from label_texts((*place, "major", i), code.label)
        if not _MAJOR.fullmatch(code.code):
            yield Problem((*place, "major", i), f"{code.code!r} is not P or E and two digits")
    for i, code in enumerate(table.minor):
        yield from label_texts((*place, "minor", i), code.label)
        parts = _MINOR.fullmatch(code.code)
        if parts is None or parts[1] not in majors:
            yield Problem(
                (*place, "minor", i), f"{code.code!r} is not a major of this table and two digits"
            )


def check_references(pack: Pack, catalogue: Catalogue) -> list[Problem]:
    """What one pack refers to that no pack declares."""
    problems: list[Problem] = []
    for i, rule in enumerate(pack.rule):
        problems += _measured(("rule", i), (rule.kind,), rule.measure, catalogue)
        if rule.category and rule.category not in catalogue.categories:
            problems.append(
                Problem(("rule", i, "category"), f"no category has code {rule.category!r}")
            )
    for i, category in enumerate(pack.category):
        problems += _needed(("category", i), category.need, catalogue)
    for i, plan in enumerate(pack.plan):
        problems += _needed(("plan", i), plan.need, catalogue)
        for j, code in enumerate(plan.categories):
            if code not in catalogue.categories:
                problems.append(
                    Problem(("plan", i, "categories", j), f"no category has code {code!r}")
                )
            elif catalogue.plan_of(code) is not plan:
                problems.append(
                    Problem(("plan", i, "categories", j), f"{code!r} has another plan already")
                )
    for i, kpi in enumerate(pack.kpi):
        problems += _measured(("kpi", i), kpi.kinds, kpi.measure, catalogue, plural=True)
        if kpi.state and not any(
            kpi.state == s.id
            for k in kpi.kinds
            if k in catalogue.kinds
            for s in catalogue.kinds[k].state
        ):
            owners = " or ".join(kpi.kinds) or "a kind that is named"
            problems.append(
                Problem(("kpi", i, "state"), f"{kpi.state!r} is not a state of {owners}")
            )
    for i, scene in enumerate(pack.scene):
        problems += _shown(("scene", i), scene, catalogue)
    problems += closing_references(pack, catalogue)
    return [*problems, *_coded(pack, catalogue)]


def _needed(
    place: tuple[Step, ...], needs: Sequence[Need | PlanNeed], catalogue: Catalogue
) -> Iterator[Problem]:
    """Items and team specialities that somebody declares."""
    skills = _specialities(catalogue)
    for i, need in enumerate(needs):
        here = (*place, "need", i)
        if need.item and need.item not in catalogue.items:
            yield Problem((*here, "item"), f"no item has id {need.item!r}")
        if need.team and skills is not None and need.team not in skills:
            yield Problem((*here, "team"), f"no dispatchable kind has speciality {need.team!r}")


def _shown(place: tuple[Step, ...], scene: Scene, catalogue: Catalogue) -> Iterator[Problem]:
    numbers = {k.id for k in catalogue.kpis}
    for i, kind in enumerate(scene.layers):
        if kind not in catalogue.kinds:
            yield Problem((*place, "layers", i), f"no kind has id {kind!r}")
    for i, kpi in enumerate(scene.kpis):
        if kpi not in numbers:
            yield Problem((*place, "kpis", i), f"no number has id {kpi!r}")


def _coded(pack: Pack, catalogue: Catalogue) -> Iterator[Problem]:
    """Category codes and part classes are in the code table that the pack follows."""
    if not pack.code_table:
        return
    table = catalogue.tables.get(pack.code_table)
    if table is None:
        yield Problem(("code_table",), f"no code table has id {pack.code_table!r}")
        return
    majors = {code.code for code in table.major}
    for i, category in enumerate(pack.category):
        major = category.code.partition("-")[0]
        if major not in majors:
            yield Problem(
                ("category", i, "code"), f"table {table.id!r} has no major class {major!r}"
            )
    for i, kind in enumerate(pack.kind):
        for j, code in enumerate(kind.part_codes):
            if f"P{code[:2]}" not in majors:
                yield Problem(
                    ("kind", i, "part_codes", j),
                    f"table {table.id!r} has no major class {'P' + code[:2]!r}",
                )


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
