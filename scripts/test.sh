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

# What is slow to make and the same for all parts: the language model.
TESTS_SHARED=$(mktemp -d)
export TESTS_SHARED
trap 'rm -rf "$TESTS_SHARED"' EXIT

on_postgresql() {
    marks=$1
    shift
    CONSILIUM_TEST_DATABASE=postgresql .venv/bin/pytest -q -n "$workers" --dist loadgroup -m "$marks" "$@"
}

# Those whose pages are asked for without a browser on both databases, too.
looks() {
    for name in alike doctors editors every_page panel search sheet watch; do echo "--ignore=tests/browser/test_$name.py"; done
}

CONSILIUM_CHROMIUM=$(scripts/chromium.sh) || exit 1
export CONSILIUM_CHROMIUM
step "lint" scripts/lint.sh
step "tests on SQLite" .venv/bin/pytest -q -n "$workers" --dist loadgroup -m "not browser"
step "tests in Chromium" .venv/bin/pytest -q -n "$workers" --dist loadgroup -m browser
if scripts/postgresql.sh; then
    step "tests on PostgreSQL" on_postgresql "not browser"
    # How a page looks does not depend on the database, nor do its scripts; the long journeys over many pages do.
    step "tests in Chromium, on PostgreSQL" on_postgresql browser -k "not [with or [without" $(looks)
else
    left_out="; the tests on PostgreSQL were LEFT OUT, because its server programs are missing (see above)"
fi
if [ -n "$failed" ]; then
    echo "Failed:${failed%,}$left_out." >&2
    exit 1
fi
echo "All is well$left_out."
