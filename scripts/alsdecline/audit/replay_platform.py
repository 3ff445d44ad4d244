"""Whether a recorded run was made on the platform of the machine at hand.

The records know the lock. The processor stands in the ledger alone, which the replay is
to test; so the machine has the first word: where it makes the bytes of a fit again, it
is the platform, whatever the ledger tells.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path

from alsdecline.digests import sha256_of_file
from alsdecline.jobs.events import Event
from alsdecline.jobs.ledger import read_ledger
from alsdecline.jobs.records import FOLDER as RECORDS
from alsdecline.jobs.records import Record, read_record

FITS = "results/fits/"
"""What is sampled, and so differs by more than rounding where anything does."""


def readable_records(folder: Path) -> Iterator[tuple[Path, Record]]:
    """Read the records of a folder, by path from it, but those that are none."""
    for path in sorted((folder / RECORDS).rglob("*.json")):
        try:
            yield path.relative_to(folder), read_record(path)
        except (OSError, ValueError, RecursionError):
            continue


def fit_files(record: Record) -> list[str]:
    """Name the outputs of a job that are fits."""
    return [file for file in record["outputs"] if file.startswith(FITS)]


def _same_bytes(first: Path, second: Path) -> bool:
    there = first.is_file() and second.is_file()
    return there and sha256_of_file(first) == sha256_of_file(second)


def _not_made_again(folder: Path, again: Path) -> list[str]:
    """Name the fits, or jobs where there are no fits, that come out otherwise here."""
    records = [record for _, record in readable_records(again)]
    made = {record["job"]: fit_files(record) for record in records}
    if not any(made.values()):
        made = {record["job"]: list(record["outputs"]) for record in records}
    return [
        job
        for job, files in made.items()
        if not all(_same_bytes(folder / file, again / file) for file in files)
    ]


def _processors(folder: Path) -> Mapping[str, str]:
    """Processors by job, as a ledger tells them that was never cut or changed."""
    chain = read_ledger(folder)
    if chain.faults or chain.recovered:
        return {}
    done: list[Event] = [
        line
        for line in chain.lines
        if line.get("event") == "job" and line["status"] == "done"
    ]
    return {line["job"]: str(line.get("processor")) for line in done}


@dataclasses.dataclass(frozen=True)
class Platform:
    """On what jobs run here.

    Attributes
    ----------
    lock : str
        Digest param of the lock.
    processor : str
        Model of the processor.
    """

    lock: str
    processor: str


def other_platform(folder: Path, again: Path, here: Platform) -> list[str]:
    """Say what of a recorded run was made on another platform than its replay.

    Parameters
    ----------
    folder, again : Path
        The trial's folder, and that of the replay.
    here : Platform
        That of the replay.

    Returns
    -------
    list of str
        Empty where all bytes must be the same.
    """
    reasons = [
        f"{record['job']} was recorded with another lock of the software"
        for _, record in readable_records(folder)
        if record["environment"] != here.lock
    ]
    told, differing = _processors(folder), _not_made_again(folder, again)
    if all(told.get(job, here.processor) != here.processor for job in differing):
        reasons += [
            f"{job} ran on {told[job]}, the ledger tells, and not on {here.processor}"
            for job in differing
        ]
    return reasons
