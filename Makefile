# Everything the project can do. Each target does its own set-up, once, and again when a lock changes.
VENV ?= .venv
PORT ?= 8000
ARGS ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
READY_TO_RUN := $(VENV)/ready-to-run
READY_TO_TEST := $(VENV)/ready-to-test
LOCK = $(BIN)/uv --no-config --quiet pip compile $(ARGS) --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-strip-extras --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help demo demo-teams test test-long coverage check bench bench-long pictures words lock

help:
	@echo 'make demo        try it in the browser (PORT=8000)'
	@echo 'make demo-teams  try it as in Microsoft Teams, with Node.js'
	@echo 'make test        every test (ARGS="tests/core -k gaps" for some)'
	@echo 'make test-long   the tests that try invented cases or kill processes, with many times more of them'
	@echo 'make check       lint, format, types and the rooms'
	@echo 'make coverage    which branches of the core and the bot no test takes'
	@echo 'make bench       the benchmarks; bench-long for those that need more than five minutes'
	@echo 'make pictures    draw the pictures of the documents again'
	@echo 'make words       bring the catalogues of the words in step with the code'
	@echo 'make lock        pin the dependencies again (ARGS=--upgrade for their newest versions)'

demo: $(READY_TO_RUN)
	@$(BIN)/partnership-bot demo --port $(PORT)

demo-teams: $(READY_TO_RUN)
	@$(BIN)/partnership-bot demo --teams --port $(PORT)

test: $(READY_TO_TEST)
	@$(BIN)/python -m tests.support.browser
	@$(BIN)/python -m tests.support.playground
	@$(BIN)/python -m tests.support.pooler
	$(BIN)/python -m pytest -n auto $(ARGS)

# The tests that can go on for as long as one likes, for longer than there is time for with each change.
LONG_TESTS := tests/core/test_disclosure_solver.py tests/core/test_disclosure_votes.py \
	tests/bot/turn/test_never_stuck.py tests/slack/test_receive_under_fire.py tests/teams/test_receive_under_fire.py \
	tests/slack/test_storms.py

test-long: $(READY_TO_TEST)
	DISCLOSURE_EXAMPLES=3000 PARTNERSHIP_STATE_MACHINE_STEPS=40000 PARTNERSHIP_TEST_REQUESTS=20000 \
	PARTNERSHIP_TEST_KILLS=100 PARTNERSHIP_TEST_RESTARTS=15 PARTNERSHIP_TEST_ANSWERS=1000 PARTNERSHIP_TEST_SLOTS=3000 \
	$(BIN)/python -m pytest -n auto -o faulthandler_timeout=3600 $(or $(ARGS),$(LONG_TESTS))

coverage: $(READY_TO_TEST)
	@$(BIN)/python -m tests.support.browser
	@$(BIN)/python -m tests.support.playground
	@$(BIN)/python -m tests.support.pooler
	$(BIN)/python -m pytest -n auto --cov --cov-report=term-missing --cov-report=json:$(VENV)/coverage.json $(ARGS)
	@$(BIN)/python -c 'import json, sys; \
	share = json.load(open("$(VENV)/coverage.json"))["totals"]["percent_branches_covered"]; \
	sys.exit(f"{share:.1f} % of the branches are taken; it must be 95." if share < 95 else 0)'

check: $(READY_TO_TEST)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict
	$(BIN)/lint-imports

bench: $(READY_TO_TEST)
	$(BIN)/python -m benchmarks $(ARGS)

bench-long: $(READY_TO_TEST)
	$(BIN)/python -m benchmarks --long $(ARGS)

pictures: $(READY_TO_TEST)
	@$(BIN)/python -m tests.support.browser
	@$(BIN)/python -m tests.support.playground
	$(BIN)/python -m docs.pictures $(ARGS)

words: $(READY_TO_TEST)
	$(BIN)/python -m tests.support.words

lock: $(BIN)/python
	@$(PIP) install uv
	$(LOCK) pyproject.toml --output-file requirements.lock
	$(LOCK) --group build --constraints requirements.lock --output-file requirements-build.lock
	$(LOCK) pyproject.toml --group dev --constraints requirements.lock --constraints requirements-build.lock \
		--output-file requirements-dev.lock

$(READY_TO_RUN): $(BIN)/python pyproject.toml requirements.lock requirements-build.lock
	@echo 'Installing what the bot needs; the first time takes a minute or two.'
	@$(PIP) install --require-hashes -r requirements.lock -r requirements-build.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(READY_TO_TEST): $(BIN)/python pyproject.toml requirements-dev.lock
	@echo 'Installing what the bot and its tests need; the first time takes a minute or two.'
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(READY_TO_RUN) $@

# A Python that can make virtual environments; naming one as PYTHON= tries that one first.
$(BIN)/python:
	@rm -f $(BIN)/python*; \
	for python in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
	    $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    $$python -c 'import ensurepip, venv' 2>/dev/null && exec $$python -m venv $(VENV); \
	    without_venv=$$python; \
	done; \
	if [ -n "$$without_venv" ]; then \
	    echo "$$without_venv is new enough but cannot make a virtual environment. On Debian or Ubuntu:"; \
	    echo "    sudo apt install $$without_venv-venv"; \
	else \
	    echo 'This needs Python 3.11 or newer, and there is none here. Please install it:'; \
	    echo '    Debian or Ubuntu: sudo apt install python3 python3-venv'; \
	    echo '    macOS:            brew install python@3.13'; \
	    echo '    anywhere:         https://www.python.org/downloads/'; \
	    echo 'If you have one under another name: make PYTHON=/path/to/python3 demo'; \
	fi >&2; exit 1
