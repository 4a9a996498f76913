#!/bin/sh
# Make .venv and install the pinned packages and the product into it; at once when nothing changed.
set -eu

python=${PYTHON:-python3}
stamp=.venv/.installed
wanted=$(cat requirements.lock pyproject.toml | sha256sum)

if [ "$(cat "$stamp" 2>/dev/null || true)" = "$wanted" ] && [ -x .venv/bin/python ]; then
    exit 0
fi

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Python 3.11 or newer is needed; '$python' is not. Say PYTHON=… to choose another." >&2
    exit 1
fi
echo "Installing the pinned Python packages into .venv (about 1 minute)"
# One that was interrupted while it was made, or whose interpreter is gone, is made anew.
.venv/bin/python -m pip --version >/dev/null 2>&1 || "$python" -m venv --clear .venv
.venv/bin/python -m pip install -q --disable-pip-version-check --no-deps -r requirements.lock
PYTHONWARNINGS=ignore .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
echo "$wanted" >"$stamp"
