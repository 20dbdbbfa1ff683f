# make run     the demo bank with dashboard and API (needs Python 3.11 or later, nothing else); PORT=8001 for another port
# make setup   only the virtual environment, with everything in it
# make test    every test
# make check   lint, format, types, import rules
# make bench   the figures beside their limits, in benchmarks/RESULTS.md; SIZES="--rms 50000 --actions 400" for larger ones,
#             BANKS=folder to keep large banks between runs
# make clean   everything that can be made again, except the bank's data

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.made-from-lock

.PHONY: run setup test check bench clean programs

run: setup
	@$(BIN)/appraise demo --port $(PORT)

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; exit 1; }
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing: on Debian, apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing into $(VENV) from requirements.lock; this takes one to three minutes."
	@$(BIN)/python -m pip install --disable-pip-version-check --no-input --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

test: setup programs
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: setup
	@$(BIN)/python -m benchmarks $(SIZES)

# The browser tests need Debian's Chromium, and a Chinese font for what they look at, as the grade notice does; the benchmarks
# measure beside Redis.
programs:
	@command -v chromium >/dev/null && command -v redis-server >/dev/null && fc-list :lang=zh 2>/dev/null | grep -q . && exit 0; \
	if ! command -v apt-get >/dev/null; then sudo=none; elif [ "$$(id -u)" = 0 ]; then sudo=; \
	elif sudo -n true 2>/dev/null; then sudo=sudo; else sudo=none; fi; \
	if [ "$$sudo" = none ]; then \
		echo "Chromium, a Chinese font or Redis is missing, so tests of pages and notices will fail or a benchmark is left out: install them (Debian: apt-get install chromium fonts-noto-cjk redis-server)." >&2; \
	else \
		echo "Installing Chromium and a Chinese font for the tests and Redis for the benchmarks."; \
		$$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq chromium fonts-noto-cjk redis-server >/dev/null; \
	fi

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
