#!/bin/sh
# Check that the Debian packages named in the given lists are there; as root install what is
# missing, as anyone else print the one line to run and stop with status 1.
set -eu

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "This is not Debian: make sure that what stands in these lists is installed: $*" >&2
    exit 0
fi

missing=""
for package in $(cat "$@" | sed 's/#.*//'); do
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
    echo "Debian packages are missing. Run this as root, then try again:" >&2
    echo "    apt-get update && apt-get install -y --no-install-recommends$missing" >&2
    exit 1
fi

echo "Installing Debian packages:$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get -o DPkg::Lock::Timeout=300 update -q
# shellcheck disable=SC2086  # one word per package is what is wanted
apt-get -o DPkg::Lock::Timeout=300 install -q -y --no-install-recommends $missing
