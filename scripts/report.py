"""Write the report."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.digests import sha256_of_file, spec_digest
from alsdecline.jobs.records import SOFTWARE
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.report.blinded_page import render_blinded_report
from alsdecline.report.page import render_report
from alsdecline.report.plan import DescribedPlan, ReportPlan, Results
from alsdecline.result_tables import read_result_table, with_row_ids
from alsdecline.settings.plan_status import log_lines
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import read_csv, write_text
from alsdecline.value_ids import table_name


class Given(JobSettings):
    """What the job is given of the settings."""

    plan: ReportPlan | DescribedPlan
    all: dict[str, Any] | None = None
    settings_digest: str | None = None


def main(job: Any, progress: Progress) -> None:
    """Write one HTML file that needs no other."""
    given = Given.of(job)
    tables = {
        path.stem: with_row_ids(table_name(path), read_result_table(path))
        for path in paths(job.input.tables)
    }
    # the values that findings are about are text as it stands in the raw files
    tables["findings"] = read_result_table(Path(job.input.findings))
    tables["decisions"] = read_csv(Path(job.input.decisions))
    figures = {path.stem: path for path in paths(job.input.figures)}
    provenance = {
        "raw": {str(path): sha256_of_file(path) for path in paths(job.input.raw)},
        "digests": {
            "settings": given.settings_digest or spec_digest(given.all),
            "lock": job.params.env.partition(":")[2],
        }
        | {str(path): sha256_of_file(path) for path in paths(job.input.lock)},
        "software": {name: version(name) for name in SOFTWARE},
    }
    if isinstance(given.plan, ReportPlan):
        tests = pd.concat(
            with_row_ids(table_name(path), read_result_table(path))
            for path in paths(job.input.tests)
        )
        page = render_report(given.plan, Results(tables, tests), figures, provenance)
    else:
        page = render_blinded_report(given.plan, tables, figures, provenance)
    write_text(Path(job.output.report), page)
    for line in log_lines(given.plan.analysis_plan):
        progress(line)
    progress(f"{len(page) / 1e6:.1f} MB, {len(figures)} figures")


if __name__ == "__main__":
    run(main)
