"""``python -m services.hub``: a hub without the console's command line, for tests and servers."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from services.hub.main import serve
from services.hub.options import DEFAULT_PORT, HubOptions, tls_files


def main() -> int:
    """Read the few options and serve."""
    parser = argparse.ArgumentParser(prog="python -m services.hub", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--packs", type=Path, action="append", default=[])
    parser.add_argument("--tls-cert", type=Path)
    parser.add_argument("--tls-key", type=Path)
    parser.add_argument("--child", action="store_true", help="end when stdin closes")
    given = parser.parse_args()
    return serve(
        HubOptions(
            data=given.data,
            host=given.host,
            port=given.port,
            packs=tuple(given.packs),
            child=given.child,
            tls=tls_files(None, given.tls_cert, given.tls_key),
        )
    )


if __name__ == "__main__":
    sys.exit(main())
