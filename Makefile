# Two commands do all the set-up themselves: `make ask` and `make test`.
PYTHON ?= python3
export Q ?= what is the 25311 goal
TORCH ?= torch==2.13.0

.PHONY: ask test bench lint clean

# Installs into its own environment, then answers from the shipped issue. Another question: make ask Q="…"
ask: .venv/.ask
	@.venv/bin/bulletin ask "$$Q" || [ $$? -eq 1 ]

# Installs what the tests need, a Chromium among it, then checks format, lint and types and runs all tests.
test: .venv/.test
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/pytest

# Prints speed and memory beside named references; asserts nothing.
bench: .venv/.test
	.venv/bin/python -m tests.benchmarks
	.venv/bin/python -m tests.benchmarks.stages

.venv/bin/python:
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --upgrade pip

.venv/.ask: .venv/bin/python pyproject.toml
	.venv/bin/pip install --quiet --editable .
	@touch $@

.venv/.test: .venv/.ask
	.venv/bin/pip install --quiet "$(TORCH)"
	.venv/bin/pip install --quiet --editable ".[transformers,eval,mcp,test]"
	.venv/bin/python -m tests.browsing
	@touch $@

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache
