# Bangban. `make help` lists the targets.
SHELL := /bin/bash
UV := .uv/bin/uv
PYTHON := .venv/bin/python
export UV_COMPILE_BYTECODE = 1
export UV_PYTHON_PREFERENCE = system

.PHONY: help env model run test lint long fuzz-env fuzz-api bench-match bench-intents storm wechat-fuzz wechat-load wechat-knobs clean

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

test: env lint model fuzz-env ## the whole test suite
	@$(PYTHON) -m pytest

long: env model ## long targets of the property and differential tests (BANGBAN_LONG=1)
	@BANGBAN_LONG=1 $(PYTHON) -m pytest tests/unit/domain tests/integration/test_tracker_store.py \
		tests/integration/center/test_cases_against_model.py tests/integration/center/test_many_hands.py -q

.schemathesis/.ready: $(UV) tests/support/schemathesis.txt
	@$(UV) venv --quiet --allow-existing --python 3.10 .schemathesis
	@$(UV) pip install --quiet --python .schemathesis/bin/python -r tests/support/schemathesis.txt
	@touch .schemathesis/.ready

fuzz-env: .schemathesis/.ready ## make .schemathesis, the environment of the API fuzzer

fuzz-api: env fuzz-env ## schemathesis against the running centre for 20 minutes
	@$(PYTHON) -m tests.support.fuzz_api 20

bench-match: env ## how well and how fast items are found, beside five baselines and a stock Rasa (SCALE=small: a minute)
	@OMP_NUM_THREADS=1 $(PYTHON) benchmarks/match.py

bench-intents: env ## our intents beside stock DIET and logistic regression (hours, for DIET; SCALE=small: a minute)
	@$(PYTHON) benchmarks/intents.py

storm: env model ## 2,000 people and 10,000 messages on the simulated WeChat, with processes killed (SCALE=small: half a minute)
	@$(PYTHON) -m benchmarks.storm

wechat-fuzz: env ## 100,000 spoiled posts to the gateway (SCALE=small: 3,000)
	@$(PYTHON) benchmarks/wechat_fuzz.py

wechat-load: env model ## how fast pushes are acknowledged while Rasa is saturated, and answers beside the plain rest channel
	@$(PYTHON) benchmarks/wechat_load.py

wechat-knobs: env ## the tests of the WeChat side once for every crossing of the simulator's main knobs (an hour)
	@$(PYTHON) benchmarks/wechat_knobs.py

clean: ## remove var/ (all data of this machine!) and trained models
	rm -rf var models
