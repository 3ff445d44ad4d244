"""The corpus of small inputs: a clean trial, and edits of it with what they give.

Each case of ``tests/bad_inputs/*.yaml`` has a name, edits and what is found. Edits are
made in the order of :data:`EDITS`; rows count as in findings, the header being row 1.
"""

import csv
import dataclasses
import functools
import gzip
import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import yaml

import validate
from alsdecline import digests
from alsdecline.faults import DataError
from alsdecline.jobs.before_planning import load_configuration
from alsdecline.raw.findings import Finding, read_findings
from alsdecline.settings.data_planning import data_plan, for_validation
from alsdecline.settings.file import SettingsError

CORPUS = Path(__file__).parents[1] / "bad_inputs"
CLEAN = CORPUS / "clean"
ANY = "any"
"""Stands for whatever a finding has there."""

FIELDS = ("rule", "severity", "file", "row", "column", "value")


@dataclasses.dataclass(frozen=True)
class Case:
    """A case of the corpus.

    Attributes
    ----------
    name, kind : str
        What it is, and the file that it stands in.
    edits : dict
        By the names of :data:`EDITS`.
    finds : list of list
        What is found, by :data:`FIELDS`.
    refused : str
        Part of the message where a run stops before it reads any data.
    """

    name: str
    kind: str
    edits: dict[str, Any]
    finds: list[list[Any]]
    refused: str = ""


class _Loader(yaml.SafeLoader):
    """Reads YAML whose dates stay the texts that they are in raw files."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if not tag.endswith("timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@functools.cache
def corpus() -> dict[str, Case]:
    """Return all cases, by name."""
    cases: dict[str, Case] = {}
    for path in sorted(CORPUS.glob("*.yaml")):
        for entry in yaml.load(path.read_text("utf-8"), _Loader):
            name = entry.pop("name")
            assert name not in cases, f"{name} stands twice"
            case = Case(
                name,
                path.stem,
                finds=entry.pop("finds", []),
                refused=entry.pop("refused", ""),
                edits=entry,
            )
            assert set(case.edits) <= set(EDITS), name
            assert all(len(found) == len(FIELDS) for found in case.finds), name
            cases[name] = case
    return cases


def _read(path: Path) -> list[str]:
    return path.read_text("utf-8").split("\n")


def _write(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines), "utf-8", newline="")


def _files(folder: Path, files: dict[str, str]) -> None:
    """Write files anew; of the configuration, as any other."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8", newline="")


def _config(folder: Path, changes: dict[str, Any]) -> None:
    """Set keys of the configuration, a key in another by a point; ~ removes one."""
    path = folder / "config.yaml"
    config = yaml.safe_load(path.read_text("utf-8"))
    for name, value in changes.items():
        *above, last = name.split(".")
        part = config
        for key in above:
            part = part[int(key)] if key.isdigit() else part.setdefault(key, {})
        if value is None:
            del part[last]
        else:
            part[int(last) if last.isdigit() else last] = value
    path.write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")


def _cells(folder: Path, cells: list[list[Any]]) -> None:
    """Set cells: file, row, column, text as it stands in the file."""
    for file, row, column, text in cells:
        lines = _read(folder / file)
        parts = lines[row - 1].split(",")
        parts[lines[0].split(",").index(column)] = str(text)
        lines[row - 1] = ",".join(parts)
        _write(folder / file, lines)


def _rows(folder: Path, rows: dict[str, dict[int, str]]) -> None:
    """Replace rows."""
    for file, texts in rows.items():
        lines = _read(folder / file)
        for row, text in texts.items():
            lines[row - 1] = text
        _write(folder / file, lines)


def _drop(folder: Path, rows: dict[str, list[int]]) -> None:
    """Leave rows out."""
    for file, numbers in rows.items():
        lines = _read(folder / file)
        _write(folder / file, [x for i, x in enumerate(lines, 1) if i not in numbers])


def _add(folder: Path, rows: dict[str, list[str]]) -> None:
    """Put rows at the end."""
    for file, texts in rows.items():
        lines = _read(folder / file)
        _write(folder / file, [*lines[:-1], *texts, ""])


def _above(folder: Path, rows: dict[str, list[str]]) -> None:
    """Put rows above the header."""
    for file, texts in rows.items():
        _write(folder / file, [*texts, *_read(folder / file)])


def _column(folder: Path, columns: dict[str, dict[str, str]]) -> None:
    """Add a column at the end, one text in all its cells; # counts the rows."""
    for file, texts in columns.items():
        lines = _read(folder / file)
        for name, text in texts.items():
            lines = [
                f"{line},{text.replace('#', str(i)) if i else name}" if line else line
                for i, line in enumerate(lines)
            ]
        _write(folder / file, lines)


def _without(folder: Path, columns: dict[str, list[str]]) -> None:
    """Leave columns out."""
    for file, names in columns.items():
        table = [line.split(",") for line in _read(folder / file)]
        kept = [i for i, name in enumerate(table[0]) if name not in names]
        lines = [",".join(row[i] for i in kept if i < len(row)) for row in table]
        _write(folder / file, lines)


def _text(folder: Path, changes: dict[str, list[list[str]]]) -> None:
    """Replace a text wherever it stands; ^ is the start of lines, whose # counts."""
    for file, pairs in changes.items():
        text = (folder / file).read_text("utf-8")
        for old, new in pairs:
            if old == "^":
                lines = enumerate(text.splitlines())
                changed = "".join(f"{new.replace('#', str(i))}{x}\n" for i, x in lines)
            else:
                changed = text.replace(old, new)
            assert changed != text, f"{old!r} stands not in {file}"
            text = changed
        (folder / file).write_text(text, "utf-8", newline="")


