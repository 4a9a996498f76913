"""What every order is decided upon, and the look-ups that orders share. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from services.access.scope import Permission
from services.access.sight import Sight
from services.cases import logic as cases
from services.cases.calendar import Calendar
from services.dispatch.travel import Travel, no_roads
from services.domain.errors import KnownError
from services.domain.events import Body
from services.domain.model import Case, Dispatch, Scalar
from services.domain.world import World
from services.packs.model import Catalogue, Category


@dataclass(frozen=True, slots=True)
class Actor:
    """Who orders: account, name to show, seat, roles, address of the machine.

    ``permission`` and ``sight`` hold an order to the things that its sender may work on; without
    them the roles alone decide.
    """

    user: str
    name: str
    seat: str = ""
    roles: tuple[str, ...] = ()
    address: str = ""
    permission: Permission | None = field(default=None, compare=False, repr=False)
    sight: Sight | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """What an order does: event bodies to commit together, and the answer to its sender."""

    bodies: tuple[Body, ...]
    value: dict[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scene:
    """What every order is decided upon. ``now``: UNIX seconds; ``new_id("case")`` and
    ``new_id("dispatch")`` give unused ids (``services.domain.ids``). ``travel``: ways by road."""

    world: World
    catalogue: Catalogue
    calendar: Calendar
    actor: Actor
    expect_version: int | None
    now: float
    new_id: Callable[[str], str]
    travel: Travel = no_roads

    @property
    def who(self) -> cases.Who:
        """The actor as the flow record names it."""
        return cases.Who(name=self.actor.name, seat=self.actor.seat, roles=self.actor.roles)


def case_of(scene: Scene, id_: str) -> Case:
    """The case, or KnownError ``unknown_case``."""
    case = scene.world.cases.get(id_)
    if case is None:
        raise KnownError("unknown_case", f"There is no case {id_}.", field="case")
    return case


def category_of(scene: Scene, code: str) -> Category:
    """The category, or KnownError ``unknown_category``."""
    category = scene.catalogue.categories.get(code)
    if category is None:
        raise KnownError(
            "unknown_category", f"There is no case category “{code}”.", field="category"
        )
    return category


def dispatches_of(world: World, case: Case) -> list[Dispatch]:
    """The dispatches of a case, oldest first."""
    return [world.dispatches[i] for i in case.dispatch_ids if i in world.dispatches]


def check_version(scene: Scene, version: int, by: str, what: str = "") -> None:
    """KnownError ``version_conflict`` when the officer has seen an older state of the thing;
    ``by`` and ``what``: who has changed it last, and how."""
    if scene.expect_version is None or scene.expect_version == version:
        return
    did = f" ({what.replace('_', ' ')})" if what else ""
    raise KnownError(
        "version_conflict",
        f"It has changed meanwhile (version {version}, you saw {scene.expect_version})"
        + (f"; last by {by}{did}." if by else "."),
        params={"version": version, "expected": scene.expect_version, "by": by, "what": what},
    )


def case_seen(scene: Scene, id_: str) -> Case:
    """The case that an order is about; KnownError where the officer has seen an older one."""
    case = case_of(scene, id_)
    last = case.flow[-1] if case.flow else None
    check_version(
        scene,
        case.version,
        last.actor if last is not None else "",
        last.action if last is not None else "",
    )
    return case
