"""python -m tests.mutants [WORD ...]: plants every fault (or those whose description has all the words).

Prints fault and the test that caught it; exits with 1 if one survives, no longer fits the source, or the tests fail
without any fault.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.mutants.fault import Fault
from tests.mutants.faults import FAULTS
from tests.mutants.plant import StaleError, copy_tree, failing_test, planted


def main(words: list[str]) -> int:
    faults = [fault for fault in FAULTS if all(word in fault.what for word in words)]
    with tempfile.TemporaryDirectory(prefix="mutants.") as name:
        folder = Path(name)
        copy_tree(folder)
        for tests in dict.fromkeys(fault.tests for fault in faults):
            broken = failing_test(folder, tests)
            if broken:
                print(f"without any fault, {broken} fails: nothing can be told")
                return 1
        survivors = [fault for fault in faults if not caught(folder, fault)]
    print(f"{len(faults) - len(survivors)} of {len(faults)} faults caught")
    return 1 if survivors or not faults else 0


def caught(folder: Path, fault: Fault) -> bool:
    """Plants one fault and says what came of it."""
    try:
        with planted(folder, fault):
            test = failing_test(folder, fault.tests)
    except StaleError as stale:
        print(f"STALE     {fault.what}: {stale}", flush=True)
        return False
    print(f"{'caught' if test else 'SURVIVED':9s} {fault.what:55s} {test or fault.tests}", flush=True)
    return test is not None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
