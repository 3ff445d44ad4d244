"""The record of a job: what it read, wrote and depended on, by digest.

A record is deterministic: it has no time, host or path outside the trial's folder and
the project. What happened when, where and why stands in the ledger.
"""

import dataclasses
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, NotRequired, TypedDict, TypeGuard

from alsdecline.digests import (
    code_closure,
    meaning_of_code,
    read_code_param,
    read_spec,
    sha256_of_file,
)
from alsdecline.jobs.installed import installed_versions
from alsdecline.plain_json import parse_json
from alsdecline.project import PROJECT
from alsdecline.trial_paths import fault_of_name, file_to_read, link_before

FORMAT = 1
FOLDER = Path("results/records")
MADE = ("results/", "releases/")
"""Where files of a trial lie that are no raw files."""

SOFTWARE = ("snakemake", "pymc", "nutpie", "arviz", "numpy", "scipy", "pandas")
"""Packages whose versions the ledger, the crate and the report name."""


class FileDigest(TypedDict):
    """SHA-256 and size in bytes of a file.

    ``link`` is the part of its path that is a link, where it lies behind one.
    """

    sha256: str
    size: int
    link: NotRequired[str]


class CodeDigest(TypedDict):
    """SHA-256 of a file of code, and of Python what it means."""

    sha256: str
    meaning: NotRequired[str]


class JobCode(TypedDict):
    """The code of a job: one digest of what it means, and digests by file."""

    digest: str
    files: dict[str, CodeDigest]


class Record(TypedDict):
    """The record of a job, as its file has it."""

    format: int
    job: str
    rule: str
    wildcards: dict[str, str]
    inputs: dict[str, FileDigest]
    outputs: dict[str, FileDigest]
    code: JobCode
    settings: Any
    raw: str | None
    environment: str
    seeds: dict[str, Any]
    gates: dict[str, Any]
    versions: dict[str, str]
    installed: dict[str, str]


@dataclasses.dataclass(frozen=True)
class JobIdentity:
    """Which job it is.

    Attributes
    ----------
    rule : str
        Name of its rule.
    wildcards : mapping of str to str
        Values of the rule's wildcards, in their order.
    """

    rule: str
    wildcards: Mapping[str, str]

    @property
    def name(self) -> str:
        """The rule, and the values of its wildcards behind slashes."""
        return "/".join([self.rule, *self.wildcards.values()])


def file_digest(path: Path) -> FileDigest:
    """Return the SHA-256 and the size of a file."""
    return {"sha256": sha256_of_file(path), "size": path.stat().st_size}


def file_digests(files: Iterable[str]) -> dict[str, FileDigest]:
    """Return the digests of files of the trial in the working folder, by name."""
    digests = {}
    for file in sorted(set(files)):
        digests[file] = file_digest(file_to_read(Path(), file))
        # what is made or released may lie elsewhere where the run is made again
        link = "" if file.startswith(MADE) else link_before(Path(), file)
        if link:
            digests[file]["link"] = link
    return digests


def hashes(digests: Mapping[str, FileDigest]) -> dict[str, str]:
    """Return the SHA-256 of files alone, by name."""
    return {name: digest["sha256"] for name, digest in digests.items()}


def code_files(script: Path, extra: Iterable[str]) -> dict[str, CodeDigest]:
    """Digests of a script and of all that it imports from the library.

    Parameters
    ----------
    script : Path
        A script of the project.
    extra : iterable of str
        Other files that it uses as code, named from the scripts' folder.

    Returns
    -------
    dict of str to dict
        By path from the project's folder: ``sha256`` of the bytes, and of Python code
        its ``meaning``, which comments, layout and docstrings do not change.
    """
    files: dict[str, CodeDigest] = {
        str(path.relative_to(PROJECT)): {
            "sha256": sha256_of_file(path),
            "meaning": meaning_of_code(path),
        }
        for path in code_closure(script)
    }
    for name in extra:
        path = PROJECT / "scripts" / name
        files[str(path.relative_to(PROJECT))] = {"sha256": sha256_of_file(path)}
    return dict(sorted(files.items()))


def versions() -> dict[str, str]:
    """Versions of Python and of the main packages."""
    return {"python": platform.python_version()} | {
        name: version(name) for name in SOFTWARE
    }


def job_record(
    identity: JobIdentity,
    script: Path,
    params: Mapping[str, str],
    inputs: Mapping[str, FileDigest],
    outputs: Mapping[str, FileDigest],
    facts: Mapping[str, Any],
) -> Record:
    """Make the record of a job.

    Parameters
    ----------
    identity : JobIdentity
        Which job.
    script : Path
        The script that it ran.
    params : mapping of str to str
        ``code``, ``env`` and, where the job has them, ``spec`` and ``raw``: the digest
        params of its rule.
    inputs, outputs : mapping
        From :func:`file_digests`.
    facts : mapping
        ``seeds`` by task, ``gates`` with verdicts; either may be absent.

    Returns
    -------
    Record
        To be written as JSON.
    """
    digest, extra = read_code_param(params["code"])
    return {
        "format": FORMAT,
        "job": identity.name,
        "rule": identity.rule,
        "wildcards": dict(identity.wildcards),
        "inputs": dict(inputs),
        "outputs": dict(outputs),
        "code": {"digest": digest, "files": code_files(script, extra)},
        "settings": read_spec(params["spec"]) if "spec" in params else None,
        "raw": params.get("raw"),
        "environment": params["env"],
        "seeds": dict(facts.get("seeds", {})),
        "gates": dict(facts.get("gates", {})),
        "versions": versions(),
        "installed": dict(installed_versions()),
    }


def _is_record(record: Any) -> TypeGuard[Record]:
    """Tell whether a JSON value has all that readers of records use.

    Files of a trial and of the project are in their folders, or it is none.
    """
    kinds: dict[str, type] = {"job": str, "environment": str}
    kinds |= dict.fromkeys(("code", "inputs", "outputs", "seeds", "gates"), dict)
    return (
        isinstance(record, dict)
        and record.get("format") == FORMAT
        and {"settings", "raw"} <= record.keys()
        and isinstance(record["raw"], str | None)
        and isinstance(record.get("versions", {}), dict)
        and isinstance(record.get("installed", {}), dict)
        and all(isinstance(record.get(key), kind) for key, kind in kinds.items())
        and isinstance(record["code"].get("digest"), str)
        and isinstance(record["code"].get("files"), dict)
        and all(
            isinstance(digest, dict)
            and isinstance(digest.get("sha256"), str)
            and not fault_of_name(name)
            for part in (record["inputs"], record["outputs"], record["code"]["files"])
            for name, digest in part.items()
        )
    )


def read_record(path: Path) -> Record:
    """Read a record.

    Parameters
    ----------
    path : Path
        Below ``results/records``.

    Returns
    -------
    Record
        As :func:`job_record` made it.

    Raises
    ------
    ValueError
        If it is none, or of another format.
    """
    return record_in(path.read_bytes(), path)


def record_in(content: bytes, path: Path) -> Record:
    """Read a record of a file's content; see :func:`read_record`."""
    try:
        record: Any = parse_json(content)
    except ValueError as error:
        raise ValueError(f"{path}: no record of a job: {error}") from None
    if not _is_record(record):
        raise ValueError(f"{path}: no record of a job in format {FORMAT}")
    return record
