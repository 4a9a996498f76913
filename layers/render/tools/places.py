"""Tools that hand each clicked place over: stops of a route, the middle of a reach, a closure."""

from __future__ import annotations

from collections.abc import Callable

from layers.render.tools.base import PlainTool, Pointer, Sketch


class PlaceTool(PlainTool):
    """``taken(pointer)`` with every click; ``words()`` say what the next click does."""

    snaps = True

    def __init__(
        self, name: str, words: Callable[[], str], taken: Callable[[Pointer], None]
    ) -> None:
        self.id = name
        self._words = words
        self._taken = taken
        self._here: Pointer | None = None

    def hint(self) -> str:
        """What the next click does."""
        return self._words()

    def move(self, at: Pointer) -> None:
        """The place follows the pointer, so that it is seen where Ctrl snaps to."""
        self._here = at

    def click(self, at: Pointer) -> None:
        """Hand the place over."""
        self._taken(at)

    def sketch(self) -> Sketch:
        """A dot where the pointer is."""
        return Sketch() if self._here is None else Sketch(dots=(self._here.place,))

    def cancel(self) -> bool:
        """Nothing is in progress."""
        self._here = None
        return False
