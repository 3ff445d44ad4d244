"""Describe the run as an RO-Crate."""

from pathlib import Path
from typing import Any

from alsdecline.crate.metadata import ro_crate
from alsdecline.crate.workflow import FOLDER
from alsdecline.jobs.records import file_digests, read_record
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.project import PROJECT
from alsdecline.settings.section import JobSettings
from alsdecline.settings.trial import Settings
from alsdecline.stable_files import write_json, write_text


class Given(JobSettings):
    """What the job is given of the settings."""

    settings: Settings
    workflow: dict[str, str]


def main(job: Any, progress: Progress) -> None:
    """Copy the workflow's files into the crate, and write what the crate holds."""
    given = Given.of(job)
    for name in given.workflow:
        write_text(Path(FOLDER, name), (PROJECT / name).read_text(encoding="utf-8"))
    recorded = [path.as_posix() for path in paths(job.input.records)]
    document = ro_crate(
        {path: read_record(Path(path)) for path in recorded},
        file_digests(recorded),
        file_digests(f"{FOLDER}/{name}" for name in given.workflow),
        given.settings,
    )
    write_json(Path(job.output.crate), document)
    progress(f"{len(document['@graph'])} entities, {len(recorded)} jobs")


if __name__ == "__main__":
    run(main)