def _reverse(folder: Path, files: list[str]) -> None:
    """Put the rows below the header in reverse."""
    for file in files:
        header, *rows, end = _read(folder / file)
        _write(folder / file, [header, *reversed(rows), end])


def _quote(folder: Path, files: list[str]) -> None:
    """Quote every cell."""
    for file in files:
        rows = list(csv.reader(io.StringIO((folder / file).read_text("utf-8"))))
        stream = io.StringIO()
        csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
        (folder / file).write_text(stream.getvalue(), "utf-8")


def _encode(folder: Path, encodings: dict[str, str]) -> None:
    """Write files in another encoding."""
    for file, encoding in encodings.items():
        path = folder / file
        path.write_bytes(path.read_text("utf-8").encode(encoding))


def _newline(folder: Path, ends: dict[str, str]) -> None:
    """Write files with other line ends."""
    for file, end in ends.items():
        path = folder / file
        path.write_bytes(path.read_bytes().replace(b"\n", end.encode()))


def _cut(folder: Path, files: dict[str, int]) -> None:
    """Cut bytes off the ends of files."""
    for file, count in files.items():
        path = folder / file
        path.write_bytes(path.read_bytes()[:-count])


def _bytes(folder: Path, files: dict[str, str]) -> None:
    """Write bytes, in hexadecimal digits."""
    for file, digits in files.items():
        (folder / file).write_bytes(bytes.fromhex(digits))


def _pack(folder: Path, files: dict[str, str]) -> None:
    """Pack files by gzip, under another name."""
    for file, packed in files.items():
        content = gzip.compress((folder / file).read_bytes(), mtime=0)
        (folder / file).unlink()
        (folder / packed).write_bytes(content)


def _typed(text: str) -> Any:
    """Return a cell as a spreadsheet takes it that reads a CSV file."""
    try:
        return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text or None
    except ValueError:
        return text


def _excel(folder: Path, files: dict[str, str]) -> None:
    """Save CSV files as Excel workbooks, numbers as numbers."""
    for file, workbook in files.items():
        book = openpyxl.Workbook()
        for row in csv.reader(io.StringIO((folder / file).read_text("utf-8"))):
            book.active.append([_typed(cell) for cell in row])
        book.save(folder / workbook)
        (folder / file).unlink()


def _rename(folder: Path, files: dict[str, str]) -> None:
    """Rename files."""
    for old, new in files.items():
        (folder / new).parent.mkdir(parents=True, exist_ok=True)
        (folder / old).rename(folder / new)


def _remove(folder: Path, files: list[str]) -> None:
    """Remove files."""
    for file in files:
        (folder / file).unlink()


EDITS: dict[str, Callable[[Path, Any], None]] = {
    "files": _files,
    "config": _config,
    "cells": _cells,
    "rows": _rows,
    "drop": _drop,
    "add": _add,
    "without": _without,
    "column": _column,
    "text": _text,
    "reverse": _reverse,
    "above": _above,
    "quote": _quote,
    "encode": _encode,
    "newline": _newline,
    "cut": _cut,
    "bytes": _bytes,
    "pack": _pack,
    "excel": _excel,
    "rename": _rename,
    "remove": _remove,
}
"""What an edit is called, and what makes it of a trial's folder, in order."""


def edit(case: Case, folder: Path) -> Path:
    """Put the clean trial into a folder that is not there, and make a case's edits."""
    shutil.copytree(CLEAN, folder)
    for name, make in EDITS.items():
        if name in case.edits:
            make(folder, case.edits[name])
    return folder


class _Outputs:
    """Paths of whatever a job writes, below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __getattr__(self, name: str) -> str:
        return str(self.folder / name)


def validated(folder: Path) -> list[Finding] | str:
    """Validate the trial in the working folder as its job does, without Snakemake.

    Returns
    -------
    list of Finding, or str
        What is found; the message where the run stops before it reads any data.
    """
    try:
        settings = load_configuration({}).settings
    except (SettingsError, DataError) as error:
        return str(error)
    plan = for_validation(data_plan(settings)).model_dump(mode="json")
    given = {"plan": plan, "data_kind": settings.trial.data_kind}
    spec = {key: given[key] for key in validate.Given.model_fields}
    outputs = _Outputs(folder / "written")
    params = SimpleNamespace(spec=digests.spec_param(spec))
    job = SimpleNamespace(params=params, output=outputs)
    validate.main(job, lambda *_: None)
    return read_findings(Path(outputs.findings))


def fields(finding: Finding) -> list[Any]:
    """Return a finding as cases have it."""
    return [
        str(finding.rule),
        finding.severity,
        finding.file,
        finding.row,
        finding.column,
        finding.value,
    ]


def _fits(expected: list[Any], found: list[Any]) -> bool:
    return all(
        wanted in (ANY, there)
        or (wanted is None and not there)
        or (key != "row" and str(wanted) == there)
        for key, wanted, there in zip(FIELDS, expected, found, strict=True)
    )


def unlike(case: Case, findings: list[Finding]) -> list[str]:
    """Say what is found and not expected, and what is expected and not found.

    Notes, which doubt nothing, are left out unless the case expects some.
    """
    noted = any(expected[1] == "note" for expected in case.finds)
    left = [fields(f) for f in findings if noted or f.severity != "note"]
    said = []
    for expected in sorted(case.finds, key=lambda found: found.count(ANY)):
        fitting = [found for found in left if _fits(expected, found)]
        if fitting:
            left.remove(fitting[0])
        else:
            said.append(f"not found: {expected}")
    return said + [f"not expected: {found}" for found in left]
