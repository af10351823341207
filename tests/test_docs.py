"""Examples in the documentation are run; what it links to exists."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples(page: Path) -> None:
    failures, _ = doctest.testfile(str(page), module_relative=False)
    assert failures == 0


def test_the_specification_has_examples_of_every_operator() -> None:
    from edgesnn.integer.ops import OPERATORS

    text = (ROOT / "docs" / "integer-model.md").read_text()
    titles = re.findall(r"^### (\w+)$", text, re.MULTILINE)
    assert sorted(titles) == sorted(OPERATORS)
    for title, section in zip(titles, re.split(r"^### \w+$", text, flags=re.MULTILINE)[1:], strict=True):
        assert title == "Input" or ">>> " in section, title


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
        assert link.startswith("http") or (page.parent / link).exists(), link
