"""``onemap doctor``: everything that a hub or a desk needs, looked at and explained. No Qt here."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from app.cli_options import Ca, Data, Packs, checked_port
from app.options import DEFAULT_DATA

PROBLEM_STATUS = 1
Fold = Annotated[
    bool,
    typer.Option("--fold", help="Fold the whole log and compare it with every snapshot."),
]
_MARKS = {"ok": "OK     ", "warning": "warning", "problem": "PROBLEM"}


def doctor(
    data: Data = DEFAULT_DATA,
    hub_url: Annotated[
        str, typer.Option("--hub", help="Look at this hub too; else at that of the data directory.")
    ] = "",
    ca: Ca = None,
    tls_dir: Annotated[
        Path | None, typer.Option("--tls-dir", help="Certificate and key that a hub will use.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            callback=checked_port,
            help="Port that a hub will use; else the usual one.",
        ),
    ] = None,
    packs: Packs = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Only samples of the event store, not every event.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs: one list.")] = False,
    fold: Fold = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make curves, cases and alarms anew from the log.")
    ] = False,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Go on with a log whose end is lost.")
    ] = False,
) -> None:
    """Look at programs, disk, clock, configuration, event store, audit, port, hub, certificates,
    display, fonts and graphics; say what is wrong and what to do. Status 1 where something is.

    It changes nothing and may be asked while the hub works, but for --rebuild and --accept-loss,
    which look at the event store alone and need a stopped hub, as --fold looks at it alone.
    """
    if fold or rebuild or accept_loss:
        _store(data, fold=fold, rebuild=rebuild, accept_loss=accept_loss)
        return
    from app.doctor.all import CHECKS
    from app.doctor.findings import Patient, examine

    patient = Patient(
        data=data,
        clock=time.time,
        hub=hub_url,
        ca=ca,
        packs=tuple(packs or ()),
        tls_dir=tls_dir,
        port=port,
        quick=quick,
    )
    found = []
    for finding in examine(CHECKS, patient):
        found.append(finding)
        if not as_json:
            print(f"{_MARKS[finding.level]}  {finding.area:<12} {finding.text}", flush=True)
            if finding.todo:
                print(f"{'':<22} → {finding.todo}", flush=True)
    if as_json:
        import msgspec

        sys.stdout.write(msgspec.json.format(msgspec.json.encode(found)).decode() + "\n")
    if any(f.level == "problem" for f in found):
        raise SystemExit(PROBLEM_STATUS)


def _store(data: Path, *, fold: bool, rebuild: bool, accept_loss: bool) -> None:
    from app.stores import doctor as look

    found = look(data, fold=fold, rebuild=rebuild, accept_loss=accept_loss)
    print(f"{data}: whole")
    print(f"schema {found.schema}, epoch {found.epoch}, {found.snapshots} snapshots")
    print(f"{found.events:,} events up to {found.offset:,}, replay from {found.first_offset:,} on")
    print(f"state {found.digest}")
