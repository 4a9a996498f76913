"""What a hub starts with, and what of it has changed since it last ran, as audit records."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from services.audit.record import Entry, entry
from services.domain.errors import KnownError, in_words
from services.hub.options import HubOptions
from services.packs.model import Catalogue
from services.storage.reader import LogReader

MEDIA = "digest_media"
POLICY = "digest_policy"
PACKS = "digest_packs"


def file_digest(path: Path) -> str:
    """SHA-256 of a file's content, "" where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise KnownError("bad_file", f"{path} cannot be read: {in_words(error)}") from error


def starting(
    options: HubOptions, catalogue: Catalogue, reader: LogReader
) -> tuple[list[Entry], dict[str, str]]:
    """The start and every configuration that is not what it was when the hub last knew it.

    Also the digests to keep once that is on record.
    """
    encoder = msgspec.json.Encoder(order="deterministic")
    packs = {p.id: hashlib.sha256(encoder.encode(p)).hexdigest() for p in catalogue.packs}
    digests = {
        PACKS: hashlib.sha256(encoder.encode(packs)).hexdigest(),
        MEDIA: file_digest(options.data / "media.toml"),
        POLICY: file_digest(options.data / "hub.toml"),
    }
    changed = {key: (reader.meta(key) or "", new) for key, new in digests.items()}
    entries: list[Entry] = [
        entry(
            "hub.started",
            detail={
                "version": _version(),
                "host": options.host,
                "port": options.port,
                "further_packs": len(options.packs),
            },
        )
    ]
    for key, (before, now) in changed.items():
        if before != now:
            detail = {"before": before, "now": now}
            if key == PACKS:
                detail |= {f"pack {name}": digest[:16] for name, digest in packs.items()}
            entries.append(entry(f"config.{key.removeprefix('digest_')}", detail=detail))
    return entries, digests


def _version() -> str:
    try:
        return version("onemap-console")
    except PackageNotFoundError:
        return "unknown"
