"""The report of a finished run rendered again, with something else in it."""

from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.report.beside import Beside
from alsdecline.report.page import render_report
from alsdecline.report.plan import ReportPlan, Results
from alsdecline.result_tables import read_result_table, with_row_ids
from alsdecline.stable_files import read_csv, read_json
from alsdecline.value_ids import table_name

PROVENANCE = {"raw": {"a": "0"}, "digests": {}, "software": {}, "version": "1"}


def stated_settings(report: Path) -> dict[str, Any]:
    """Return the settings that the finished report states."""
    settings: dict[str, Any] = read_json(report.parent / "records/report.json")
    plan: dict[str, Any] = settings["settings"]["plan"]
    return plan


def _read(report: Path, path: Path) -> pd.DataFrame:
    """Read a table with the ids that it has in its trial."""
    name = table_name(path.relative_to(report.parent.parent))
    return with_row_ids(name, read_result_table(path))


def result_tables(report: Path) -> dict[str, pd.DataFrame]:
    """Read the tables of the finished run."""
    folder = report.parent
    found = [*folder.glob("tables/*.csv"), *folder.glob("diagnostics/*.csv")]
    tables = {path.stem: _read(report, path) for path in sorted(found)}
    return tables | {
        "findings": read_result_table(folder / "validation/findings.csv"),
        "decisions": read_csv(folder / "lineage/decisions.csv"),
    }


def rendered(
    report: Path,
    plan: ReportPlan,
    tables: dict[str, pd.DataFrame],
    beside: Beside | None = None,
    **provenance: Any,
) -> str:
    """Render the page of other settings and tables than those of the run."""
    folder = report.parent
    tests = pd.concat(
        _read(report, path) for path in sorted(folder.glob("tables/slope_tests/*.csv"))
    )
    figures = {path.stem: path for path in folder.glob("figures/*.svg")}
    told = {**PROVENANCE, "cut": "0", **provenance}
    return render_report(plan, Results(tables, tests), figures, told, beside)
