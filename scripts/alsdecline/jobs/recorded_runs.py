"""Recorded runs: folders with results and the configuration that they came from."""

import dataclasses
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast

from alsdecline.faults import DataError
from alsdecline.jobs.records import Record
from alsdecline.settings.file import CONFIG, SettingsError, read_settings
from alsdecline.settings.plan_file import PLAN
from alsdecline.settings.trial import Settings
from alsdecline.stable_files import read_json

NOW = "now"
"""What the run in the trial's own folder is called on a command line."""

THIS_RUN = "this run"
"""What it is called in results, where the folder's name has no place."""

COMPARISON = "compare_with_release"
"""The job that compares this run with the last release."""

NOT_COMPARED = frozenset({COMPARISON, "crate"})
"""Jobs that tell about a run, and so are no part of what is compared."""

SHORTEST_PREFIX = 4

PARTIAL = ".partial"
"""Name of a release's folder until it is whole."""

_DIGITS = re.compile("[0-9a-f]+")
"""Names of the folders of releases."""


@dataclasses.dataclass(frozen=True)
class RecordedRun:
    """A run that can be compared with another.

    Attributes
    ----------
    folder : Path
        Holds `results/` and `config.yaml`.
    name : str
        What to call it; no path.
    settings : Settings or None
        None where this version cannot read them.
    complaint : str
        Why it cannot; empty where it can.
    records : dict of str to Record
        What each job recorded, by job; empty where nothing was.
    manifest : dict
        Of a release; empty where it is none.
    """

    folder: Path
    name: str
    settings: Settings | None
    complaint: str
    records: dict[str, Record]
    manifest: dict[str, Any]

    @property
    def results(self) -> Path:
        """Folder of the results."""
        return self.folder / "results"


def _read_json(path: Path) -> dict[str, Any]:
    # a pipe of such a name would be waited for without end
    content = read_json(path) if path.is_file() else None
    if not isinstance(content, dict):
        raise DataError(f"{path}: not a JSON object; put the file back as it was")
    return content


def read_manifest(release: Path) -> dict[str, Any]:
    """Read the manifest of a release.

    Raises
    ------
    DataError
        If it is no JSON object.
    """
    return _read_json(release / "manifest.json")


def read_records(paths: Iterable[Path]) -> dict[str, Record]:
    """Read what jobs recorded, sorted by job, but those that tell about the run.

    Parameters
    ----------
    paths : iterable of Path
        JSON files.

    Returns
    -------
    dict of str to Record

    Raises
    ------
    DataError
        If one is no record.
    """
    records = {}
    for path in sorted(paths):
        content = _read_json(path)
        if not _can_be_compared(content):
            raise DataError(
                f"{path}: is no record of a job; put the file back as it was"
            )
        # one of another version may have less
        record = cast("Record", content)
        records[record["job"]] = record
    return {job: r for job, r in sorted(records.items()) if job not in NOT_COMPARED}


def _can_be_compared(record: dict[str, Any]) -> bool:
    """Tell whether a record has all that comparisons of runs use."""
    code, inputs = record.get("code"), record.get("inputs")
    files = code.get("files") if isinstance(code, dict) else None
    return (
        isinstance(record.get("job"), str)
        and isinstance(record.get("environment"), str)
        and _are_texts(record.get("versions"))
        and all(
            isinstance(part, dict)
            and all(
                isinstance(d, dict) and _are_texts(d, "sha256") for d in part.values()
            )
            for part in (files, inputs)
        )
    )


def _are_texts(value: Any, *keys: str) -> bool:
    """Tell whether a mapping has texts, at these keys or throughout."""
    return isinstance(value, dict) and all(
        isinstance(value.get(key), str) for key in keys or value
    )


def open_run(folder: Path) -> RecordedRun:
    """Read what identifies a run.

    Parameters
    ----------
    folder : Path
        A trial's folder, or a release.

    Returns
    -------
    RecordedRun

    Raises
    ------
    DataError
        If the folder holds no run, or a file of its book-keeping cannot be read.
    """
    if not (folder / "results").is_dir():
        raise DataError(
            f"{folder}: no run, for it has no folder results; give a trial's folder "
            "that was analysed, or a release"
        )
    settings, complaint = None, ""
    manifest = folder / "manifest.json"
    described = read_manifest(folder) if manifest.is_file() else {}
    config = config_of(folder)
    try:
        settings = read_settings(config)
    except SettingsError as error:
        # results name no folder of a machine
        complaint = str(error).splitlines()[0].replace(str(config), config.name)
    name = folder.resolve().name
    if described:
        number = described.get("sequence")
        name = f"release {name}" if number is None else f"release {number} ({name})"
    records = read_records((folder / "results" / "records").rglob("*.json"))
    return RecordedRun(folder, name, settings, complaint, records, described)


def config_of(folder: Path) -> Path:
    """Return the configuration of a run: of a release the completed one.

    A release has no raw files, from which what config.yaml leaves out was taken.
    """
    complete = folder / PLAN
    of_release = (folder / "manifest.json").is_file() and complete.is_file()
    return complete if of_release else folder / CONFIG


def releases_of(trial: Path) -> list[Path]:
    """Return the folders of a trial's releases, but one that is not whole."""
    found = (path.parent for path in trial.glob("releases/*/manifest.json"))
    # a folder of another name is none of ours, and rules could not name every one
    return sorted(folder for folder in found if _DIGITS.fullmatch(folder.name))


def last_release(trial: Path) -> Path | None:
    """Return the release with the highest number, if there is any.

    Parameters
    ----------
    trial : Path
        The trial's folder.

    Returns
    -------
    Path or None

    Raises
    ------
    DataError
        If a release has no number, or two have the same.
    """
    numbered: dict[int, Path] = {}
    for folder in releases_of(trial):
        manifest = folder / "manifest.json"
        number = read_manifest(folder).get("sequence")
        if not isinstance(number, int):
            raise DataError(
                f"{manifest}: `sequence` is {number!r}, not the release's number; put "
                "the file back as it was"
            )
        if number in numbered:
            raise DataError(
                f"{manifest}: `sequence` is {number}, which {numbered[number].name} "
                "has too; put the files back as they were"
            )
        numbered[number] = folder
    return numbered[max(numbered)] if numbered else None


def resolve_run(name: str, trial: Path) -> Path:
    """Find the folder of the run that a person names.

    Parameters
    ----------
    name : str
        ``now`` for the trial's folder itself, the first digits of a release's digest
        (at least 4), or a path.
    trial : Path
        The trial's folder.

    Returns
    -------
    Path

    Raises
    ------
    DataError
        If there is none, or more than one.
    """
    if name == NOW:
        return trial
    releases = releases_of(trial)
    if re.fullmatch(rf"[0-9a-f]{{{SHORTEST_PREFIX},64}}", name):
        # a folder has the first digits only, and a person may give them all
        meant = [r for r in releases if r.name.startswith(name[: len(r.name)])]
        if len(meant) == 1:
            return meant[0]
        if meant:
            names = _names(meant)
            raise DataError(
                f"{name}: begins several releases: {names}; give more of it"
            )
    if Path(name).is_dir():
        return Path(name)
    raise DataError(
        f"{name}: neither a folder nor a release of this trial; give '{NOW}', a path, "
        f"or the first digits of one of: {_names(releases) or '(there is no release)'}"
    )


def _names(folders: Sequence[Path]) -> str:
    return ", ".join(folder.name for folder in folders)
