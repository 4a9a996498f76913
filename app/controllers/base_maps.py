"""The dialog of base maps: what there is, adding, checking, toning.

Files and servers are asked by operations.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.base_map_area import middle, size_words
from app.base_map_words import server_words, trouble_words
from app.console_parts import Parts
from app.controllers.base_map_region import BaseMapRegionController, Box
from app.messages import person_text
from app.settings import Tone
from services.basemaps.capabilities import Offer
from services.basemaps.http import TileHttp
from services.basemaps.making import Found, check, of_file, offered
from services.basemaps.model import Source, check_source, normal_address
from services.basemaps.presets import preset, presets
from services.domain.clock import Clock
from services.domain.errors import KnownError
from widgets.base_map_form import FILE, WMTS, BaseMapFields
from widgets.base_map_list import BaseMapRow
from widgets.base_maps import BaseMapsDialog

T = TypeVar("T")


class BaseMapsController(QObject):
    """One dialog over a window; ``name``: of the map window whose choice it begins with; ``view``:
    west, south, east, north of what its map shows."""

    def __init__(
        self, parts: Parts, name: str, clock: Clock, view: Callable[[], Box], over: QWidget
    ) -> None:
        self.dialog = BaseMapsDialog(parts.theme, over)
        super().__init__(self.dialog)
        self._parts = parts
        self._bases = parts.bases
        self._name = name
        self._clock = clock
        self._found: dict[str, tuple[str, bool]] = {}
        self._editing: Source | None = None
        self._offer: Offer | None = None
        self.region = BaseMapRegionController(parts, self.dialog, view, self)
        dialog = self.dialog
        dialog.list.set_windows([(w, self._window_words(w)) for w in self._bases.windows()], name)
        tone = self._bases.tone
        dialog.list.set_tone(tone.opacity, tone.grey, tone.light)
        dialog.list.asked.connect(self._asked)
        dialog.list.window_chosen.connect(self._window_chosen)
        dialog.list.toned.connect(self._toned)
        dialog.list.cache_asked.connect(self._resize_cache)
        dialog.list.cache_emptied.connect(self._empty_cache)
        dialog.form.saved.connect(self._save)
        dialog.form.kind_chosen.connect(self._kind_chosen)
        dialog.form.offer_asked.connect(self._ask_offer)
        self._bases.changed.connect(self._show)
        self._show()
        self._show_cache()
        dialog.show()

    # -- the list -----------------------------------------------------------------------
    def _show(self) -> None:
        trouble = self._bases.catalogue.trouble or self._bases.cache_trouble()
        self.dialog.list.set_trouble("" if trouble is None else person_text(trouble))
        rows = [self._row(source) for source in self._bases.catalogue.sources()]
        self.dialog.list.set_rows(rows, self._bases.chosen(self._name))

    def _row(self, source: Source) -> BaseMapRow:
        told = trouble_words(self._bases.status(source.id), self._clock())
        wrong = bool(told)
        if not told and source.id in self._found:
            told, wrong = self._found[source.id]
        return BaseMapRow(
            source.id,
            source.title(self._parts.lang),
            self._detail(source),
            told,
            wrong,
            own=source.type != "schematic",
            remote=source.is_remote,
        )

    def _detail(self, source: Source) -> str:
        if source.type == "schematic":
            return self.tr("comes with the program, needs no line")
        datum = "GCJ-02" if source.datum == "gcj02" else "WGS-84 / CGCS2000"
        levels = self.tr("levels {0} to {1}").format(source.min_level, source.max_level)
        names = {"xyz": "XYZ", "wmts": "WMTS", "mbtiles": "MBTiles", "pmtiles": "PMTiles"}
        return " · ".join((names.get(source.type, source.type), datum, levels))

    def _window_words(self, name: str) -> str:
        kind, _, number = name.partition("-")
        words = {
            "desk": self.tr("Duty desk"),
            "wall": self.tr("Wall"),
            "replay": self.tr("Replay"),
            "map": self.tr("Map"),
        }
        known = words.get(kind, kind)
        return f"{known} {number}" if number else known

    def _window_chosen(self, name: str) -> None:
        self._name = name
        self._show()

    def _toned(self, opacity: float, grey: float, light: float) -> None:
        self._bases.set_tone(Tone(opacity, grey, light))

    def _asked(self, what: str, id_: str) -> None:
        if what == "add":
            self._add()
            return
        source = self._bases.catalogue.get(id_)
        if what == "choose":
            self._bases.choose(self._name, id_)
        elif what == "check":
            self._check(source)
        elif what == "download":
            self.region.begin(source)
        elif what == "change":
            self._change(source)
        elif what == "remove":
            words = self.tr("Remove “{0}”? Its files stay.").format(source.title(self._parts.lang))
            self.dialog.confirm.ask(words, self.tr("Remove"), lambda _note: self._remove(id_))

    def _remove(self, id_: str) -> None:
        catalogue = self._bases.catalogue
        self._run(partial(catalogue.remove, id_), lambda _none: self._bases.source_changed(id_))

    def _check(self, source: Source) -> None:
        self._found[source.id] = (self.tr("Checking…"), False)
        self._show()
        self._bases.try_now(source.id)

        def work() -> Found:
            http = TileHttp()
            try:
                return check(source, *middle(), http)
            finally:
                http.close()

        self._parts.operations.run(
            work,
            lambda found: self._checked(source.id, self._found_words(found), not found.kind),
            lambda error: self._checked(source.id, self._why(error), True),
            owner=self,
        )

    def _checked(self, id_: str, words: str, wrong: bool) -> None:
        self._found[id_] = (words, wrong)
        self._show()

    def _found_words(self, found: Found) -> str:
        if not found.kind:
            none = self.tr("It answers, but has no tile of level {0} in the district.")
            return none.format(found.level)
        good = self.tr("Good: level {0}, {1}, {2} pixels, {3} in {4} s")
        return good.format(
            found.level, found.kind.upper(), found.pixels, size_words(found.bytes),
            f"{found.seconds:.2f}",
        )  # fmt: skip

    # -- the cache ---------------------------------------------------------------------
    def _show_cache(self, _nothing: object = None) -> None:
        """How large it may grow, and is."""

        def work() -> tuple[int, int]:
            return self._bases.catalogue.cache_mb, self._bases.cache().on_disk

        def show(sizes: tuple[int, int]) -> None:
            limit, used = sizes
            self.dialog.list.cache.set_cache(limit, size_words(used))
            self._show()

        self._run(work, show)

    def _resize_cache(self, megabytes: int) -> None:
        self._run(lambda: self._bases.resize_cache(megabytes), self._show_cache)

    def _empty_cache(self) -> None:
        self._run(lambda: self._bases.cache().clear(), self._show_cache)

    # -- the form ----------------------------------------------------------------------
    def _add(self) -> None:
        self._editing = self._offer = None
        lang = self._parts.lang
        kinds = [(source.id, source.title(lang)) for source in presets()]
        kinds.append((WMTS, self.tr("WMTS, by what it offers")))
        kinds.append((FILE, self.tr("File: MBTiles or PMTiles")))
        self.dialog.form.begin(kinds, self._preset_fields(kinds[0][0]))
        self.dialog.show_form()

    def _kind_chosen(self, kind: str) -> None:
        self._offer = None
        self.dialog.form.set_fields(self._preset_fields(kind))

    def _preset_fields(self, kind: str) -> BaseMapFields:
        source = preset(kind)
        return BaseMapFields(kind) if source is None else self._fields(kind, source)

    def _fields(self, kind: str, source: Source) -> BaseMapFields:
        return BaseMapFields(
            kind=kind,
            title=source.title(self._parts.lang),
            address=source.address,
            overlay=source.overlay,
            key=source.key,
            subdomains=",".join(source.subdomains),
            datum=source.datum,
            first=source.min_level,
            last=source.max_level,
            attribution=source.attribution,
        )

    def _change(self, source: Source) -> None:
        self._editing, self._offer = source, None
        self.dialog.form.begin((), self._fields("", source))
        self.dialog.show_form()

    def _ask_offer(self, address: str) -> None:
        def work() -> Offer:
            http = TileHttp()
            try:
                return offered(address, http)
            finally:
                http.close()

        self._run(work, self._show_offer)

    def _show_offer(self, offer: Offer) -> None:
        self._offer = offer
        titles = [f"{choice.title} ({choice.layer})" for choice in offer.choices]
        self.dialog.form.set_offer(titles, offer.refused)

    def _save(self, fields: BaseMapFields) -> None:
        self._run(partial(self._stored, fields), self._saved)

    def _stored(self, fields: BaseMapFields) -> str:
        """On a worker: make it, keep it; returns its id."""
        source = self._made(fields)
        self._bases.catalogue.put(source)
        return source.id

    def _made(self, fields: BaseMapFields) -> Source:
        """The source that the form describes. KnownError."""
        catalogue = self._bases.catalogue
        if fields.kind == FILE:
            path = Path(fields.address).expanduser()
            source = of_file(path, catalogue.free_id(path.stem), fields.title)
            return check_source(msgspec.structs.replace(source, datum=fields.datum))
        if fields.kind == WMTS:
            if self._offer is None or not 0 <= fields.layer < len(self._offer.choices):
                raise KnownError("choose_layer", "Read the layers of the service and choose one.")
            chosen = self._offer.choices[fields.layer]
            begun = msgspec.structs.replace(chosen.source, id=catalogue.free_id(chosen.layer))
            title = fields.title or chosen.title
            changes = {"title_zh": title, "title_en": title, "key": fields.key or chosen.source.key}
            if fields.attribution:
                changes["attribution"] = fields.attribution
            return check_source(msgspec.structs.replace(begun, datum=fields.datum, **changes))
        return check_source(self._filled(fields))

    def _filled(self, fields: BaseMapFields) -> Source:
        """The source before, or the preset, with what stands in the form."""
        before = self._editing or preset(fields.kind)
        if before is None:
            raise KnownError("unknown_basemap", "There is no such kind of base map.")
        id_ = before.id if self._editing else self._bases.catalogue.free_id(before.id)
        same = fields.title == before.title(self._parts.lang)
        grid = (fields.first, fields.last) == (before.min_level, before.max_level)
        return msgspec.structs.replace(
            before,
            id=id_,
            title_zh=before.title_zh if same else fields.title,
            title_en=before.title_en if same else fields.title,
            address=fields.address if before.is_file else normal_address(fields.address),
            overlay=normal_address(fields.overlay),
            key=fields.key,
            subdomains=tuple(s.strip() for s in fields.subdomains.split(",") if s.strip()),
            datum=fields.datum,
            min_level=fields.first,
            max_level=fields.last,
            matrices=before.matrices if grid else (),
            attribution=fields.attribution,
        )

    def _saved(self, id_: str) -> None:
        self._found.pop(id_, None)
        self._bases.source_changed(id_)
        self._bases.choose(self._name, id_)
        self.dialog.show_list()

    # -- inside ------------------------------------------------------------------------
    def _run(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        self._parts.operations.run(work, done, self._failed, owner=self)

    def _failed(self, error: Exception) -> None:
        words = self._why(error)
        if self.dialog.pages.currentWidget() is self.dialog.form:
            self.dialog.form.set_error(words)
        else:
            self.dialog.list.set_trouble(words)

    def _why(self, error: Exception) -> str:
        if isinstance(error, KnownError):
            return server_words(error) or person_text(error)
        return self.tr("This failed inside the program; the log file says why.")
