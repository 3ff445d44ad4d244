"""Write the report."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.digests import read_spec, sha256_of_file
from alsdecline.report import render_report
from alsdecline.report_plan import ReportPlan, Results
from alsdecline.script_entry import Progress, paths, run
from alsdecline.stable_files import read_result_table, write_text
from alsdecline.value_ids import table_name, with_row_ids

SOFTWARE = ("snakemake", "pymc", "nutpie", "arviz", "numpy", "scipy", "pandas")


def main(job: Any, progress: Progress) -> None:
    """Write one HTML file that needs no other."""
    spec = read_spec(job.params.spec)
    plan = ReportPlan.model_validate(spec["plan"])
    tables = {
        path.stem: with_row_ids(table_name(path), read_result_table(path))
        for path in paths(job.input.tables)
    }
    # the values that findings are about are text as it stands in the raw files
    tables["findings"] = read_result_table(Path(job.input.findings), ["value"])
    tests = pd.concat(
        with_row_ids(table_name(path), read_result_table(path))
        for path in paths(job.input.tests)
    )
    figures = {path.stem: path for path in paths(job.input.figures)}
    provenance = {
        "raw": {str(path): sha256_of_file(path) for path in paths(job.input.raw)},
        "digests": {
            "settings": spec["settings_digest"],
            "lock": job.params.env.partition(":")[2],
        },
        "software": {name: version(name) for name in SOFTWARE},
    }
    page = render_report(plan, Results(tables, tests), figures, provenance)
    write_text(Path(job.output.report), page)
    progress(f"{len(page) / 1e6:.1f} MB, {len(figures)} figures")


if __name__ == "__main__":
    run(main)
