"""Worst-case stack from a call graph: here the compiler's own (gcc's -fcallgraph-info=su)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from edgesnn.errors import ToolError

NODE = re.compile(r'^node: \{ title: "([^"]+)" label: "([^"]*)"')
EDGE = re.compile(r'^edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"')
FRAME = re.compile(r"(\d+) bytes \((static|dynamic,bounded)\)")
UNBOUNDED = re.compile(r"\d+ bytes \(dynamic\)")
INDIRECT = "__indirect_call"


@dataclass(frozen=True)
class CallGraph:
    """Frames in bytes and callees, by function. A static function's name starts with its file."""

    frames: Mapping[str, int]
    callees: Mapping[str, Collection[str]]

    def worst_case(self, root: str) -> int:
        """Most bytes of stack that `root` and all it calls can use.

        Raises ToolError where that is not bounded or not known: recursion, calls through pointers, functions that the
        compiler has said nothing about.
        """
        known: dict[str, int] = {}
        self._visit(root, known, ())
        return known[root]

    def _visit(self, name: str, known: dict[str, int], path: tuple[str, ...]) -> int:
        if name in known:
            return known[name]
        if name in path:
            raise unknown(name, f"calls itself through {' -> '.join(path[path.index(name) :])}")
        if name not in self.frames:
            what = "calls through a pointer" if name == INDIRECT else f"calls {name}, whose frame is not known"
            raise unknown(path[-1] if path else name, what)
        deepest = max((self._visit(callee, known, (*path, name)) for callee in self.callees.get(name, ())), default=0)
        known[name] = self.frames[name] + deepest
        return known[name]


def read(folder: Path) -> CallGraph:
    """The call graph of all .ci files below a folder. Raises ToolError where there are none, or one is not bounded."""
    files = sorted(folder.rglob("*.ci"))
    if not files:
        raise ToolError(str(folder), "the compiler left no call graph", "Use gcc 10 or later")
    frames: dict[str, int] = {}
    callees: dict[str, set[str]] = {}
    for file in files:
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            if edge := EDGE.match(line):
                callees.setdefault(edge[1], set()).add(edge[2])
            elif node := NODE.match(line):
                if UNBOUNDED.search(node[2]):
                    raise unknown(node[1], "has a frame of variable size")
                if frame := FRAME.search(node[2]):
                    frames[node[1]] = int(frame[1])
    return CallGraph(frames, callees)


def unknown(name: str, problem: str) -> ToolError:
    """The error for a function whose stack cannot be told."""
    return ToolError(name, f"its worst-case stack cannot be told: it {problem}", "Report it: our C never does that")
