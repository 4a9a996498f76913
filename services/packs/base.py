"""What every record of a pack is built on."""

from __future__ import annotations

import msgspec


class PackRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base: an unknown field in a pack is an error, so a typing mistake is found."""


class Label(PackRecord, frozen=True, kw_only=True):
    """A text in both languages."""

    zh: str
    en: str

    def text(self, lang: str) -> str:
        """The text in ``lang`` (``zh…`` or anything else for English)."""
        return self.zh if lang.startswith("zh") else self.en
