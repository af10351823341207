"""All benchmarks, one after the other: `python -m benchmarks`. Results also go to build/bench/."""

from __future__ import annotations

from pathlib import Path

from benchmarks import fused_lif, inference

FOLDER = Path("build") / "bench"

if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for benchmark in (fused_lif, inference):
        print(f"== {(benchmark.__doc__ or '').splitlines()[0]}")
        name = benchmark.__name__.rpartition(".")[2]
        benchmark.main(["--json", str(FOLDER / f"{name}.json")])
