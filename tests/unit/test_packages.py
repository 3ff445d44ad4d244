"""Packages hold no code of their own; the page of modules and paths is as the tree."""

import ast
import re
import tomllib
from pathlib import Path

from alsdecline.digests import code_closure

PROJECT = Path(__file__).parents[2]
LIBRARY = PROJECT / "scripts" / "alsdecline"
PAGE = (PROJECT / "docs" / "architecture.md").read_text("utf-8")


def test_every_init_is_a_docstring_and_imports_nothing():
    """An import there would be in the digest of every rule that uses the package."""
    inits = sorted(LIBRARY.rglob("__init__.py"))
    folders = {path.parent for path in LIBRARY.rglob("*.py")}

    assert {path.parent for path in inits} == folders
    for path in inits:
        tree = ast.parse(path.read_text("utf-8"))
        assert ast.get_docstring(tree), path
        assert len(tree.body) == 1, f"{path}: a docstring alone"


def test_the_page_lists_every_module_once_and_no_other():
    modules = [
        path.relative_to(LIBRARY).as_posix()
        for path in LIBRARY.rglob("*.py")
        if path.name != "__init__.py"
    ]
    listed = re.findall(
        r"^\| `([\w/]+\.py)` \|", PAGE.split("## Modules")[1], re.MULTILINE
    )

    assert sorted(listed) == sorted(modules)


def test_every_path_that_the_page_names_is_there():
    named = re.findall(r"`((?:[\w-]+/)*[\w-]+\.(?:py|smk|j2|toml|yaml))", PAGE)
    assert len(named) > 200

    absent = [
        name
        for name in named
        if not (LIBRARY / name).is_file() and not (PROJECT / name).is_file()
    ]
    assert absent == []


def test_no_row_of_a_table_is_cut_or_told_twice():
    tables = re.findall(r"(?:^\|.*\n)+", PAGE, flags=re.MULTILINE)
    for table in tables:
        head, _, *rows = [line.split("|")[1:-1] for line in table.splitlines()]
        assert [row for row in rows if len(row) != len(head)] == []
        assert len({row[0] for row in rows}) == len(rows)
    assert len(tables) > 10


def test_the_picture_has_the_layers_that_lint_holds_imports_to():
    tools = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["tool"]
    (contract, *_) = tools["importlinter"]["contracts"]
    declared = [re.findall(r"\w+", layer) for layer in contract["layers"]]
    picture = PAGE.split("```text\n")[1].split("```")[0].splitlines()
    names = {name for layer in declared for name in layer}

    drawn = [re.split(r"\s{3,}", line.strip())[0] for line in picture]
    layers = [re.findall(r"\w+", line) for line in drawn]
    assert [layer for layer in layers if names.issuperset(layer) and layer] == declared


APART = ("analyses", "audit", "changes", "crate", "figures", "report", "trace")


def test_no_fit_depends_on_what_shows_checks_or_audits_it():
    """So no edit there refits: a rule's digest is of the modules its script imports."""
    names = [
        path.relative_to(LIBRARY)
        for path in code_closure(LIBRARY.parent / "fit.py")[1:]
    ]
    assert len(names) > 40
    assert [name for name in names if name.parts[0] in APART] == []
    checks = ("checked.py", "predictive_checks.py", "simulate.py", "power_scaling.py")
    assert [name for name in names if name.name in checks] == []
