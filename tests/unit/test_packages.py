"""The library's packages hold no code of their own."""

import ast
from pathlib import Path

LIBRARY = Path(__file__).parents[2] / "scripts" / "alsdecline"


def test_every_init_is_a_docstring_and_imports_nothing():
    """An import there would be in the digest of every rule that uses the package."""
    inits = sorted(LIBRARY.rglob("__init__.py"))
    folders = {path.parent for path in LIBRARY.rglob("*.py")}

    assert {path.parent for path in inits} == folders
    for path in inits:
        tree = ast.parse(path.read_text("utf-8"))
        assert ast.get_docstring(tree), path
        assert len(tree.body) == 1, f"{path}: a docstring alone"
