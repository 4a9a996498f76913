"""``onemap audit``: checks and carries away the audit without a hub. No Qt, no network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli_options import Data
from app.options import DEFAULT_DATA
from services.domain.clock import iso
from services.domain.errors import KnownError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from services.audit.chain import Head
    from services.audit.verify import Anchor, Verdict

STORE = "onemap.sqlite"
BROKEN_STATUS = 1
audit = typer.Typer(no_args_is_help=True, help="Check and carry away the record of who did what.")
PublicKeys = Annotated[
    list[Path] | None,
    typer.Option("--public-key", help="Key kept elsewhere; else those beside the store. Repeat."),
]


@audit.command("verify")
def verify_(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Exports in their order, or an event store; else that of --data."),
    ] = None,
    data: Data = DEFAULT_DATA,
    public_key: PublicKeys = None,
    head: Annotated[str, typer.Option("--head", help="A hash written down earlier.")] = "",
    count: Annotated[
        int | None, typer.Option("--count", min=0, help="How many records there were then.")
    ] = None,
) -> None:
    """Check that no record was changed, removed, inserted or reordered; needs no hub.

    Ends with status 1 and names the first record that cannot be trusted. Example: onemap audit
    verify --head 5f0c… --count 1042
    """
    from services.audit.export import ExportFile, verify_export
    from services.audit.verify import Anchor

    if bool(head) != (count is not None):
        raise KnownError("bad_option", "give --head and --count together", field="head")
    anchors = [Anchor(count or 0, _hash(head))] if head else []
    paths = files or [data / STORE]
    directory = (paths[0].parent if _is_store(paths[0]) else data) / "audit"
    keys = _keys(public_key, directory)
    before: Verdict | None = None
    for path in paths:
        if _is_store(path):
            verdict = _of_store(path, keys, anchors)
        else:
            export = ExportFile(path)
            verdict = verify_export(export, keys, anchors)
            if before is not None:
                verdict = _following(before, export.start, verdict)
        _tell(path, verdict)
        if verdict.problem is not None:
            raise SystemExit(BROKEN_STATUS)
        before = verdict
    if not public_key:
        print(
            f"The public keys came from {directory}. A key kept elsewhere (--public-key) also"
            " rules out that the chain was made anew together with its keys."
        )


@audit.command("head")
def head_(data: Data = DEFAULT_DATA) -> None:
    """Print how many records there are and the newest hash, to write down elsewhere.

    What was written down proves later that nothing before it is missing: onemap audit verify
    --head HASH --count N
    """
    from services.storage.audit import AuditReader

    reader = AuditReader(data / STORE)
    try:
        head, newest = reader.head(), reader.newest_checkpoint()
    finally:
        reader.close()
    print(f"chain {head.chain}")
    print(f"count {head.count}")
    print(f"head  {head.hash.hex()}")
    if newest is None:
        print("no checkpoint has been signed yet")
    else:
        told = f"checkpoint {newest.number} of {iso(newest.time)}"
        print(f"signed up to record {newest.count} ({told}, key {newest.key})")


@audit.command("export")
def export_(
    out: Annotated[Path, typer.Argument(help="Directory for the file.")],
    data: Data = DEFAULT_DATA,
    after: Annotated[
        int, typer.Option("--after", min=0, help="Only records behind this number.")
    ] = 0,
) -> None:
    """Write the signed records to a file that proves itself, while the hub does not run.

    A running hub writes such a file every day to the directory audit of its data directory; the
    audit window exports tables. The export is itself on record.
    """
    from app.audit_export import export_offline

    path, first, last = export_offline(data, out, after)
    print(f"{path}: records {first} to {last}")


def _hash(text: str) -> bytes:
    try:
        found = bytes.fromhex(text.strip())
    except ValueError:
        found = b""
    if len(found) != 32:
        raise KnownError("bad_option", "a hash has 64 hexadecimal digits", field="head")
    return found


def _is_store(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(16) == b"SQLite format 3\0"
    except OSError as error:
        raise KnownError("no_file", f"{path} cannot be read: {error.strerror}") from error


def _keys(given: list[Path] | None, directory: Path) -> Mapping[str, Ed25519PublicKey]:
    from services.audit.signing import public_keys
    from services.hub.audit_watch import keys_in

    keys = public_keys(given) if given else keys_in(directory)
    if not keys:
        raise KnownError(
            "no_public_key",
            f"there is no public key in {directory}; give one with --public-key",
        )
    return keys


def _of_store(path: Path, keys: Mapping[str, Ed25519PublicKey], anchors: list[Anchor]) -> Verdict:
    from services.audit.verify import Anchor
    from services.hub.audit_watch import kept_head
    from services.storage.audit import AuditReader
    from services.storage.audit_check import check_store

    kept = kept_head(path.parent / "audit")
    reader = AuditReader(path)
    try:
        beside = [] if kept is None else [Anchor(kept.count, kept.hash)]
        return check_store(reader, keys, [*beside, *anchors])
    finally:
        reader.close()


def _following(before: Verdict, start: Head, verdict: Verdict) -> Verdict:
    """A file must begin where the one before it ended."""
    import msgspec

    from services.audit.page import Problem

    if (start.chain, start.count, start.hash) == (before.chain, before.count, before.hash):
        return verdict
    text = f"this file does not follow the one before it, which ended with record {before.count}"
    problem = Problem(before.count + 1, "missing", text)
    return msgspec.structs.replace(verdict, problem=verdict.problem or problem)


def _tell(path: Path, verdict: Verdict) -> None:
    print(f"{path}: chain {verdict.chain}")
    if verdict.problem is not None:
        print(f"  records {verdict.first} to {verdict.count} are as they were written")
        print(f"  BROKEN at record {verdict.problem.seq}: {verdict.problem.text}")
        return
    print(f"  records {verdict.first} to {verdict.count} are as they were written")
    if verdict.checkpoints:
        signed = f"{verdict.checkpoints} checkpoints, the newest of {iso(verdict.signed_time)}"
        print(f"  {signed}, sign them up to record {verdict.signed_count}")
    if verdict.signed_count < verdict.count:
        print(
            f"  records {verdict.signed_count + 1} to {verdict.count} are not signed yet:"
            " a running hub does so within 10 minutes, a stopping one at once"
        )
    print(f"  head {verdict.hash.hex()}")
