"""Tasks that nobody accepts: marked silent, and somebody else proposed to the officer."""

from __future__ import annotations

from collections.abc import Iterable

from services.dispatch import reoffer
from services.domain.events import Body, DispatchChanged
from services.domain.world import World
from services.hub.roads import TravelOf, nowhere
from services.packs.model import Catalogue


class SilentTasks:
    """The first silence of each task of a dispatch."""

    name = "silent_tasks"

    def __init__(self, catalogue: Catalogue, travel_of: TravelOf = nowhere) -> None:
        self._catalogue = catalogue
        self._travel_of = travel_of

    def standing(self, world: World) -> Iterable[str]:
        """Every dispatch in memory."""
        return list(world.dispatches)

    def subject(self, body: Body) -> str | None:
        """The dispatch that changed."""
        return body.dispatch.id if isinstance(body, DispatchChanged) else None

    def due(self, world: World, id_: str) -> float | None:
        """When its next task counts as silent."""
        dispatch = world.dispatches.get(id_)
        return None if dispatch is None else reoffer.next_silence(dispatch)

    def fire(self, world: World, id_: str, now: float) -> Iterable[Body]:
        """The tasks that are silent by now, marked, each with a proposal where there is anybody."""
        dispatch = world.dispatches[id_]
        case = world.cases.get(dispatch.case_id)
        travel = self._travel_of(world, now)
        for task in dispatch.tasks:
            at = reoffer.silent_from(task)
            if at is None or at > now:
                continue
            pick = None
            if case is not None:
                pick = reoffer.next_pick(world, self._catalogue, case, dispatch, task, now, travel)
            dispatch = reoffer.mark_silent(dispatch, task.id, pick, now)
            yield DispatchChanged(dispatch=dispatch, change="silent", task_id=task.id)
