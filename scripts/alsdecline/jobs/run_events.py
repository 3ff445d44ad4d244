"""What a run enters in the ledger: that it began, the jobs' events, how it ended."""

import os
import sys
import uuid
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from alsdecline.digests import sha256_of_file
from alsdecline.jobs.commit import commit_of
from alsdecline.jobs.events import EVENTS
from alsdecline.jobs.ledger import LEDGER, chain_events, read_ledger
from alsdecline.jobs.planned import job_name
from alsdecline.jobs.records import versions
from alsdecline.jobs.surroundings import RUN_VARIABLE, surroundings

LOCKS = Path(".snakemake/locks")


def wiring_files(project: Path) -> list[Path]:
    """Return the files that say which job makes what, and how Snakemake runs them."""
    return [
        project / "Snakefile",
        *sorted((project / "rules").glob("*.smk")),
        project / "profiles/default/config.yaml",
    ]


Reasons = Mapping[str, Sequence[str]]
"""Why jobs run, by their records."""


def _begun(
    project: Path, settings: Iterable[Path], reasons: Reasons, blinded: bool
) -> dict[str, Any]:
    files = {str(path.relative_to(project)): path for path in wiring_files(project)}
    files |= {str(path): path for path in settings}
    return {
        "event": "run",
        "status": "started",
        "run": os.environ[RUN_VARIABLE],
        "command": sys.argv,
        "blinded": blinded,
        "files": {name: sha256_of_file(path) for name, path in files.items()},
        "versions": versions(),
        "reasons": {job_name(record): list(found) for record, found in reasons.items()},
        **commit_of(project),
        **surroundings(),
    }


def begin_run(
    project: Path, settings: Iterable[Path], reasons: Reasons, *, blinded: bool
) -> None:
    """Enter that a run begins, and give it an id that its jobs can see.

    Parameters
    ----------
    project : Path
        The project's folder.
    settings : iterable of Path
        Files of settings in the trial's folder, the working one.
    reasons : mapping of str to sequence of str
        Why jobs run, as far as it was known before, by their records. Entered at once,
        for a job's record is gone when it begins, and a run may be killed.
    blinded : bool
        Whether arms are not read; a plan that is locked later says so.
    """
    os.environ[RUN_VARIABLE] = uuid.uuid4().hex
    chain_events(Path(), [_begun(project, settings, reasons, blinded)])


def end_run(status: str) -> str:
    """Enter the jobs' events and that the run is ``done`` or has ``failed``.

    Returns
    -------
    str
        Id of the run in the ledger.
    """
    run = os.environ[RUN_VARIABLE]
    chain_events(Path(), [{"event": "run", "status": status, "run": run}])
    return run


def enter_what_was_left() -> None:
    """Enter events that a killed run left, unless a run is under way."""
    if any(EVENTS.glob("*.json")) and not any(LOCKS.glob("*")):
        chain_events(Path())


def tell_of_ledger(folder: Path) -> None:
    """Tell people if the ledger of a trial does not hold; nothing is written."""
    for fault in read_ledger(folder).faults:
        print(
            f"{fault}. Put the files of {LEDGER.parent} back as they were; a run that "
            "goes on enters this in the ledger for ever",
            file=sys.stderr,
        )
