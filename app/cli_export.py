"""``onemap export``: rows of a layer to a file without a window, on record at the hub. No Qt."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli_options import Ca, Data, HubUrl, one_of
from app.options import DEFAULT_DATA
from services.domain.errors import KnownError

if TYPE_CHECKING:
    from services.feed.http import HubHttp, TokenSource
    from services.packs.model import Catalogue

FORMATS = ("csv", "xlsx", "geojson", "gpkg")
DATUMS = ("wgs84", "gcj02", "EPSG:4490", "EPSG:4326")
PASSWORD, CODE = "ONEMAP_PASSWORD", "ONEMAP_OTP"
SEAT = "export"
Repeated = list[str] | None


def export_(
    out: Annotated[Path, typer.Option("--out", help="File to write: .csv .xlsx .geojson .gpkg")],
    kind: Annotated[list[str], typer.Option("--kind", help="A kind of a pack, or case; repeat.")],
    why: Annotated[str, typer.Option("--why", help="Reason; kept on record and in the file.")],
    where: Annotated[
        str, typer.Option("--where", help="Only these: \"level > 0.5 and name like '%路%'\".")
    ] = "",
    columns: Annotated[
        str, typer.Option("--columns", help="Fields with commas between; else all there are.")
    ] = "",
    datum: Annotated[
        str,
        typer.Option(
            "--datum",
            metavar="|".join(DATUMS),
            callback=one_of("", *DATUMS),
            help="Of positions; a GeoPackage takes the EPSG codes, all others the first two.",
        ),
    ] = "",
    user: Annotated[
        str, typer.Option("--user", help="Account of the data directory whose token is used.")
    ] = "duty1",
    token_file: Annotated[
        Path | None, typer.Option("--token-file", help="File with a token, instead.")
    ] = None,
    login: Annotated[
        str,
        typer.Option(
            "--login", help=f"Log in as this account; password and code from {PASSWORD}, {CODE}."
        ),
    ] = "",
    packs: Annotated[
        Repeated, typer.Option("--packs", help="Directory with further packs; repeat.")
    ] = None,
    data: Data = DEFAULT_DATA,
    hub_url: HubUrl = "",
    ca: Ca = None,
) -> None:
    """Write rows of a layer to a file, as the hub shows them to your account.

    The hub puts it on record before the file is written: who, what, how many rows, and why. Values
    that your account may not see stay masked. Example: onemap export --kind level_sensor --where
    "level > 0.3" --out levels.gpkg --why "flood report"
    """
    from app.exporting import manner_of
    from layers.model.expression import parse
    from services.packs.loader import default_directory, load

    format_ = _format(out)
    manner = manner_of(format_, datum or ("EPSG:4490" if format_ == "gpkg" else "wgs84"))
    catalogue = load(default_directory(), *map(Path, packs or ()))
    unknown = [name for name in kind if name not in catalogue.kinds]
    if unknown:
        raise KnownError("unknown_kind", f"there is no kind “{unknown[0]}” in any pack")
    if not why.strip():
        raise KnownError("missing_field", "an export needs a reason: --why TEXT", field="why")
    if where.strip():
        parse(where)  # before anything is asked of a hub
    names = [name.strip() for name in columns.split(",") if name.strip()]
    with ExitStack() as stack:
        hub = _connect(stack, data, hub_url, ca, user, token_file, login)
        count = _export(hub, catalogue, kind, where, names, why.strip(), out, manner)
    print(f"{out}: {count:,} rows, on record at the hub")


class _Hub:
    """The hub that the command means, and how to be let in."""

    def __init__(self, url: str, token: str | TokenSource, http: HubHttp, ca: Path | None) -> None:
        self.url, self.token, self.http, self.ca = url, token, http, ca


def _connect(
    stack: ExitStack,
    data: Path,
    url: str,
    ca: Path | None,
    user: str,
    token_file: Path | None,
    login: str,
) -> _Hub:
    from app.hubs import find_ca, find_hub, find_token
    from services.feed.http import HubHttp, fixed
    from services.feed.login import log_in
    from services.tls.contexts import trust

    found, authority = find_hub(data, url), find_ca(data, url, ca)
    if login:
        password = os.environ.get(PASSWORD) or typer.prompt(f"Password of {login}", hide_input=True)
        code = os.environ.get(CODE, "")
        standing = log_in(found, login, password, code, SEAT, trust=trust(found, authority))
        stack.callback(standing.close)
        stack.callback(standing.logout)
        token: TokenSource = standing.token
    else:
        token = fixed(find_token(data, user, token_file))
    http = HubHttp(found, token, trust(found, authority))
    stack.callback(http.close)
    return _Hub(found, token, http, authority)


def _export(
    hub: _Hub,
    catalogue: Catalogue,
    kinds: Sequence[str],
    where: str,
    names: Sequence[str],
    why: str,
    out: Path,
    manner: object,
) -> int:
    """The rows that were written."""
    from app.export_city import chosen, look, plain_columns, store_of, take
    from app.export_job import sheet_of
    from app.exporting import ExportOrder, export
    from layers.model.expression import parse
    from layers.model.fields import BUILT_IN
    from services.exports.sheet import Progress
    from services.exports.write import Manner
    from services.feed.exports import ExportsClient
    from services.tls.contexts import trust

    assert isinstance(manner, Manner)
    wanted = frozenset(kinds)
    city = look(hub.url, hub.token, SEAT, trust(hub.url, hub.ca))
    now = time.time()
    store = store_of(city, catalogue, now)
    found = store.attributes.names()
    columns = plain_columns([catalogue.kinds[k] for k in kinds], found)
    known = {c.name for c in columns}.union(BUILT_IN, found)
    taken = take(store, catalogue, wanted, parse(where, known) if where.strip() else None, now)
    shown = chosen(columns, names)
    if not names:  # what nothing has is no column
        used = set(taken.table.facts.names()).union(BUILT_IN)
        shown = [c for c in shown if c.name in used]
    order = ExportOrder(
        layer=", ".join(catalogue.kinds[k].label.en for k in kinds),
        kinds=tuple(sorted(wanted)),
        columns=tuple(c.name for c in shown),
        filter=where.strip(),
        why=why,
        seat=SEAT,
        hub=hub.url,
        rows=taken.table.count,
    )
    title = order.layer
    export(
        ExportsClient(hub.http),
        order,
        lambda: sheet_of(taken, title, shown, raw=True),
        out,
        manner,
        Progress(),
    )
    return taken.table.count


def _format(out: Path) -> str:
    name = out.suffix.lower().removeprefix(".")
    if name not in FORMATS:
        raise KnownError(
            "bad_option",
            f"{out.name}: write a name that ends in .csv, .xlsx, .geojson or .gpkg",
            field="out",
        )
    return name
