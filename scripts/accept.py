"""Let raw files pass that have no fatal finding."""

from pathlib import Path
from typing import Any

from alsdecline.digests import sha256_of_file
from alsdecline.faults import DataError
from alsdecline.jobs.script_entry import Progress, RefusedError, run
from alsdecline.raw.findings import counts_by_rule, read_findings, refuse_fatal
from alsdecline.stable_files import write_json

PAGE = "report.html"
"""The page of findings, which stands beside their table."""


def main(job: Any, progress: Progress) -> None:
    """Refuse fatal findings, else write which findings were accepted."""
    path = Path(job.input.findings)
    findings = read_findings(path)
    try:
        refuse_fatal(findings, f"{path}, by rule and visit in {path.with_name(PAGE)}")
    except DataError as error:
        raise RefusedError(str(error), counts_by_rule(findings)) from None
    warnings = sum(f.severity == "warning" for f in findings)
    accepted = {"findings_sha256": sha256_of_file(path), "warnings": warnings}
    write_json(Path(job.output.accepted), accepted)
    progress(f"raw files accepted, {warnings} warnings")


if __name__ == "__main__":
    run(main)
