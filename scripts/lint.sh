#!/bin/sh
# lint.sh: everything that is checked without running the product. Goes on after a failure, fails at the end.
set -u
cd "$(dirname "$0")/.."
bin=.venv/bin
CONSILIUM_DATA=$(mktemp -d)
export CONSILIUM_DATA
said=$(mktemp)
types=$(mktemp)
trap 'rm -rf "$CONSILIUM_DATA" "$said" "$types"' EXIT
failed=""

# Only a failure has something to say.
step() {
    name=$1
    shift
    if "$@" >"$said" 2>&1; then
        echo "── $name: ok"
    else
        echo "── $name: FAILED"
        cat "$said"
        failed="$failed $name,"
    fi
}

# Only files that git knows or would add.
templates() {
    git ls-files -z --cached --others --exclude-standard -- 'src/**/*.html' | xargs -0 --no-run-if-empty "$@"
}

# It takes as long as all others together, and runs beside them.
$bin/mypy --no-error-summary >"$types" 2>&1 &
mypy=$!
mypy_said() {
    wait "$mypy" && return
    cat "$types"
    return 1
}

step "ruff format" $bin/ruff format --check --quiet .
step "ruff check" $bin/ruff check --quiet .
step "import-linter" $bin/lint-imports --no-cache
step "djade" templates $bin/djade --check --target-version 5.2
step "djlint" templates $bin/djlint --lint --quiet
step "migrations" env DJANGO_SETTINGS_MODULE=consilium.settings $bin/django-admin makemigrations --check --dry-run --verbosity 0
step "mypy" mypy_said
if [ -n "$failed" ]; then
    echo "Failed:${failed%,}. \`make format\` repairs the form; the rest is for you." >&2
    exit 1
fi
