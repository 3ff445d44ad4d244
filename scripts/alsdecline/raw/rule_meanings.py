"""What each rule on raw data finds, and what to do: its docstring in the catalogue."""

import ast
import dataclasses
import functools
import inspect

from alsdecline.raw import rules
from alsdecline.raw.rules import Rule


@dataclasses.dataclass(frozen=True)
class Meaning:
    """What a rule finds, and what is to be done about it, a text each."""

    finds: str
    remedy: str

    @property
    def text(self) -> str:
        """Both, as the catalogue has them."""
        return f"{self.finds} {self.remedy}".strip()


def _meaning(docstring: str) -> Meaning:
    finds, stop, remedy = " ".join(docstring.split()).partition(". ")
    return Meaning(finds + stop.strip(), remedy)


@functools.cache
def rule_meanings() -> dict[Rule, Meaning]:
    """Return what stands below each rule in the catalogue, in its order."""
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
            found[Rule[target.id]] = _meaning(str(below.value.value))
    return found
