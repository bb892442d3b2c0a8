#!/bin/sh
# postgresql.sh: see to it that PostgreSQL's server programs are here; fail with a sentence when they cannot be.
# The tests start a private server from them; none is left running and no system service is needed.
set -eu
cd "$(dirname "$0")/.."

there() {
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null
}

if there; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Debian's package postgresql …"
    # Without this, Debian would make and start a server of its own, which nobody asked for.
    if ! [ -e /etc/postgresql-common/createcluster.conf ]; then
        mkdir -p /etc/postgresql-common
        echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
    fi
    if scripts/debian.sh postgresql && there; then exit 0; fi
fi
echo "PostgreSQL's server programs are not installed. Install Debian's package postgresql to run this half too." >&2
exit 1
