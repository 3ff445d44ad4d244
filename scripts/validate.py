"""Check the raw files and write every finding, whatever is found."""

from pathlib import Path
from typing import Any

from alsdecline.jobs.script_entry import Progress, run
from alsdecline.raw.files import read_trial_files
from alsdecline.raw.findings import findings_frame, sort_findings
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import write_csv
from alsdecline.validation.consistency import check_consistency


class Given(JobSettings):
    """What the job is given of the settings."""

    plan: DataPlan


def main(job: Any, progress: Progress) -> None:
    """Write the table of findings."""
    plan = Given.of(job).plan
    files, findings = read_trial_files(plan, Path())
    findings = sort_findings(findings + check_consistency(plan, files))
    write_csv(Path(job.output.findings), findings_frame(findings))
    counts = {s: sum(f.severity == s for f in findings) for s in ("fatal", "warning")}
    progress(f"findings: {counts['fatal']} fatal, {counts['warning']} warnings")


if __name__ == "__main__":
    run(main)
