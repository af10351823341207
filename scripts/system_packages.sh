#!/usr/bin/env bash
# Makes sure that the system's programs for `demo` or `test` are there; installs what is missing where it can.
# Usage: system_packages.sh demo|test
set -eu

# program:Debian package that has it
demo="gcc:gcc arm-none-eabi-gcc:gcc-arm-none-eabi qemu-system-arm:qemu-system-arm"
riscv="riscv64-unknown-elf-gcc:gcc-riscv64-unknown-elf qemu-system-riscv32:qemu-system-misc"
test="$demo $riscv clang:clang chromium:chromium chromedriver:chromium-driver"

declare -A wanted=([demo]=$demo [test]=$test)
list=${wanted[${1:-none}]:?"usage: $0 demo|test"}

missing() {
    for pair in $list; do
        command -v "${pair%%:*}" >/dev/null 2>&1 || echo "${pair##*:}"
    done
    "${0%/*}/find_python.sh" main >/dev/null 2>&1 || echo "python3 python3-venv"
    # a compiler without the C library's headers builds nothing
    if command -v gcc >/dev/null 2>&1 && ! echo '#include <string.h>' | gcc -xc -fsyntax-only - 2>/dev/null; then
        echo libc6-dev
    fi
}

packages=$(missing | sort -u | paste -sd' ')
[ -n "$packages" ] || exit 0
[[ " $packages " == *" gcc "* ]] && packages="$packages libc6-dev"

as_root=
if [ "$(id -u)" != 0 ]; then as_root=sudo; fi
command_line="apt-get install -y --no-install-recommends $packages"
if ! command -v apt-get >/dev/null 2>&1; then
    echo "Missing programs. Install what your system calls: $packages" >&2
    exit 1
fi
if [ -n "$as_root" ] && ! sudo -n true 2>/dev/null && [ ! -t 0 ]; then
    echo "Missing system packages, and no right to install them here. Run this, then try again:" >&2
    echo "    sudo apt-get update && sudo $command_line" >&2
    exit 1
fi
echo "== system packages: $packages (a few minutes)"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
# shellcheck disable=SC2086  # words on purpose
if ! { $as_root apt-get update -qq && $as_root $command_line -qq; } >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    echo "Could not install system packages. Run this, then try again:" >&2
    echo "    ${as_root:+sudo }apt-get update && ${as_root:+sudo }$command_line" >&2
    exit 1
fi
rm -f "$log"
left=$(missing | sort -u | paste -sd' ')
[ -z "$left" ] || { echo "Still missing after installing: $left" >&2; exit 1; }
