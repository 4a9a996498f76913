"""A shapefile, GeoPackage or KML as a row source. Rows come from the reading process in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import shapely

from services.domain.errors import KnownError
from services.ingest.gis import reader
from services.ingest.gis.frames import Batch, CrsInfo, Described, LayerInfo
from services.ingest.gis.placing import WGS84, Placing, info
from services.ingest.gis.suggest import suggest
from services.ingest.import_report import Positions
from services.ingest.rows import Format, Row


def _never() -> bool:
    return False


class GisSource:
    """One layer of a file. ``crs`` and ``encoding`` override what the file says."""

    def __init__(
        self,
        path: Path,
        layer: str = "",
        encoding: str = "",
        crs: str = "",
        datum: str = "wgs84",
        *,
        stop: Callable[[], bool] = _never,
        described: Described | None = None,
    ) -> None:
        """KnownError of ``reader.describe``, ``which_layer``, and ``no_crs`` with what the numbers
        look like. ``described``: what was learnt of the file before."""
        self._path, self._crs, self._datum, self._stop = path, crs, datum, stop
        self._encoding = encoding
        self.told = described or reader.describe(path, encoding, stop=stop)
        self.layer = _chosen(self.told, layer)
        self.crs_from = "given" if crs else "file"
        given = Placing(crs or WGS84, datum)
        self.crs: CrsInfo | None = given.info if crs else self.layer.crs
        if self.crs is None and not self.has_shapes:  # a table: numbers in its cells are degrees
            self.crs, self.crs_from, self._crs = info(WGS84), "assumed", WGS84
        if self.crs is None:
            raise _no_crs(path, self.layer)
        detail = {"layer": self.layer.name, "features": f"{self.layer.count:,}"}
        if self.layer.count < 0:
            del detail["features"]
        self.positions = Positions(self.crs, datum, self.crs_from)
        self._format = Format(self.told.driver, self.layer.columns, self.told.encoding, detail)

    @property
    def has_shapes(self) -> bool:
        """Whether rows come with shapes."""
        return self.layer.bounds is not None

    @property
    def format(self) -> Format:
        """Columns, encoding by name, layer and number of features."""
        return self._format

    def rows(self) -> Iterator[Row]:
        """All rows, readable or not; a last one says where reading had to end."""
        last = 0
        try:
            for batch in reader.read(
                self._path,
                self.layer.name if len(self.told.layers) > 1 else "",
                self._encoding,
                self._crs,
                self._datum,
                stop=self._stop,
            ):
                yield from self._rows(batch)
                last = batch.first + len(batch.shapes) - 1
        except KnownError as error:
            if error.code == "stopped" or not last:
                raise
            text = f"nothing after row {last:,} can be read: {error.text}"
            yield Row(last + 1, {}, problem=KnownError(error.code, text))

    def _rows(self, batch: Batch) -> Iterator[Row]:
        columns = self.layer.columns
        for place, wkb in enumerate(batch.shapes):
            raw = tuple(column[place] for column in batch.cells)
            problem = batch.problems.get(place)
            yield Row(
                batch.first + place,
                dict(zip(columns, raw, strict=True)),
                raw,
                None if wkb is None else shapely.from_wkb(wkb),
                None if problem is None else KnownError(*problem),
            )


def _chosen(told: Described, layer: str) -> LayerInfo:
    names = [each.name for each in told.layers]
    if layer and layer in names:
        return told.layers[names.index(layer)]
    if not layer and len(names) == 1:
        return told.layers[0]
    shown = ", ".join(names[:30])
    why = f"there is no layer “{layer[:60]}”; there are" if layer else "choose one of the layers"
    raise KnownError("which_layer", f"{why} {shown}", field="layer", params={"layers": shown})


def _no_crs(path: Path, layer: LayerInfo) -> KnownError:
    looks = suggest(layer.bounds)
    words = f"; its numbers look like {looks[0].words()}" if looks else ""
    return KnownError(
        "no_crs",
        f"{path.name} does not say in which reference system of the Earth its coordinates are"
        f"{words}; name it with --crs",
        field="crs",
        params={"epsg": looks[0].epsg} if looks else {},
    )
