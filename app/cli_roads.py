"""``onemap roads``: the road network of a data directory, for routes and dispatch.

Like ``app/cli.py`` it imports its parts when called.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from app.cli_options import Data, one_of
from app.options import DEFAULT_DATA

DATUMS = ("wgs84", "gcj02", "bd09")
roads = typer.Typer(no_args_is_help=True, help="Roads for routes, drive times and dispatch.")
File = Annotated[Path, typer.Argument(help="GeoJSON, Shapefile (also zipped), GeoPackage or KML.")]
ClassField = Annotated[str, typer.Option("--class-field", help="Column of the class of road.")]
NameField = Annotated[str, typer.Option("--name-field", help="Column of the name.")]
OnewayField = Annotated[str, typer.Option("--oneway-field", help="Column of the direction.")]
SpeedField = Annotated[str, typer.Option("--speed-field", help="Column of the speed, km/h.")]
BridgeField = Annotated[str, typer.Option("--bridge-field", help="Column that says bridge.")]
TunnelField = Annotated[str, typer.Option("--tunnel-field", help="Column that says tunnel.")]
LevelField = Annotated[str, typer.Option("--level-field", help="Column of the layer: -1, 0, 1.")]
Layer = Annotated[str, typer.Option("--layer", help="Layer of a file with several.")]
Crs = Annotated[str, typer.Option("--crs", help="EPSG code; else as the file says.")]
Encoding = Annotated[str, typer.Option("--encoding", help="Of the table's texts.")]
Datum = Annotated[
    str,
    typer.Option("--datum", metavar="|".join(DATUMS), callback=one_of(*DATUMS)),
]
Check = Annotated[bool, typer.Option("--check", help="Say what would be; keep nothing.")]
Join = Annotated[
    float,
    typer.Option("--join-m", min=0.0, max=500.0, help="Ends this near to a road meet it, metres."),
]


@roads.command("import")
def import_(
    file: File,
    class_field: ClassField = "",
    name_field: NameField = "",
    oneway_field: OnewayField = "",
    speed_field: SpeedField = "",
    bridge_field: BridgeField = "",
    tunnel_field: TunnelField = "",
    level_field: LevelField = "",
    layer: Layer = "",
    crs: Crs = "",
    encoding: Encoding = "",
    datum: Datum = "wgs84",
    join_m: Join = 1.0,
    check: Annotated[
        bool, typer.Option("--check", help="Say what would be; keep nothing.")
    ] = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Make a road network of lines and use it from now on; the one before is kept.

    Crossing roads meet unless one is a bridge, a tunnel or on another level. Example:
    onemap roads import roads.shp --class-field fclass --oneway-field oneway --name-field name
    """
    from app.roads_import import RoadImport, keep, read
    from services.roads.importing import RoadFields

    options = RoadImport(
        path=file,
        fields=RoadFields(
            klass=class_field,
            name=name_field,
            one_way=oneway_field,
            speed=speed_field,
            bridge=bridge_field,
            tunnel=tunnel_field,
            level=level_field,
        ),
        layer=layer,
        encoding=encoding,
        crs=crs,
        datum=datum,
        join_m=join_m,
    )
    imported = read(options, data)
    for told in imported.lines():
        print(told)
    if not check:
        print(f"in use: version {keep(imported, options, data)}")


@roads.command("info")
def info(data: Data = DEFAULT_DATA) -> None:
    """Say which network is in use, what it is made of, and which others are here."""
    from app.roads_import import network_lines
    from services.domain.clock import iso
    from services.roads.store import BUNDLED, RoadStore

    store = RoadStore(data)
    network, found = store.load()
    made = f", made {iso(found.made_at)}" if found.version != BUNDLED else ""
    print(f"in use: {found.version} ({found.name}{made})")
    for told in network_lines(network):
        print(told)
    others = [version for version in store.versions() if version != found.version]
    print(f"others: {', '.join(others) or 'none'}")


@roads.command("use")
def use(
    version: Annotated[str, typer.Argument(help="A version of onemap roads info, or bundled.")],
    data: Data = DEFAULT_DATA,
) -> None:
    """Use another version that is here, or the bundled main roads."""
    from services.roads.store import RoadStore

    store = RoadStore(data)
    store.use(version, time.time())
    print(f"in use: {store.version}")
