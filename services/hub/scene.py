"""What every order is decided upon, and the look-ups that orders share. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from services.access.scope import Permission
from services.access.sight import Sight
from services.cases import logic as cases
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
    """What every order is decided upon."""

    world: World
    catalogue: Catalogue
    actor: Actor
    expect_version: int | None
    now: float
    new_id: Callable[[str], str]

    @property
    def who(self) -> cases.Who:
        """The actor as the flow record names it."""
        return cases.Who(name=self.actor.name, seat=self.actor.seat)


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


def check_version(scene: Scene, version: int, by: str) -> None:
    """KnownError ``version_conflict`` when the officer has seen an older state of the thing."""
    if scene.expect_version is not None and scene.expect_version != version:
        raise KnownError(
            "version_conflict",
            f"It has changed meanwhile (version {version}, you saw {scene.expect_version})"
            + (f"; last by {by}." if by else "."),
            params={"version": version, "expected": scene.expect_version, "by": by},
        )
