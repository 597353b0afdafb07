"""The rules stand on the standard library alone, so that anything may call them."""

import ast
import sys
from pathlib import Path

import pytest

from kneetrack import domain

FILES = sorted(Path(domain.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_of_the_domain_imports_the_standard_library_and_the_domain_alone(path: Path) -> None:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    outside = {name for name in found if name.partition(".")[0] not in sys.stdlib_module_names}
    assert {name for name in outside if not name.startswith("kneetrack.domain")} == set()
