"""Write the report."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.digests import read_spec, sha256_of_file, spec_digest
from alsdecline.jobs.records import SOFTWARE
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.report.blinded_page import render_blinded_report
from alsdecline.report.page import render_report
from alsdecline.report.plan import DescribedPlan, ReportPlan, Results
from alsdecline.result_tables import read_result_table, with_row_ids
from alsdecline.settings.plan_status import PlanStatus, told
from alsdecline.stable_files import write_text
from alsdecline.value_ids import table_name


def main(job: Any, progress: Progress) -> None:
    """Write one HTML file that needs no other."""
    spec = read_spec(job.params.spec)
    tables = {
        path.stem: with_row_ids(table_name(path), read_result_table(path))
        for path in paths(job.input.tables)
    }
    # the values that findings are about are text as it stands in the raw files
    tables["findings"] = read_result_table(Path(job.input.findings))
    figures = {path.stem: path for path in paths(job.input.figures)}
    provenance = {
        "raw": {str(path): sha256_of_file(path) for path in paths(job.input.raw)},
        "digests": {
            "settings": spec.get("settings_digest") or spec_digest(spec["all"]),
            "lock": job.params.env.partition(":")[2],
        }
        | {str(path): sha256_of_file(path) for path in paths(job.input.lock)},
        "software": {name: version(name) for name in SOFTWARE},
    }
    if spec["plan"]["trial"]["blinded"]:
        described = DescribedPlan.model_validate(spec["plan"])
        page = render_blinded_report(described, tables, figures, provenance)
    else:
        plan = ReportPlan.model_validate(spec["plan"])
        tests = pd.concat(
            with_row_ids(table_name(path), read_result_table(path))
            for path in paths(job.input.tests)
        )
        page = render_report(plan, Results(tables, tests), figures, provenance)
    write_text(Path(job.output.report), page)
    for line in told(PlanStatus.model_validate(spec["plan"]["analysis_plan"])):
        progress(line)
    progress(f"{len(page) / 1e6:.1f} MB, {len(figures)} figures")


if __name__ == "__main__":
    run(main)
