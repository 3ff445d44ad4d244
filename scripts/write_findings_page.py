"""Write the page of all rules on raw data, from the catalogue of rules."""

import argparse
import ast
import inspect
from pathlib import Path

from alsdecline.raw import rules
from alsdecline.raw.rules import Rule

HEADER = """\
# Every rule on raw data

Written by `make docs` from the catalogue of rules. Each finding names its rule, with
file, row, column and value, in `results/validation/findings.csv`. A fatal one stops the
run before anything is analysed; a warning is listed in the report, and the run goes on.
Where a rule has both, the sentence says when.

| rule | severity | finds |
|---|---|---|
"""


def sentences() -> dict[str, str]:
    """Return the text that stands below each rule in the catalogue, by the id."""
    (catalogue,) = (
        node
        for node in ast.parse(inspect.getsource(rules)).body
        if isinstance(node, ast.ClassDef)
    )
    found = {}
    for above, below in zip(catalogue.body, catalogue.body[1:], strict=False):
        if not (isinstance(above, ast.Assign) and isinstance(below, ast.Expr)):
            continue
        (target,) = above.targets
        if isinstance(target, ast.Name) and isinstance(below.value, ast.Constant):
            found[Rule[target.id].value] = " ".join(str(below.value.value).split())
    return found


def findings_page() -> str:
    """Return the page: every rule once, in the order of the catalogue."""
    said = sentences()
    rows = [
        f"| `{rule.value}` | {' or '.join(rule.severities)} | {said[rule.value]} |"
        for rule in Rule
    ]
    return HEADER + "\n".join(rows) + "\n"


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path, help="the file to write")
    parser.parse_args().page.write_text(findings_page(), "utf-8")


if __name__ == "__main__":
    main()
