"""Text from outside is plain text: bounded, without controls that could deceive a reader."""

from __future__ import annotations

import re

from services.domain.errors import KnownError

# C0/C1 controls save tab and line feed; zero-width and direction controls; byte-order mark; marks
# of annotations; invisible letters of the tag block.
_BAD = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    r"\ufff9-\uffff\U000e0000-\U000e007f]"
)


def plain(value: str, field: str, limit: int = 200) -> str:
    """The text without outer space; KnownError ``too_long`` or ``bad_character`` with the place."""
    if len(value) > limit:
        raise KnownError(
            "too_long", f"The text has {len(value)} characters; {limit} are allowed.", field=field
        )
    bad = _BAD.search(value)
    if bad is not None:
        raise KnownError(
            "bad_character",
            f"The text holds the control character U+{ord(bad.group()):04X}.",
            field=field,
        )
    return value.strip()
