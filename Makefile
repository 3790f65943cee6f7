# Playout: `make run` and `make test` need Python 3.11 and make, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header
NPM := "$(CURDIR)/web/npm"
NPM_CI := $(NPM) ci --silent --no-audit --no-fund --ignore-scripts
WEB := src/playout/pages/static/build/manifest.json
CLIENTS := tests/clients/node_modules/.installed
GENERATOR := tests/clients/.venv

.PHONY: setup build run check fast test lint types bench docs texts migration requirements clean

setup: $(VENV)/.dev $(WEB) $(CLIENTS) $(GENERATOR)/.installed

build: $(WEB)

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

web/node_modules/.installed: web/package.json web/package-lock.json web/npm requirements/node.txt | $(VENV)/.run
	@cd web; $(NPM_CI)
	@touch $@

$(WEB): web/node_modules/.installed $(wildcard web/*.js) $(shell find web/src -type f)
	@echo "Building the pages …"
	@cd web; $(NPM) run --silent build

$(CLIENTS): tests/clients/package.json tests/clients/package-lock.json web/npm $(VENV)/.dev
	@cd tests/clients; $(NPM_CI)
	@touch $@

$(GENERATOR)/.installed: requirements/generator.txt
	@test -x $(GENERATOR)/bin/python || $(PYTHON) -m venv $(GENERATOR)
	@$(GENERATOR)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/generator.txt
	@touch $@

run: $(VENV)/.run $(WEB)
	@$(BIN)/playout serve --demo

test: setup lint types
	@command -v chromium >/dev/null || $(BIN)/python -m playwright install chromium
	@$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

check: setup lint types fast

# Another Python gets a folder of its own: make fast PYTHON=python3.13 VENV=.venv-3.13
fast: $(VENV)/.dev $(WEB)
	@$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder -m "not slow"

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
	@$(BIN)/python -m docs.template_manifest > docs/template-manifest.schema.json
	@$(BIN)/python -m docs.template_pictures

# The texts of the console, for their translators: src/playout/console/locales/.
texts: $(VENV)/.dev
	@$(BIN)/python -m docs.texts

# make migration m="add a table" writes the difference between the models and the migrations.
migration: $(VENV)/.dev
	@test -n "$(m)" || { echo 'Give the migration a title: make migration m="add a table"'; exit 1; }
	@$(BIN)/python -m playout.migrations "$(m)"
	@$(BIN)/ruff check --quiet --fix src/playout/migrations/versions
	@$(BIN)/ruff format --quiet src/playout/migrations/versions

requirements: $(VENV)/.dev
	@$(COMPILE) --all-extras -o requirements/dev.txt pyproject.toml
	@$(COMPILE) --group node -o requirements/node.txt
	@$(COMPILE) --group generator -o requirements/generator.txt
	@$(COMPILE) --extra build -c requirements/dev.txt -o requirements/run.txt pyproject.toml

clean:
	rm -rf $(VENV) web/node_modules $(dir $(WEB)) tests/clients/node_modules $(GENERATOR)
