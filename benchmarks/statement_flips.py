"""What statements of Python code may be flipped to, for ``mutations.py``.

A comparison is reversed or shifted, a sum becomes a difference and a product a
quotient, a number goes up by one, ``and`` becomes ``or``, a condition its contrary, a
result None; what appends, raises, yields, skips or assigns anew is left out.
Docstrings, annotations, defaults and texts are not flipped.
"""

import ast
import copy
import dataclasses
from collections.abc import Iterator
from typing import Any

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitAnd: ast.BitOr,  # the `and` and `or` of tables
    ast.BitOr: ast.BitAnd,
}


@dataclasses.dataclass(frozen=True)
class Flip:
    """A flip of a statement: a node of it, or itself, and what takes its place."""

    statement: ast.stmt
    node: ast.AST
    instead: ast.AST


class Put(ast.NodeTransformer):
    """Put a flip into its tree."""

    def __init__(self, flip: Flip) -> None:
        """Take the flip."""
        self.flip = flip

    def visit(self, node: ast.AST) -> ast.AST:
        """Return what stands in place of a node."""
        found = node is self.flip.node
        return self.flip.instead if found else self.generic_visit(node)


def _with(node: ast.AST, **fields: Any) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Walk a statement without texts, annotations and the statements in it."""
    yield node
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            inner = isinstance(child, ast.stmt | ast.ExceptHandler | ast.JoinedStr)
            if isinstance(child, ast.AST) and not inner and name != "annotation":
                yield from _nodes(child)


def _of_node(node: ast.AST) -> Iterator[ast.AST]:
    """Say what an expression may be flipped to."""
    match node:
        case ast.Compare(ops=ops):
            for at, op in enumerate(ops):
                for other in COMPARISONS[type(op)]:
                    yield _with(node, ops=[*ops[:at], other(), *ops[at + 1 :]])
        case ast.BinOp(op=ast.Div(), right=ast.Constant(value=str())):
            return  # a path
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in OPERATORS:
            yield _with(node, op=OPERATORS[type(op)]())
        case ast.BoolOp(op=op):
            yield _with(node, op=ast.Or() if isinstance(op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.Constant(value=int() | float() as value) if not isinstance(
            value, bool
        ):
            yield _with(node, value=value + 1)


def _condition(node: ast.AST) -> Iterator[ast.expr]:
    """Yield conditions that only `not` can flip."""
    tests = getattr(node, "ifs", []) or [getattr(node, "test", None)]
    for test in tests:
        if not isinstance(test, ast.UnaryOp | ast.Compare | ast.BoolOp | None):
            yield test


def _is_text(value: ast.expr | None) -> bool:
    """Tell whether an expression is a text or nothing."""
    if isinstance(value, ast.Constant):
        return isinstance(value.value, str | None)
    return isinstance(value, ast.JoinedStr | None)


def _rebinds(statement: ast.Assign, function: ast.FunctionDef) -> bool:
    """Tell whether an assignment changes what there is, so that it can be left out."""
    before = {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name)
        and isinstance(node.ctx, ast.Store)
        and node.lineno < statement.lineno
    }
    return not any(
        isinstance(node, ast.Name)
        and isinstance(node.ctx, ast.Store)
        and node.id not in before
        for target in statement.targets
        for node in ast.walk(target)
    )


def _whole(statement: ast.stmt, function: ast.FunctionDef) -> Iterator[ast.AST]:
    """Say what may stand in place of a statement of a function."""
    match statement:
        case ast.Return(value=value) if not _is_text(value):
            yield _with(statement, value=ast.Constant(None))
        case ast.Assign() if _rebinds(statement, function):
            yield ast.Pass()
        case ast.Expr(value=value) if not _is_text(value):
            yield ast.Pass()
        case ast.Raise() | ast.AugAssign() | ast.Continue() | ast.Break():
            yield ast.Pass()


def flips_of(tree: ast.Module) -> list[list[Flip]]:
    """Find the flips of each statement that has any.

    Parameters
    ----------
    tree : Module
        A module.

    Returns
    -------
    list of list of Flip
        By statement.
    """
    functions = {
        inner: outer
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef)
        for inner in ast.walk(outer)
    }
    skipped = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.TypeAlias)
    found = []
    for statement in ast.walk(tree):
        if not isinstance(statement, ast.stmt) or isinstance(statement, skipped):
            continue
        flips = []
        if statement in functions:
            instead = _whole(statement, functions[statement])
            flips += [Flip(statement, statement, new) for new in instead]
        if not isinstance(statement, ast.Raise):
            for node in _nodes(statement):
                flips += [Flip(statement, node, new) for new in _of_node(node)]
                flips += [
                    Flip(statement, test, ast.UnaryOp(ast.Not(), test))
                    for test in _condition(node)
                ]
        found.append(flips)
    return [flips for flips in found if flips]
