"""The files in which the workflow itself is written, and what they mean."""

import hashlib
import io
import tokenize
from pathlib import Path

MAIN = "Snakefile"

_LAYOUT = frozenset({tokenize.COMMENT, tokenize.NL})
_BLOCKS = frozenset({tokenize.INDENT, tokenize.DEDENT, tokenize.NEWLINE})


def workflow_files(project: Path) -> list[str]:
    """Return the paths, from the project's folder, of the Snakefile and its rules."""
    rules = sorted(path.name for path in (project / "rules").glob("*.smk"))
    return [MAIN, *[f"rules/{name}" for name in rules]]


def meaning_of_rules(path: Path) -> str:
    """SHA-256 of what a file of rules says; comments and layout do not count.

    Snakemake's language has the tokens of Python, but not its grammar, so that there
    is no syntax tree as there is of a module.

    Parameters
    ----------
    path : Path
        The Snakefile, or one that it includes.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    source = io.StringIO(path.read_text(encoding="utf-8"))
    tokens = [
        [token.type, "" if token.type in _BLOCKS else token.string]
        for token in tokenize.generate_tokens(source.readline)
        if token.type not in _LAYOUT
    ]
    return hashlib.sha256(repr(tokens).encode()).hexdigest()


def workflow_meanings(project: Path) -> dict[str, str]:
    """Return what each of :func:`workflow_files` means, by its path."""
    return {name: meaning_of_rules(project / name) for name in workflow_files(project)}
