#!/usr/bin/env bash
# Everything that must be green: walls, types, style, then the tests on SQLite, on PostgreSQL, on Spark and in Chromium.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
scripts/chromium.sh
ruff check src tests benchmarks scripts
ruff format --check src tests benchmarks scripts
lint-imports
mypy
pytest -n 2 --dist worksteal -m "not spark and not browser"
TEST_DATABASE=postgres pytest -n 2 --dist worksteal -m "not spark and not browser" tests/site
pytest -m spark
pytest -n 2 --dist worksteal -m browser
