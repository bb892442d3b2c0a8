#!/bin/sh
# format.sh: bring code and templates into the one form.
set -eu
cd "$(dirname "$0")/.."
.venv/bin/ruff format --quiet .
.venv/bin/ruff check --fix --quiet .
# djade's status 1 says that it changed a file.
git ls-files -z --cached --others --exclude-standard -- 'src/**/*.html' | xargs -0 --no-run-if-empty .venv/bin/djade --target-version 5.2 || true
