"""All benchmarks, one after the other: `python -m benchmarks`. Results also go to build/bench/, and those of
the kernels to build/bench.json."""

from __future__ import annotations

from pathlib import Path

from benchmarks import fused_lif, inference, kernels

BUILD = Path("build")
FOLDER = BUILD / "bench"
FILES = {
    kernels: BUILD / "bench.json",
    fused_lif: FOLDER / "fused_lif.json",
    inference: FOLDER / "inference.json",
}

if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for benchmark, file in FILES.items():
        print(f"== {(benchmark.__doc__ or '').splitlines()[0]}")
        benchmark.main(["--json", str(file)])
