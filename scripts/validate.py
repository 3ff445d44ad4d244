"""Check the raw files and write every finding, whatever is found."""

from pathlib import Path
from typing import Any

from alsdecline.jobs.script_entry import Progress, run
from alsdecline.raw.findings import write_findings
from alsdecline.report.findings_page import render_findings
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import write_text
from alsdecline.validation.consistency import check_trial


class Given(JobSettings):
    """What the job is given of the settings."""

    plan: DataPlan
    data_kind: str


def main(job: Any, progress: Progress) -> None:
    """Write the table of findings, and the page of them."""
    given = Given.of(job)
    files, findings = check_trial(given.plan, Path())
    write_findings(Path(job.output.findings), findings)
    synthetic = given.data_kind == "synthetic"
    page = render_findings(given.plan, files, findings, synthetic=synthetic)
    write_text(Path(job.output.page), page)
    counts = {s: sum(f.severity == s for f in findings) for s in ("fatal", "warning")}
    progress(f"findings: {counts['fatal']} fatal, {counts['warning']} warnings")


if __name__ == "__main__":
    run(main)
