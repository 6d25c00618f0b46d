# Two commands are enough on a fresh machine with Python 3.11, Node and make: `make demo` and `make test`.
SHELL := /bin/bash
PYTHON ?= python3.11
PORT ?= 8000
DATA ?= data
COUNTIES ?= 640324
V := .venv/bin

.PHONY: setup setup-dev demo test check fix bench bench-openfisca lock bundle

PO := src/bureau/locale/en/LC_MESSAGES/django

setup: .venv/ready-run src/bureau/static/vendor/MANIFEST.json $(PO).mo
setup-dev: .venv/ready-dev src/bureau/static/vendor/MANIFEST.json $(PO).mo

$(PO).mo: $(PO).po .venv/ready-run
	$(V)/python scripts/messages.py compile

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/ready-run: requirements.txt pyproject.toml | .venv/bin/python
	$(V)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(V)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/ready-dev: requirements-dev.txt .venv/ready-run
	$(V)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

src/bureau/static/vendor/MANIFEST.json: package-lock.json scripts/vendor.py | .venv/bin/python
	npm ci --ignore-scripts --silent
	$(V)/python scripts/vendor.py
	rm -rf node_modules

demo: setup
	@DATA="$(DATA)" PORT="$(PORT)" COUNTIES="$(COUNTIES)" RESET="$(RESET)" $(V)/python scripts/demo.py

test: setup-dev
	scripts/test.sh

check: setup-dev
	$(V)/ruff check src tests benchmarks scripts
	$(V)/ruff format --check src tests benchmarks scripts
	$(V)/mypy
	$(V)/lint-imports

fix: setup-dev
	$(V)/ruff check --fix src tests benchmarks scripts
	$(V)/ruff format src tests benchmarks scripts

bench: setup-dev
	$(V)/python -m benchmarks

# Beside OpenFisca-Core: AGPL, so in an environment of its own (.venv-openfisca, made on demand), never a dependency.
bench-openfisca: setup-dev
	$(V)/python -m benchmarks aid

lock:
	uv pip compile -q --generate-hashes --no-header --no-annotate --python-version 3.11 --group build pyproject.toml -o requirements.txt
	uv pip compile -q --generate-hashes --no-header --no-annotate --python-version 3.11 --group build --group dev --group bench --extra spark -c requirements.txt pyproject.toml -o requirements-dev.txt
	echo openfisca-core | uv pip compile -q --generate-hashes --no-header --no-annotate --python-version 3.11 - -o benchmarks/aid_openfisca.txt

bundle: setup
	scripts/bundle.sh
