#!/bin/sh
# debian.sh PACKAGE…: install Debian packages without questions (as root). The package lists are refreshed when needed.
set -eu
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
quiet() {
    "$@" >"$log" 2>&1
}
quiet apt-get install --yes --no-install-recommends "$@" && exit 0
if quiet apt-get update && quiet apt-get install --yes --no-install-recommends "$@"; then exit 0; fi
tail -n 5 "$log" >&2
echo "Debian's packages $* could not be installed. Install them by hand, then try again." >&2
exit 1
