"""Every command of the documentation names targets, scripts and options that exist."""

import io
import re
import shlex
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress

import pytest
from snakemake.cli import get_argument_parser

import audit
from support.doc_pages import PAGES, Block, blocks
from support.trial_folder import PROJECT

SHOWN = [block for page in PAGES for block in blocks(page, "sh", "shell")]
BETWEEN_COMMANDS = {"&&", "||", "|", ";"}
TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)
OPTION = re.compile(r"(?<![\w-])--?[a-zA-Z][\w-]*")


def commands(block: Block) -> list[list[str]]:
    """Split a block into its commands, and these into words, without comments."""
    found: list[list[str]] = []
    for line in block.text.replace("\\\n", " ").splitlines():
        found.append([])
        for word in shlex.split(line, comments=True):
            if word in BETWEEN_COMMANDS:
                found.append([])
            else:
                found[-1].append(word)
    return [command for command in found if command]


def options(words: list[str]) -> set[str]:
    """Return the options among words, without numbers that follow at once."""
    given = {word.partition("=")[0] for word in words if word.startswith("-")}
    return {re.sub(r"^(-[a-z])\d+$", r"\1", option) for option in given}


def unknown_of_make(words: list[str]) -> set[str]:
    targets = set(TARGET.findall((PROJECT / "Makefile").read_text("utf-8")))
    return {w for w in words if "=" not in w} - options(words) - targets


def unknown_of_snakemake(words: list[str]) -> set[str]:
    return options(words) - set(OPTION.findall(get_argument_parser().format_help()))


def help_of_audit(*verb: str) -> str:
    """Return what the audit says of itself, or of a verb; empty without such a verb."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(io.StringIO()), suppress(SystemExit):
        audit.main([*verb, "--help"])
    return said.getvalue()


def unknown_of_audit(words: list[str]) -> set[str]:
    plain = [w for w in words if not w.startswith("-") and w != "my_trial"]
    whole = help_of_audit()
    verb = plain[0] if plain and help_of_audit(plain[0]) else ""
    if not verb:
        return set(plain[:1]) or {"no verb"}
    return options(words) - set(OPTION.findall(whole + help_of_audit(verb)))


def unknown_of_python(words: list[str]) -> set[str]:
    if not words or not words[0].endswith(".py"):
        return set()
    script, *others = words
    if not (PROJECT / script).is_file():
        return {script}
    if script == "scripts/audit.py":
        return unknown_of_audit(others)
    source = (PROJECT / script).read_text(encoding="utf-8")
    return {option for option in options(others) if f'"{option}"' not in source}


CHECKS: dict[str, Callable[[list[str]], set[str]]] = {
    "make": unknown_of_make,
    ".venv/bin/snakemake": unknown_of_snakemake,
    ".venv/bin/python": unknown_of_python,
    "python": unknown_of_python,
}


@pytest.mark.parametrize("block", SHOWN, ids=lambda b: f"{b.page.name}:{b.line}")
def test_a_command_names_what_exists(block: Block) -> None:
    unknown = {
        shlex.join(command): strange
        for command in commands(block)
        if (check := CHECKS.get(command[0])) and (strange := check(command[1:]))
    }
    assert unknown == {}


@pytest.mark.parametrize(
    ("command", "unknown"),
    [
        ("make reports", {"reports"}),
        (".venv/bin/snakemake -c2 --direktory x", {"--direktory"}),
        (".venv/bin/python scripts/audits.py verify", {"scripts/audits.py"}),
        (".venv/bin/python scripts/audit.py --directory my_trial verity", {"verity"}),
        (".venv/bin/python scripts/audit.py replay --core 2", {"--core"}),
    ],
)
def test_what_does_not_exist_is_seen(command: str, unknown: set[str]) -> None:
    program, *words = shlex.split(command)
    assert CHECKS[program](words) == unknown
