#!/usr/bin/env bash
# Prints a Python that can make virtual environments, for the environment named: main (3.11 or newer) or lava.
# 3.11 comes first in both: the newest that lava-nc with NumPy 1 and tflite-runtime can share. PYTHON names one's own.
set -eu

usable() {  # program, oldest minor version of Python 3
    "$1" -c "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, $2))" >/dev/null 2>&1
}

first() {  # oldest minor version, candidates
    local oldest=$1 candidate; shift
    for candidate in "$@"; do
        if usable "$candidate" "$oldest"; then "$candidate" -c 'import sys; print(sys.executable)'; return 0; fi
    done
    return 1
}

case ${1:-} in
    main) oldest=11 candidates=(python3.11 python3.12 python3.13 python3.14 python3) ;;
    lava) oldest=10 candidates=(python3.11 python3.10 python3.12 python3.13 python3) ;;
    *) echo "usage: $0 main|lava" >&2; exit 1 ;;
esac
[ -n "${PYTHON:-}" ] && candidates=("$PYTHON")
if ! first "$oldest" "${candidates[@]}"; then
    echo "No Python 3.$oldest or newer with venv among: ${candidates[*]}. Run, then try again:" >&2
    echo "    sudo apt-get update && sudo apt-get install -y python3 python3-venv" >&2
    echo "or name one: make PYTHON=/path/to/python3 ..." >&2
    exit 1
fi
