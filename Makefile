# Bangban. `make help` lists the targets.
SHELL := /bin/bash
UV := .uv/bin/uv
PYTHON := .venv/bin/python
export UV_COMPILE_BYTECODE = 1
export UV_PYTHON_PREFERENCE = system

.PHONY: help env model run test lint long bench-intents clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | sort | awk -F':.*?## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(UV):
	@python3 -c 'import venv' 2>/dev/null || { echo "python3 with the venv module is needed (Debian: apt install python3-venv)"; exit 1; }
	@python3 -m venv .uv && .uv/bin/pip install --quiet 'uv>=0.5' || { echo "uv could not be installed with pip into .uv"; exit 1; }

.venv/.ready: $(UV) pyproject.toml uv.lock
	@$(UV) sync --frozen --quiet || { echo "Python 3.10 and the packages of uv.lock are needed; uv says above what is missing"; exit 1; }
	@touch .venv/.ready

env: .venv/.ready ## make .venv with everything that is needed

model: env ## train the dialogue model if it is missing or stale
	@$(PYTHON) -m bot.processes.model

run: env ## start everything; prints READY and the addresses; Ctrl-C stops
	@exec $(PYTHON) -m bot.processes.run

lint: env ## ruff, mypy and the catalogue's own checks
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m mypy
	@$(PYTHON) -m bot.cli catalog lint

test: env lint model ## the whole test suite
	@$(PYTHON) -m pytest

long: env model ## long targets of the property and differential tests (BANGBAN_LONG=1)
	@BANGBAN_LONG=1 $(PYTHON) -m pytest tests/unit/domain tests/integration/test_tracker_store.py -q

bench-intents: env ## our intents beside stock DIET and logistic regression (hours, for DIET; SCALE=small: a minute)
	@$(PYTHON) benchmarks/intents.py

clean: ## remove var/ (all data of this machine!) and trained models
	rm -rf var models
