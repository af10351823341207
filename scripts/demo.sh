#!/usr/bin/env bash
# Trained networks on real MNIST digits, on three targets: one table, and one page in the folder given.
set -eu
cd "$(dirname "$0")/.."
out=${1:?usage: demo.sh FOLDER}
edgesnn=${bin:-.venv/bin}/edgesnn

deploy() {  # model, samples, folder, options of `edgesnn deploy`
    local model=$1 samples=$2 folder=$out/$3; shift 3
    echo "== $model, $samples digits: $*"
    mkdir -p "$folder"
    if ! "$edgesnn" deploy "$model" --samples "$samples" --out "$folder" "$@" >"$folder.log"; then
        cat "$folder.log"
        return 1
    fi
}

deploy q_snn 200 mcu --target mcu --board mps2-an386
deploy q_snn 200 tflite --target tflite
deploy q_snn_loihi 100 loihi --target loihi
echo
"$edgesnn" report "$out/mcu" "$out/tflite" "$out/loihi" --out "$out/report.html"
