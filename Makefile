# `make` alone lists the targets. Nothing is needed but Python 3.11 or later.

SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header pyproject.toml
INSTALL = $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input install
PYTEST = $(BIN)/python -m pytest

# The first that is new enough and can make .venv. Another one: make PYTHON=/path/to/python3
PYTHON ?= $(shell for python in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	>/dev/null 2>&1 && echo $$python && break; done)

NO_PYTHON = Afterglow needs Python 3.11 or later with its venv module, and found none. \
	Install it (Debian: apt-get install python3-venv), or say where: make PYTHON=/path/to/python3

.PHONY: help run serve test check faults fuzz audit-deps bench lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: $(VENV)/.run ## Serve a made-up clinic on 127.0.0.1:8000 and say what to try
	@exec $(BIN)/afterglow demo

serve: $(VENV)/.run ## Serve on 127.0.0.1:8000 with no made-up clinic
	@exec $(BIN)/afterglow serve

test: $(VENV)/.dev ## Run all tests, on a PostgreSQL of their own
	@sh tests/browser/install.sh
	$(PYTEST) -n auto --dist loadfile

check: $(VENV)/.dev ## Check format, lint, types, imports, dependencies, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/deptry .
	$(BIN)/pip-licenses > /dev/null
	$(PYTEST) -q tests/rules/test_migrations.py

faults: $(VENV)/.dev ## Kill service and database 200 times under load, and look what is left
	$(BIN)/python -m tests.faults
	$(PYTEST) -n0 -v tests/faults

fuzz: $(VENV)/.dev ## Send ten times the requests that the tests send, anew each day
	FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-20} FUZZ_SEED=$${FUZZ_SEED:-$$(date +%Y%m%d)} \
		$(PYTEST) -n auto --timeout 3600 tests/rules/test_schemathesis.py \
		tests/rules/test_hostile.py tests/kit/test_parsers.py

audit-deps: $(VENV)/.run ## Look the locked dependencies up among known holes; needs a network
	@$(BIN)/python -m pip_audit --version >/dev/null 2>&1 || command -v uvx >/dev/null || \
		{ echo "Neither pip-audit nor uvx is here: pip install pip-audit" >&2; exit 1; }
	@if $(BIN)/python -m pip_audit --version >/dev/null 2>&1; \
		then $(BIN)/python -m pip_audit --require-hashes --disable-pip -r requirements.lock; \
		else uvx pip-audit --require-hashes --disable-pip -r requirements.lock; fi

bench: $(VENV)/.dev ## Measure Afterglow beside what is possible and what is usual
	$(BIN)/python -m bench

lock: $(VENV)/.dev ## Write both locks anew from pyproject.toml
	$(LOCK) --group build -o requirements.lock
	$(LOCK) --group dev -o requirements-dev.lock

clean: ## Remove what was installed and cached; the data in .afterglow stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "$(NO_PYTHON)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# What runs is what was hashed. The build backend is in the lock, so nothing else is fetched.
$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(INSTALL) --require-hashes -r requirements-dev.lock
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $(VENV)/.run $@
