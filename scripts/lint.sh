#!/usr/bin/env bash
# Style, types and import contracts; says all it finds, then fails if there was anything.
# bin: the folder of the development environment's programs.
set -u
cd "$(dirname "$0")/.." || exit 1
root=$PWD
bin=$(cd "${bin:-.venv/bin}" && pwd) || exit 1
layout=$(scripts/layout.sh) || exit 1
status=0

contracts() {
    # from within the layout, because the folder it runs in comes first on its path
    (cd "$layout" && PYTHONPATH=$layout:$root "$bin/lint-imports" --no-logo --config "$root/.importlinter" \
        --cache-dir "$root/build/import-cache")
}

"$bin/ruff" check --quiet . || status=1
"$bin/ruff" format --check --quiet . || status=1
MYPYPATH=$layout "$bin/mypy" --no-error-summary -p edgesnn | sed "s,^build/layout/edgesnn/\(targets\|models\)/,\1/,; s,^build/layout/,,"
[ "${PIPESTATUS[0]}" = 0 ] || status=1
report=$(contracts 2>&1) || { echo "$report"; status=1; }
exit $status
