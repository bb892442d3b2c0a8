#!/bin/sh
# environment.sh LOCK: make .venv (unless it is there) and install exactly what the lock names, checked by hash.
set -eu
cd "$(dirname "$0")/.."
lock=$1
python=${PYTHON:-python3}

fail() {
    echo "$1" >&2
    exit 1
}

new_enough() {
    command -v "$1" >/dev/null && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

choose_python() {
    for candidate in "$python" python3.13 python3.12 python3.11; do
        if new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer is needed. Install it, or name it: make PYTHON=/path/to/python3."
}

# Debian ships the venv module without pip, which it keeps in a package of its own.
need_ensurepip() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return
    version=$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        fail "This Python cannot make virtual environments. Install Debian's package $version (or python3-venv), then try again."
    fi
    echo "Installing Debian's package $version …"
    scripts/debian.sh "$version"
}

if ! [ -x .venv/bin/python ] || ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    python=$(choose_python)
    need_ensurepip "$python"
    echo "Making .venv with $("$python" --version) …"
    "$python" -m venv --clear .venv
fi
# What only tests need is compiled when it is first used.
case $lock in
*-dev.lock) compile=--no-compile ;;
*) compile=--compile ;;
esac
echo "Installing what $lock names …"
# One pip keeps one core busy: one takes every other package of the lock, another the rest.
# Who stops this by Ctrl-C stops both: one at the back does not hear it, and would go on beside the next try.
half=$(mktemp -d)
other=""
trap 'if [ -n "$other" ]; then kill "$other" 2>/dev/null || true; fi; rm -rf "$half"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
awk -v half="$half/" '/^[^ #]/ { number++ } { print > (half number % 2) }' "$lock"
set -- .venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check --no-input --no-deps $compile --require-hashes
"$@" -r "$half/0" &
other=$!
status=0
"$@" -r "$half/1" || status=1
wait "$other" || status=1
other=""
[ "$status" = 0 ] || fail "The packages could not be installed; what pip says of it stands above."
.venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check --no-input --no-deps --no-build-isolation --no-index -e .
