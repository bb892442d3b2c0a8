#!/bin/sh
# test.sh: everything CI runs. The first failure of a part does not hide the next part; the status tells at the end.
set -u
cd "$(dirname "$0")/.."
workers=2
failed=""
left_out=""

step() {
    name=$1
    shift
    began=$(date +%s)
    echo "═══ $name"
    if "$@"; then word=ok; else
        word=FAILED
        failed="$failed $name,"
    fi
    echo "═══ $name: $word, $(($(date +%s) - began)) s"
}

# What is slow to make and the same for all parts; made beside the lint, which leaves a core idle. What goes wrong is said by the
# test that needs it.
TESTS_SHARED=$(mktemp -d)
export TESTS_SHARED
trap 'rm -rf "$TESTS_SHARED"' EXIT
.venv/bin/python -m tests.shared >/dev/null 2>&1 &

# tests MARK [DATABASE]: those with a mark, by default on SQLite.
tests() {
    CONSILIUM_TEST_DATABASE=${2:-sqlite} .venv/bin/pytest -q -n "$workers" --dist loadgroup -m "$1"
}

CONSILIUM_CHROMIUM=$(scripts/chromium.sh) || exit 1
export CONSILIUM_CHROMIUM
step "lint" scripts/lint.sh
step "tests on SQLite" tests "not browser"
if scripts/postgresql.sh; then
    step "tests on PostgreSQL" tests "not browser" postgresql
    # Each in one of two browsers, one for each database: see tests/browser/conftest.py.
    step "tests in Chromium, on both" tests browser both
else
    step "tests in Chromium" tests browser
    left_out="; the tests on PostgreSQL were LEFT OUT, because its server programs are missing (see above)"
fi
if [ -n "$failed" ]; then
    echo "Failed:${failed%,}$left_out." >&2
    exit 1
fi
echo "All is well$left_out."
