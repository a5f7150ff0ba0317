# Each target sets up what it needs; nothing has to be done by hand before.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
BENCHMARKS := corpus lists list_sentences premises heldout worlds baselines disagreements \
	conversations xquad fit_answerability fit_reading fit_reranker clapnq squad2 speed scale served ingest_speed

.PHONY: setup chat index test lint bench browser clean

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Citewell needs Python 3.11 or newer; run: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(STAMP)

index: setup
	$(BIN)/python -m ingest

chat: index
	$(BIN)/python -m ui

browser: setup
	@$(BIN)/python -m tests.browser.install

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: lint browser
	$(BIN)/python -m pytest

# Some programs need public data: make bench BENCH_DATA=folder. Those that miss any say which.
bench: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	@set -e; for name in $(BENCHMARKS); do echo "== $$name"; $(BIN)/python -m tests.benchmarks.$$name; done

clean:
	rm -rf $(VENV) .citewell
