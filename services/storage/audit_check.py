"""Checks the audit of a store, from its beginning or from a checkpoint on. Any thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.audit.chain import Head, Line
from services.audit.signing import Checkpoint
from services.audit.verify import Anchor, Verdict, Verifier, verify
from services.domain.errors import KnownError
from services.storage.audit import AuditReader


def check_store(
    reader: AuditReader,
    keys: Mapping[str, Ed25519PublicKey],
    anchors: Sequence[Anchor] = (),
    since: Checkpoint | None = None,
    pause: Callable[[], None] | None = None,
) -> Verdict:
    """The verdict on the whole chain, or on what lies behind the checkpoint ``since``.

    The records before ``since`` are not looked at, but it itself must be signed and the next
    record must follow it. A store that cannot be read is a problem, not an error. ``pause`` is
    called after every chunk, to let others work.
    """
    start = Head("", 0, b"")
    try:
        start = reader.head_at(0)
        if since is not None:
            start = Head(start.chain, since.count, since.hash)
        checkpoints = reader.checkpoints(since.number if since is not None else 1)
    except KnownError as error:
        verifier = Verifier(start, (), keys, whole=True)
        return verify(verifier, _failing(error))
    anchors = [a for a in anchors if a.count >= start.count]
    verifier = Verifier(start, checkpoints, keys, anchors, whole=since is None)
    return verify(verifier, reader.lines(start.count, pause=pause))


def check_new(reader: AuditReader, keys: Mapping[str, Ed25519PublicKey], known: Head) -> Verdict:
    """The verdict on what came behind a head that was found good before."""
    try:
        checkpoints = reader.checkpoints_behind(known.count)
    except KnownError as error:
        return verify(Verifier(known, (), keys, whole=False), _failing(error))
    return verify(Verifier(known, checkpoints, keys, whole=False), reader.lines(known.count))


def _failing(error: KnownError) -> Iterator[Line]:
    yield from ()
    raise error
