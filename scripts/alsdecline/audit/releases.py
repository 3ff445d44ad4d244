"""Releases: a run frozen in a read-only folder that its digest names.

The raw files are not in a release, their hashes are. Its manifest holds the head of the
ledger, so that a ledger that lost its tail, or was written anew, is found against it.
"""

import hashlib
import re
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypedDict, cast

from alsdecline.digests import canonical_json
from alsdecline.faults import DataError
from alsdecline.jobs.ledger import Chain, append, read_ledger
from alsdecline.jobs.recorded_runs import (
    PARTIAL,
    last_release,
    read_manifest,
    releases_of,
)
from alsdecline.jobs.records import FileDigest, file_digest
from alsdecline.settings.plan_lock import LOCK as PLAN_LOCK
from alsdecline.stable_files import json_text

RELEASES = Path("releases")
MANIFEST = "manifest.json"
TIMED = tuple(f"results/{name}/" for name in ("logs", "benchmarks", "ledger"))
"""What carries times, and so is no part of a release's digest."""


class Manifest(TypedDict):
    """What a release holds, by SHA-256, and where the ledger stood.

    ``digest`` is that of what it holds, ``sequence`` its number among the trial's.
    """

    digest: str
    sequence: int
    head: str
    lines: int
    files: dict[str, FileDigest]
    raw: dict[str, str]


def _files(folder: Path) -> dict[str, FileDigest]:
    """Digests of all files below a folder, by path from it, but the manifest."""
    return {
        str(path.relative_to(folder)): file_digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / MANIFEST
    }


def digest_of(files: Mapping[str, FileDigest], raw: Mapping[str, str]) -> str:
    """Digest of what a release holds, without what carries times.

    Parameters
    ----------
    files : mapping of str to FileDigest
        By path.
    raw : mapping of str to str
        SHA-256 of the raw files.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    held = {p: d["sha256"] for p, d in files.items() if not p.startswith(TIMED)}
    content = canonical_json({"files": held, "raw": dict(raw)})
    return hashlib.sha256(content.encode()).hexdigest()


def _protect(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))


def make_release(folder: Path, lock: Path, raw: Mapping[str, str]) -> Manifest:
    """Freeze a trial's results.

    Parameters
    ----------
    folder : Path
        The trial's folder, verified.
    lock : Path
        The lock of all software.
    raw : mapping of str to str
        SHA-256 of the raw files.

    Returns
    -------
    Manifest

    Raises
    ------
    DataError
        If these results are released already.
    """
    previous = last_release(folder)
    sequence = 1 + (read_manifest(previous)["sequence"] if previous else 0)
    partial = folder / RELEASES / PARTIAL
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    shutil.copytree(folder / "results", partial / "results")
    for file, name in ((folder / "config.yaml", None), (lock, "requirements.txt")):
        shutil.copyfile(file, partial / (name or file.name))
    if (folder / PLAN_LOCK).is_file():
        shutil.copyfile(folder / PLAN_LOCK, partial / PLAN_LOCK.name)
    chain = read_ledger(partial)
    files = _files(partial)
    digest = digest_of(files, raw)
    release = folder / RELEASES / digest[:16]
    if release.exists():
        shutil.rmtree(partial)
        _protect(release)  # which an interruption may have left undone
        raise DataError(f"{release}: these results are released already")
    manifest: Manifest = {
        "digest": digest,
        "sequence": sequence,
        "head": chain.head,
        "lines": len(chain.lines),
        "files": files,
        "raw": dict(raw),
    }
    (partial / MANIFEST).write_text(json_text(manifest), encoding="utf-8")
    # told first: one that is told and not here is made by the next `release`, but one
    # that is here and not told could have been put there by anybody
    append(folder, [{"event": "release", "digest": digest, "sequence": sequence}])
    partial.rename(release)
    _protect(release)
    return manifest


def _digests_in(manifest: Mapping[str, Any]) -> list[Any]:
    """List what stands where a manifest has the SHA-256 of each file."""
    files = manifest["files"].values()
    of_files = [
        file.get("sha256") if isinstance(file, dict) else None for file in files
    ]
    return [*of_files, *manifest["raw"].values()]


def checked_manifest(release: Path) -> Manifest:
    """Read a manifest, and check that it has what an audit uses of it.

    Raises
    ------
    DataError
        If it has not.
    """
    manifest = read_manifest(release)
    kinds = {"digest": str, "head": str, "lines": int, "files": dict, "raw": dict}
    whole = all(isinstance(manifest.get(key), kind) for key, kind in kinds.items())
    if not whole or not all(isinstance(d, str) for d in _digests_in(manifest)):
        raise DataError(f"{release / MANIFEST}: is no manifest of a release")
    return cast("Manifest", manifest)


def release_faults(release: Path) -> list[tuple[str, str]]:
    """Compare a release with its manifest.

    Parameters
    ----------
    release : Path
        Its folder.

    Returns
    -------
    list of (str, str)
        File and what is wrong with it; empty where the release is what it was.
    """
    manifest = checked_manifest(release)
    listed, found = manifest["files"], _files(release)
    faults = [(name, "is absent") for name in sorted(listed.keys() - found.keys())]
    faults += [(name, "was added") for name in sorted(found.keys() - listed.keys())]
    faults += [
        (name, "was changed")
        for name in sorted(listed.keys() & found.keys())
        if listed[name] != found[name]
    ]
    digest = digest_of(listed, manifest["raw"])
    # a copy kept elsewhere may have a name of its own
    named = release.parent.name == RELEASES.name
    misnamed = named and not digest.startswith(release.name)
    if digest != manifest["digest"] or misnamed:
        faults.append((MANIFEST, "its digest is not that of what it lists"))
    return faults


def _is_release(line: Mapping[str, Any]) -> bool:
    digest = line.get("digest")
    return (
        line.get("event") == "release"
        and isinstance(digest, str)
        and re.fullmatch("[0-9a-f]{64}", digest) is not None
    )


def releases_absent(folder: Path, chain: Chain) -> list[str]:
    """Name the releases that a ledger tells of and that are not in the trial's folder.

    Parameters
    ----------
    folder : Path
        The trial's folder.
    chain : Chain
        Its ledger.

    Returns
    -------
    list of str
        Names of their folders.
    """
    names = [line["digest"][:16] for line in chain.lines if _is_release(line)]
    return [
        name for name in names if not (folder / RELEASES / name / MANIFEST).exists()
    ]


def heads_kept(folder: Path, chain: Chain) -> list[str]:
    """Compare a ledger with the heads that releases kept of it.

    Parameters
    ----------
    folder : Path
        The trial's folder.
    chain : Chain
        Its ledger.

    Returns
    -------
    list of str
        What is wrong, a sentence a release.
    """
    faults = []
    entered = {line.get("digest") for line in chain.lines if _is_release(line)}
    for release in releases_of(folder):
        try:
            manifest = checked_manifest(release)
        except DataError as error:
            faults.append(str(error))
            continue
        if manifest["digest"] not in entered:
            faults.append(f"has no entry of release {release.name}")
        line = manifest["lines"]
        kept = 0 <= line < len(chain.hashes)
        if not kept or chain.hashes[line] != manifest["head"]:
            faults.append(
                f"line {line} is not the one that release {release.name} has as "
                "its head; the ledger was cut or written anew"
            )
    return faults
