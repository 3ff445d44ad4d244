"""Check the raw files and write every finding, whatever is found."""

from pathlib import Path
from typing import Any

from alsdecline.jobs.script_entry import Progress, run
from alsdecline.raw.findings import findings_frame
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import write_csv
from alsdecline.validation.consistency import check_trial


class Given(JobSettings):
    """What the job is given of the settings."""

    plan: DataPlan


def main(job: Any, progress: Progress) -> None:
    """Write the table of findings."""
    plan = Given.of(job).plan
    _, findings = check_trial(plan, Path())
    write_csv(Path(job.output.findings), findings_frame(findings))
    counts = {s: sum(f.severity == s for f in findings) for s in ("fatal", "warning")}
    progress(f"findings: {counts['fatal']} fatal, {counts['warning']} warnings")


if __name__ == "__main__":
    run(main)
