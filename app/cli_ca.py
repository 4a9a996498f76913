"""``onemap ca``: a certificate authority of one's own for hubs on other machines. No network."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from services.domain.clock import iso

ca = typer.Typer(no_args_is_help=True, help="Certificates for hubs that others reach.")
Directory = Annotated[Path, typer.Argument(help="Directory of the authority.")]


@ca.command("init")
def init(
    directory: Directory,
    name: Annotated[
        str, typer.Option("--name", help="What people see as the issuer.")
    ] = "OneMap CA",
) -> None:
    """Make an authority: a certificate to give to every desk, and a key to keep to oneself.

    Example: onemap ca init ca
    """
    from services.tls import authority

    path = authority.init(directory, name, time.time())
    print(f"{path}: for every desk (onemap console --ca {path.name})")
    print(f"{directory / authority.CA_KEY}: the key. Keep it off the hubs; who has it is the hub")


@ca.command("issue")
def issue(
    directory: Directory,
    name: Annotated[str, typer.Argument(help="Host name or address of the hub's machine.")],
    dns: Annotated[
        list[str] | None, typer.Option("--dns", help="Another name of it; repeat.")
    ] = None,
    ip: Annotated[list[str] | None, typer.Option("--ip", help="An address of it; repeat.")] = None,
    days: Annotated[int, typer.Option("--days", help="How long it is valid.")] = 397,
    out: Annotated[
        Path | None, typer.Option("--out", help="Directory for its files; else DIRECTORY/NAME.")
    ] = None,
) -> None:
    """Issue a certificate for a hub, or renew it: a running hub takes the new files by itself.

    Example: onemap ca issue ca hub1 --ip 10.0.0.7, then on the hub onemap hub --host 10.0.0.7
    --tls-dir ca/hub1
    """
    from services.tls import authority

    made = authority.issue(
        directory, name, dns=dns or (), ips=ip or (), days=days, out=out, now=time.time()
    )
    print(f"{made.certificate} and {made.key}, valid until {iso(made.until.timestamp())}")
    print(f"for {', '.join(made.names)}")
    print(f"start the hub with --tls-dir {made.certificate.parent}")
