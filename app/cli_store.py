"""``onemap backup`` and ``restore``: the store, kept and brought back.

Like ``app/cli.py`` they import their parts when called.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli_options import Ca, Data, Packs
from app.options import DEFAULT_DATA

Fold = Annotated[
    bool,
    typer.Option("--fold", help="Also fold the whole log and compare it with every snapshot."),
]


def register(app: typer.Typer) -> None:
    """Add these commands to the ``onemap`` command."""
    app.command()(backup)
    app.command()(verify_backup)
    app.command()(restore)


def backup(
    target: Annotated[Path, typer.Argument(help="A new directory, or a new file named ….tar.")],
    data: Data = DEFAULT_DATA,
    packs: Packs = None,
    ca: Ca = None,
) -> None:
    """Back everything up, while the hub works or without one, and verify what was written.

    Of a directory that only desks used, what they keep there.

    It holds the event store, accounts and tokens, cameras' addresses, settings and packs: keep it
    as safe as the hub. A running hub knows its packs; without one name them with --packs.
    """
    from app.stores import backup as make
    from app.stores import lines

    manifest = make(data, target, tuple(packs or ()), ca)
    print(f"{target}: written and verified")
    for line in lines(manifest):
        print(line)


def verify_backup(
    source: Annotated[Path, typer.Argument(help="A backup: directory or .tar file.")],
    fold: Fold = False,
) -> None:
    """Check a backup as thoroughly as a restore would, and say what it is of."""
    from app.stores import lines, verify

    manifest = verify(source, fold=fold)
    print(f"{source}: whole")
    for line in lines(manifest):
        print(line)


def restore(
    source: Annotated[Path, typer.Argument(help="A backup: directory or .tar file.")],
    data: Data = DEFAULT_DATA,
    force: Annotated[
        bool, typer.Option("--force", help="Move what the data directory holds aside first.")
    ] = False,
) -> None:
    """Bring a backup into a data directory; no hub may run on it.

    Verified before and after. The log gets a new epoch, so that every console takes a snapshot, and
    no login of that time holds: everybody logs in again.
    """
    from app.stores import lines
    from app.stores import restore as bring_back

    manifest = bring_back(source, data, force=force)
    what = "start the hub" if manifest.has_store else "start the desk"
    print(f"{data}: restored and verified; {what}")
    for line in lines(manifest):
        print(line)
    if manifest.packs:
        print(f"the packs are in {data / 'packs-of-backup'}; name each with --packs")
