"""Compare this run with the last release."""

from pathlib import Path
from typing import Any

from alsdecline.audit.checked_release import refuse_changed_release
from alsdecline.changes.page import render_changes
from alsdecline.changes.printed import answer
from alsdecline.changes.runs import compare_runs
from alsdecline.jobs.recorded_runs import THIS_RUN, RecordedRun, open_run, read_records
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.settings.section import JobSettings
from alsdecline.settings.trial import Settings
from alsdecline.stable_files import write_json, write_text


class Given(JobSettings):
    """What the job is given of the settings."""

    settings: Settings


def main(job: Any, progress: Progress) -> None:
    """Write what changed, as a page and as JSON."""
    release = Path(job.input.release).parent
    refuse_changed_release(release)
    settings = Given.of(job).settings
    released = open_run(release)
    records = read_records(paths(job.input.records))
    now = RecordedRun(Path(), THIS_RUN, settings, "", records, {})
    comparison = compare_runs(released, now)
    write_json(Path(job.output.changes), comparison)
    synthetic = settings.trial.data_kind == "synthetic"
    page = render_changes(comparison, settings.trial.title, synthetic=synthetic)
    write_text(Path(job.output.page), page)
    progress(" ".join([f"since {released.name}:", *answer(comparison)[:2]]))


if __name__ == "__main__":
    run(main)
