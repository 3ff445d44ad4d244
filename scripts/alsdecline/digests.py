"""Digests of what a result depends on: code by its meaning, settings, files.

Snakemake compares a rule's params as an unordered set of representations, so every
digest carries a prefix that says what it is of.
"""

import ast
import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path, PurePath
from typing import Any

PACKAGE = "alsdecline"


def sha256_of_file(path: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _describes(call: ast.Call, keyword: ast.keyword) -> bool:
    """Tell the description of a setting, which is to it as a docstring to a function.

    It is printed where a configuration is refused, before any job.
    """
    return (
        isinstance(call.func, ast.Name)
        and call.func.id == "Field"
        and keyword.arg == "description"
        and isinstance(keyword.value, ast.Constant)
    )


def _with_packages(module: str) -> list[str]:
    """Return a module and the packages around it, which are imported before it."""
    parts = module.split(".")
    return [".".join(parts[: i + 1]) for i in range(len(parts))]


@cache
def _parse(source: str) -> tuple[str, tuple[str, ...]]:
    """Digest a module's meaning, and list the library modules that it imports."""
    tree = ast.parse(source)
    imported: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise ValueError(
                    f"line {node.lineno}: a relative import is not followed; write "
                    f"from {PACKAGE}.{node.module or '...'} import ..."
                )
            imported.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call):
            node.keywords = [k for k in node.keywords if not _describes(node, k)]
        elif isinstance(
            node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        ):
            node.body = [s for s in node.body if not _is_docstring(s)] or [ast.Pass()]
    everything = {part for module in imported for part in _with_packages(module)}
    mine = tuple(sorted(m for m in everything if m.split(".")[0] == PACKAGE))
    meaning = ast.dump(tree)
    return hashlib.sha256(meaning.encode()).hexdigest(), mine


def _parse_file(path: Path) -> tuple[str, tuple[str, ...]]:
    try:
        return _parse(path.read_text(encoding="utf-8"))
    except SyntaxError as error:
        error.filename = str(path)  # so that the message names it
        raise


def meaning_of_code(path: Path) -> str:
    """SHA-256 of a module's syntax tree, without comments, layout and descriptions."""
    return _parse_file(path)[0]


def _module_file(root: Path, module: str) -> Path | None:
    stem = root.joinpath(*module.split("."))
    for candidate in (stem.with_suffix(".py"), stem / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


def _root(script: Path) -> Path:
    """Return the folder that the library's package lies in."""
    parents = [script.parent, *script.parents]
    return next(p for p in parents if (p / PACKAGE / "__init__.py").is_file())


def code_closure(script: Path) -> list[Path]:
    """Return the script and every library module that it imports, transitively.

    Parameters
    ----------
    script : Path
        A script beside the library's package folder, or a module inside it.

    Returns
    -------
    list of Path
        The script first, then the modules in sorted order.
    """
    script = script.resolve()
    root = _root(script)
    found: set[Path] = set()
    waiting = [script]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        for module in _parse_file(path)[1]:
            source = _module_file(root, module)
            if source is not None:
                waiting.append(source)
    return [script, *sorted(found - {script})]


def code_digest(script: Path, extra: Iterable[Path] = ()) -> str:
    """Digest of what a script does: its closure's syntax trees, names and all.

    Comments, layout, docstrings and descriptions of settings do not count.

    Parameters
    ----------
    script : Path
        The script that a rule runs.
    extra : iterable of Path
        Files that are code by another name (templates, catalogues), by their bytes.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    closure = code_closure(script)
    root = _root(closure[0])
    total = hashlib.sha256()
    for path in closure:
        label = path.relative_to(root).as_posix()
        total.update(f"{label}\0{meaning_of_code(path)}\n".encode())
    for path in sorted(extra):
        total.update(f"{path.name}\0{sha256_of_file(path)}\n".encode())
    return total.hexdigest()


def code_param(scripts: Path, script: str, extra: Sequence[str] = ()) -> str:
    """Return the digest of what a script does as a rule's param.

    Parameters
    ----------
    scripts : Path
        The folder that all are named from.
    script : str
        The script that a rule runs.
    extra : sequence of str
        Files that are code by another name.

    Returns
    -------
    str
        ``code:``, 64 hexadecimal digits, and the names of the extra files.
    """
    digest = code_digest(scripts / script, [scripts / name for name in extra])
    return " ".join([f"code:{digest}", *extra])


def read_code_param(param: str) -> tuple[str, list[str]]:
    """Read the digest, its prefix too, and the extra files from :func:`code_param`."""
    digest, *extra = param.split(" ")
    return digest, extra


def _date_or_path(value: Any) -> str:
    """Write what has one text alone; that of a set or an object may change."""
    if isinstance(value, datetime.date | PurePath):
        return str(value)
    raise TypeError(f"no canonical JSON of {type(value).__name__} {value!r}")


def canonical_json(value: Any) -> str:
    """JSON text that depends on the value alone, not on key order or layout."""
    return json.dumps(
        value,
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        default=_date_or_path,
    )


def spec_param(value: Any) -> str:
    """Return settings as a rule's param: ``spec:`` and their canonical JSON."""
    return f"spec:{canonical_json(value)}"


def read_spec(param: str) -> Any:
    """Read settings back from :func:`spec_param`."""
    prefix, _, text = param.partition(":")
    if prefix != "spec":
        raise ValueError(f"not a settings param: {param[:40]!r}")
    return json.loads(text)


def spec_digest(value: Any) -> str:
    """Return the SHA-256 of settings' canonical JSON, hexadecimal."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def file_digest_param(prefix: str, files: Mapping[str, Path]) -> str:
    """Digest of files' labels and bytes as a rule's param.

    Parameters
    ----------
    prefix : str
        ``raw`` for raw data, ``env`` for the lock.
    files : mapping of str to Path
        The files under labels that do not depend on the machine.

    Returns
    -------
    str
        The prefix, a colon and 64 hexadecimal digits.
    """
    total = hashlib.sha256()
    for label, path in sorted(files.items()):
        total.update(f"{label}\0{sha256_of_file(path)}\n".encode())
    return f"{prefix}:{total.hexdigest()}"


def task_seed(*identity: str) -> int:
    """Seed of a task from its identity (trial, model, outcome): 32 bits.

    Parameters
    ----------
    *identity : str
        What the task is, from the general to the particular.

    Returns
    -------
    int
        At least 0 and below 2**32.
    """
    digest = hashlib.sha256("\0".join(identity).encode()).digest()
    return int.from_bytes(digest[:4], "big")
