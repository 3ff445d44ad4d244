"""Write the report."""

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.digests import read_code_param, sha256_of_file, spec_digest
from alsdecline.jobs.records import SOFTWARE
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.report.beside import (
    MOST_PATIENTS,
    Beside,
    lineage_file,
    patients_file,
)
from alsdecline.report.blinded_page import render_blinded_report
from alsdecline.report.lineage import page_lineage, with_data
from alsdecline.report.page import render_report
from alsdecline.report.patients import PatientData, PatientPages, patient_pages
from alsdecline.report.plan import DescribedPlan, ReportPlan, Results
from alsdecline.result_tables import read_result_table, with_row_ids
from alsdecline.settings.plan_status import log_lines
from alsdecline.settings.section import JobSettings
from alsdecline.settings.trial import Settings
from alsdecline.stable_files import read_csv, read_parquet, write_text
from alsdecline.trace.results import TrialResults
from alsdecline.trace.text import MOST_ROWS, TraceTexts
from alsdecline.trace.value import Tracer
from alsdecline.value_ids import table_name


class Given(JobSettings):
    """What the job is given of the settings."""

    plan: ReportPlan | DescribedPlan
    all: dict[str, Any] | None = None
    settings_digest: str | None = None
    version: str


def tracing(settings: dict[str, Any] | None) -> Callable[[str], str]:
    """Return what tells the trace of a value in the results at hand, as text."""
    results = TrialResults(Path(), Settings.model_validate(settings))
    tracer = Tracer(results, MOST_ROWS)
    return TraceTexts(tracer.trace)


def patients_of(job: Any, plan: DescribedPlan) -> PatientPages:
    """Gather what the datasets hold of each patient."""
    files = {path.stem: path for path in paths(job.input.datasets)}
    return patient_pages(
        plan,
        PatientData(
            subjects=read_parquet(files["adsl"]),
            doses=read_parquet(files["adex"]),
            adverse_events=read_parquet(files["adae"]),
            of_outcomes={
                path.stem: read_parquet(path)
                for path in paths(job.input.datasets)
                if path.parent.name == "bds"
            },
            of_values=read_parquet(files["records"]),
            of_patients=read_parquet(files["patient_records"]),
            decisions=read_csv(Path(job.input.decisions)),
        ),
    )


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
            "code of this page": read_code_param(job.params.code)[0].partition(":")[2],
            "settings": given.settings_digest or spec_digest(given.all),
            "lock": job.params.env.partition(":")[2],
        }
        | {str(path): sha256_of_file(path) for path in paths(job.input.lock)},
        "software": {name: version(name) for name in SOFTWARE},
        "version": given.version,
    }
    patients = patients_of(job, given.plan)
    beside = Beside() if len(patients["patients"]) > MOST_PATIENTS else None
    if isinstance(given.plan, ReportPlan):
        tests = pd.concat(
            with_row_ids(table_name(path), read_result_table(path))
            for path in paths(job.input.tests)
        )
        results = Results(tables, tests)
        cut = {"cut": spec_digest(provenance["raw"])}
        page = render_report(given.plan, results, figures, provenance | cut, beside)
        lineage = page_lineage(page, tracing(given.all))
        write_text(Path(job.output.lineage), lineage_file(given.plan, lineage))
        page = page if beside else with_data(page, "lineage", lineage)
    else:
        page = render_blinded_report(given.plan, tables, figures, provenance, beside)
    page = page if beside else with_data(page, "patient-pages", patients)
    write_text(Path(job.output.report), page)
    write_text(Path(job.output.patients), patients_file(given.plan, patients))
    for line in log_lines(given.plan.analysis_plan):
        progress(line)
    progress(f"{len(page) / 1e6:.1f} MB, {len(figures)} figures")


if __name__ == "__main__":
    run(main)
