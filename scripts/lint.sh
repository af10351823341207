#!/usr/bin/env bash
# Style, types and import contracts. Wants the development environment: bin=folder of its programs.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
bin=$(cd "${bin:-.venv/bin}" && pwd)
"$bin/ruff" check --quiet .
"$bin/ruff" format --check --quiet .
layout=$(scripts/layout.sh)
MYPYPATH=$layout "$bin/mypy" --no-error-summary -p edgesnn.integer -p edgesnn.targets
# from within the layout, because the folder it runs in comes first on its path
(cd "$layout" && PYTHONPATH=$layout:$root "$bin/lint-imports" --no-logo --config "$root/.importlinter" \
    --cache-dir "$root/build/import-cache")
