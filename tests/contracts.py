"""An import contract that import-linter lacks: a package imports the standard library and a few named packages only."""

from __future__ import annotations

import sys

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class OnlyImports(Contract):
    """Everything in `modules` imports, directly, only itself, `allowed` and the standard library."""

    modules = fields.ListField(subfield=fields.StringField())
    allowed = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        packages = tuple(str(module) for module in self.modules)
        fine = (*packages, *(str(module) for module in self.allowed), *sys.stdlib_module_names)
        importers = [module for module in sorted(graph.modules) if inside(module, packages)]
        wrong = [
            f"{importer} imports {imported}"
            for importer in importers
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if not inside(imported, fine)
        ]
        return ContractCheck(kept=bool(importers) and not wrong, metadata={"wrong": wrong, "found": bool(importers)})

    def render_broken_contract(self, check: ContractCheck) -> None:
        if not check.metadata["found"]:
            output.print_error("The contract names no module that exists")
        for line in check.metadata["wrong"]:
            output.print_error(line)


def inside(module: str, packages: tuple[str, ...]) -> bool:
    """Whether a module is one of the packages or within one."""
    return any(module == package or module.startswith(f"{package}.") for package in packages)
