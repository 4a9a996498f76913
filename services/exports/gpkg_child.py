"""``python -m services.exports.gpkg_child``: writes parts of a GeoPackage for its parent.

The library keeps the interpreter to itself while it writes, which would hold up a console's windows
for seconds; so it writes in a process of its own. Calls on stdin and answers on stdout are eight
bytes of length and a pickle; nobody but the parent speaks to it, and it ends when stdin does.
"""

from __future__ import annotations

import os
import pickle
import sys
from typing import IO, Any

MODULE = "services.exports.gpkg_child"
Answer = tuple[str, int | None, str]
"""Kind of the error ("" for none, system, library), its number and words."""


def main() -> int:
    """Write part after part; what cannot be written is told, and the parent decides."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand between answers
    import pyogrio.errors
    import pyogrio.raw

    while (call := received(sys.stdin.buffer)) is not None:
        answer: Answer = ("", None, "")
        try:
            pyogrio.raw.write(**call)
        except OSError as error:
            answer = ("system", error.errno, str(error))
        except (pyogrio.errors.DataSourceError, RuntimeError, ValueError) as error:
            cause = error.__cause__ or error.__context__
            number = cause.errno if isinstance(cause, OSError) else None
            answer = ("library", number, str(error))
        send(answers, answer)
    return 0


def send(pipe: IO[bytes], what: object) -> None:
    """Write one message."""
    data = pickle.dumps(what, pickle.HIGHEST_PROTOCOL)
    pipe.write(len(data).to_bytes(8, "big"))
    pipe.write(data)
    pipe.flush()


def received(pipe: IO[bytes]) -> Any:
    """The next message; None at the end."""
    head = pipe.read(8)
    if len(head) < 8:
        return None
    size = int.from_bytes(head, "big")
    data = pipe.read(size)
    return pickle.loads(data) if len(data) == size else None  # from the parent alone


if __name__ == "__main__":
    raise SystemExit(main())
