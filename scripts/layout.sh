#!/usr/bin/env bash
# Prints a folder in which the package `edgesnn` is laid out as a wheel installs it (links into the checkout):
# tools that read files instead of importing (mypy, import-linter) find edgesnn.targets and its siblings there.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
folder=$root/build/layout
rm -rf "$folder"
mkdir -p "$folder/edgesnn"
ln -s "$root"/edgesnn/* "$root/targets" "$root/models" "$root/firmware" "$folder/edgesnn/"
echo "$folder"
