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

# The widget's tools; without npm its tests are skipped.
test: node_modules/.package-lock.json
node_modules/.package-lock.json: package-lock.json
	@if command -v npm >/dev/null; then npm ci --silent --no-audit --no-fund; \
	else echo "no npm: tests of the widget will be skipped" >&2; fi

.venv/bin/python:
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --upgrade pip

.venv/.ask: .venv/bin/python pyproject.toml
	.venv/bin/pip install --quiet --editable .
	@touch $@

.venv/.test: .venv/.ask
	.venv/bin/pip install --quiet "$(TORCH)"
	.venv/bin/pip install --quiet --editable ".[transformers,eval,html,mcp,test]"
	.venv/bin/python -m tests.browsing
	@touch $@

clean:
	rm -rf .venv node_modules .mypy_cache .pytest_cache .ruff_cache
