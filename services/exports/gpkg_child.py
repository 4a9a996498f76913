"""``python -m services.exports.gpkg_child``: writes parts of a GeoPackage for its parent.

The library keeps the interpreter to itself while it writes, which would hold up a console's windows
for seconds; so it writes in a process of its own. Pieces of rows and calls that write them come on
stdin, answers go on stdout, as eight bytes of length and a pickle; nobody but the parent speaks to
it, and it ends when stdin does.
"""

from __future__ import annotations

import os
import pickle
import sys
from typing import IO, Any

MODULE = "services.exports.gpkg_child"
Piece = tuple[Any, list[Any]]
"""Shapes as WKB (None: a table without) and values by column, of some rows."""
Answer = tuple[str, int | None, str]
"""Kind of the error ("" for none, system, library), its number and words."""


def main() -> int:
    """Write part after part; what cannot be written is told, and the parent decides."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand between answers
    import pyogrio.errors
    import pyogrio.raw

    pieces: list[Piece] = []
    while (call := received(sys.stdin.buffer)) is not None:
        if isinstance(call, tuple):
            pieces.append(call)
            continue
        answer: Answer = ("", None, "")
        try:
            pyogrio.raw.write(**call, **joined(pieces))
            pieces.clear()
        except OSError as error:
            answer = ("system", error.errno, str(error))
        except (pyogrio.errors.DataSourceError, RuntimeError, ValueError) as error:
            cause = error.__cause__ or error.__context__
            number = cause.errno if isinstance(cause, OSError) else None
            answer = ("library", number, str(error))
        send(answers, answer)
    return 0


def joined(pieces: list[Piece]) -> dict[str, Any]:
    """The rows of some pieces as arguments of the writer."""
    import numpy as np

    shapes = [shapes for shapes, _columns in pieces]
    columns = [np.concatenate(parts) for parts in zip(*(c for _s, c in pieces), strict=True)]
    none = any(each is None for each in shapes)
    return {"geometry": None if none else np.concatenate(shapes), "field_data": columns}


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
