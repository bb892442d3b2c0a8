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

# What is slow to make and the same for all parts. What goes wrong is said by the test that needs it.
TESTS_SHARED=$(mktemp -d)
export TESTS_SHARED
trap 'rm -rf "$TESTS_SHARED"' EXIT
.venv/bin/python -m tests.shared >/dev/null 2>&1 &

# tests DATABASE [OPTION ...]: on a database.
tests() {
    database=$1
    shift
    CONSILIUM_TEST_DATABASE=$database .venv/bin/pytest -q -n "$workers" --dist loadgroup "$@"
}

lint_said() {
    wait "$lint"
    status=$?
    cat "$TESTS_SHARED/lint"
    return $status
}

CONSILIUM_CHROMIUM=$(scripts/chromium.sh) || exit 1
export CONSILIUM_CHROMIUM
# Beside the first tests: most of it is one program on one core.
scripts/lint.sh >"$TESTS_SHARED/lint" 2>&1 &
lint=$!
step "tests on SQLite" tests sqlite -m "not browser"
step "lint" lint_said
if scripts/postgresql.sh; then
    # Of a test of pages with many cases the first: the rooms below have shown all of theirs on both.
    step "tests on PostgreSQL" tests postgresql -m "not browser" --first-case
    # Each in one of two browsers, one for each database: see tests/browser/conftest.py.
    step "tests in Chromium, on both" tests both tests/browser
else
    step "tests in Chromium" tests sqlite tests/browser
    left_out="; the tests on PostgreSQL were LEFT OUT, because its server programs are missing (see above)"
fi
if [ -n "$failed" ]; then
    echo "Failed:${failed%,}$left_out." >&2
    exit 1
fi
echo "All is well$left_out."
