"""The download of a region in the dialog of base maps: counted first, then fetched and followed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from app.base_map_area import district, size_words
from app.base_map_words import server_words
from app.console_parts import Parts
from app.messages import person_text
from services.basemaps.download import PART, Progress
from services.basemaps.model import Source, terms_forbid
from services.basemaps.plan import Plan, check_room, plan
from services.basemaps.region import Region
from services.domain.errors import KnownError
from widgets.base_map_region import RegionProgress, RegionWish
from widgets.base_maps import BaseMapsDialog
from widgets.format import number
from widgets.road_words import minutes as lasting

Box = tuple[float, float, float, float]


class BaseMapRegionController(QObject):
    """Belongs to a dialog; the download itself goes on without one. ``view``: west, south, east,
    north of what the map shows."""

    def __init__(
        self, parts: Parts, dialog: BaseMapsDialog, view: Callable[[], Box], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._bases = parts.bases
        self._downloads = parts.bases.downloads
        self._dialog = dialog
        self._page = dialog.region
        self._view = view
        self._source: Source | None = None
        self._asked = 0
        page = self._page
        page.counted.connect(self._count)
        page.started.connect(self._start)
        page.paused.connect(self._downloads.pause)
        page.cancelled.connect(self._downloads.cancel)
        page.resumed.connect(self._resume)
        self._downloads.changed.connect(self._show)
        self._downloads.added.connect(self._added)

    def begin(self, source: Source) -> None:
        """Offer to download regions of a source."""
        self._source = source
        title = self.tr("Download “{0}”").format(source.title(self._parts.lang))
        first = max(source.min_level, 1)
        stem = self._downloads.free_name(f"{source.id}-{first}")
        self._page.begin(title, first, source.max_level, stem, self._terms(source))
        self._dialog.show_region()
        self._show()

    def _terms(self, source: Source) -> str:
        if source.bulk == "allowed" and not terms_forbid(source):
            return ""
        if terms_forbid(source):
            return self.tr(
                "The public terms of this provider forbid the download of whole regions. Ask it,"
                " or use a mirror of your own."
            )
        return self.tr(
            "Many providers forbid the download of whole regions, or want to be asked before."
        )

    # -- counting -----------------------------------------------------------------------
    def _count(self, wish: RegionWish) -> None:
        source = self._source
        if source is None:
            return
        self._asked += 1
        box = self._view()

        def work() -> Plan:
            planned = plan(source, _region(wish, box), self._bases.mean_size(source))
            check_room(self._downloads.folder, planned.bytes)
            return planned

        self._parts.operations.run(
            work,
            partial(self._counted, self._asked, wish.rate),
            partial(self._not_counted, self._asked),
            owner=self,
        )

    def _counted(self, asked: int, rate: int, planned: Plan) -> None:
        if asked != self._asked:
            return  # somebody has changed the wish since
        words = self.tr("{0} tiles, about {1}, {2} at this rate").format(
            number(planned.total), size_words(planned.bytes), lasting(planned.seconds / rate)
        )
        each = [f"{level}: {number(count)}" for level, count in planned.by_level.items()]
        by_level = self.tr("by level {0}").format(" · ".join(each))
        self._page.set_count(f"{words}\n{by_level}", can_start=True)

    def _not_counted(self, asked: int, error: Exception) -> None:
        if asked == self._asked:
            self._page.set_count(self._why(error), can_start=False)

    # -- fetching -----------------------------------------------------------------------
    def _start(self, wish: RegionWish) -> None:
        source = self._source
        if source is None:
            return
        try:
            region = _region(wish, self._view())
            name = "".join(c if c.isalnum() or c in "._-" else "-" for c in wish.name).strip(".")
            self._downloads.start(source, region, name or source.id, float(wish.rate))
        except KnownError as error:
            self._page.set_error(self._why(error))

    def _resume(self, name: str) -> None:
        try:
            self._downloads.resume(self._downloads.folder / f"{name}.mbtiles{PART}")
        except KnownError as error:
            self._page.set_error(self._why(error))

    def _show(self) -> None:
        going = self._downloads.running
        if going is None:
            self._page.set_progress(None)
            error = self._downloads.error
            self._page.set_error("" if error is None else self._why(error))
        else:
            name = going.path.stem
            self._page.set_progress(
                _progress_of(self._words(name), self._downloads.progress, going.is_paused)
            )
        names = [path.name.removesuffix(f".mbtiles{PART}") for path in self._downloads.left()]
        self._page.set_left(names)

    def _words(self, name: str) -> str:
        progress = self._downloads.progress
        if progress is None:
            return self.tr("{0}: looking for what is there already").format(name)
        words = self.tr("{0}: {1} of {2} tiles, {3} of about {4}, {5} left")
        return words.format(
            name,
            number(progress.done),
            number(progress.total),
            size_words(progress.bytes),
            size_words(progress.about),
            lasting(progress.seconds),
        )

    def _added(self, _id: str) -> None:
        self._dialog.show_list()

    def _why(self, error: Exception) -> str:
        if isinstance(error, KnownError):
            return server_words(error) or person_text(error)
        return self.tr("This failed inside the program; the log file says why.")


def _region(wish: RegionWish, box: tuple[float, float, float, float]) -> Region:
    if wish.district:
        return district(wish.first, wish.last)
    return Region.box(*box, wish.first, wish.last)


def _progress_of(words: str, progress: Progress | None, paused: bool) -> RegionProgress:
    if progress is None:
        return RegionProgress(words, 0, "", paused)
    trouble = server_words(KnownError("tile_server", "", params={"trouble": progress.trouble}))
    return RegionProgress(words, 1_000 * progress.done // max(1, progress.total), trouble, paused)
