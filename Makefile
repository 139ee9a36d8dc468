# Two commands set everything up: `make run` and `make test`. `make check` is the quick gate before a commit.

SHELL := /bin/bash
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS = never
export UV_NO_PROGRESS = 1
# What was compiled is kept, whatever the machine says: twelve thousand tests are not compiled twice.
export PYTHONDONTWRITEBYTECODE =

.PHONY: run test check lint format bench lock wheel figures scripts screens clean

run: .venv/run.stamp scripts
	$(BIN)/tm-service demo

test: .venv/dev.stamp scripts
	$(BIN)/pytest -n auto --dist worksteal

check: lint
	$(BIN)/pytest -n auto --dist worksteal -m "not slow and not browser and not real_site"

lint: .venv/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/deptry .
	$(BIN)/vulture

format: .venv/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/dev.stamp
	$(BIN)/python -m tests.benchmarks

# The README's tables of figures, all of them (an hour on a machine with nothing else to do) or some: make figures ONLY="load desk".
figures: .venv/dev.stamp scripts
	$(BIN)/python -m tests.benchmarks --readme $(if $(ONLY),--only $(ONLY))

wheel: .venv/run.stamp scripts
	$(UV) build --wheel --no-build-isolation --python $(BIN)/python --out-dir dist .

# Pictures of the pages: the README shows some, a test compares all.
screens: .venv/dev.stamp scripts
	$(BIN)/python -m tests.browser.screens

# Locks name no registry: the addresses come from the machine's own configuration.
LOCK = $(UV) pip compile --quiet --generate-hashes --no-emit-index-url --universal --python-version 3.11 \
	--custom-compile-command "make lock" pyproject.toml --group build
lock: | $(UV)
	$(LOCK) -o requirements/run.lock
	$(LOCK) --extra scale --group dev -o requirements/dev.lock
	$(LOCK) --extra scale --extra operating -o requirements/image.lock

.venv/run.stamp: requirements/run.lock pyproject.toml | $(UV)
	@test -x $(BIN)/python || $(UV) venv --quiet --python 3.11 .venv
	$(UV) pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements/run.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: requirements/dev.lock .venv/run.stamp
	$(UV) pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements/dev.lock
	@touch $@

# Scripts of others come from their registry; without npm the pages do without them.
VENDOR := tm_service/web/static/vendor
scripts: $(VENDOR)/htmx.js
$(VENDOR)/htmx.js: package.json package-lock.json $(wildcard tm_service/web/bundles/*.mjs)
	@if command -v npm >/dev/null && npm ci --ignore-scripts --no-audit --no-fund --prefer-offline --silent && npm run --silent build; \
	then touch $@; \
	else echo "npm is missing or found no registry: pages do without their live parts; see 'make scripts'." >&2; test -z "$$CI"; fi

# A bare Debian has no pip for its python3; root may fetch it, others are told in one sentence.
.tools/bin/uv:
	@python3 -m pip --version >/dev/null 2>&1 \
		|| { test "$$(id -u)" = 0 && apt-get -qq update \
			&& DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends python3-pip >/dev/null 2>&1; } \
		|| { echo "python3 has no pip; ask an administrator for 'apt install python3-pip', then run make again." >&2; exit 2; }
	python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --target .tools uv

clean:
	rm -rf .venv .tools dist node_modules $(VENDOR)
