"""Raw tables, and the jobs that read them: validate, and ingest where nothing is fatal.

Their files are CSV as the bundled trial has them, in its dialect and another, packed
ones, SAS transport files, and one of each other format that is read.
"""

import csv
import gzip
import shutil
from collections.abc import Mapping
from contextlib import suppress
from functools import cache, partial
from pathlib import Path

from attacked_files import Target
from spoilt_content import spoilt_json
from spoilt_tables import (
    spoilt_binary,
    spoilt_csv,
    spoilt_gzip,
    spoilt_text,
    spoilt_transport,
    spoilt_workbook,
)

from alsdecline.datasets.adsl import subject_level, with_population_flags
from alsdecline.datasets.bds import analysis_values, measured_values
from alsdecline.datasets.doses_and_events import adverse_event_records, dose_records
from alsdecline.datasets.lineage import record_lineage, value_lineage
from alsdecline.plain_text import one_line
from alsdecline.project import PROJECT
from alsdecline.raw.findings import (
    counts_by_rule,
    read_findings,
    refuse_fatal,
    write_findings,
)
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.data_planning import data_plan
from alsdecline.settings.file import CONFIG, read_settings
from alsdecline.settings.planning_cells import NoCellsError, PlanningTable
from alsdecline.settings.tables import VisitsTable
from alsdecline.table_files.dialect import PLAIN
from alsdecline.table_files.reading import SAS, read_typed
from alsdecline.table_files.text_table import TableError
from alsdecline.validation.consistency import check_trial
from support.hand_trial import SUBJECTS, VISITS, plan_of
from support.transport_file import Column, text, transport_file
from support.written_formats import FORMATS, typed

SAS_FILE = "data/iris.sas7bdat"
FINDINGS = Path("results/validation/findings.csv")


@cache
def _bundled(packed: bool) -> DataPlan:
    """Return the plan of the bundled trial, its visits packed or not."""
    plan = data_plan(read_settings(CONFIG)).model_dump()
    if packed:
        plan["data"]["visits"]["file"] += ".gz"
    return DataPlan.model_validate(plan)


@cache
def _by_hand() -> DataPlan:
    """Return the plan of a small trial of transport files."""
    columns = {"visit_week": "WEEK", "visit_date": "DATE", "patient": "ID"}
    allocated = {"randomisation_date": "RANDDT", "patient": "ID", "arm": "ARM"}
    visits = {"file": "visits.xpt", "columns": columns | {"score": "SCORE"}}
    files = {"subjects": {"file": "subjects.xpt", "columns": allocated}}
    return plan_of(data=files | {"visits": visits})


OTHERS = {
    "a workbook": ("Excel", spoilt_workbook),
    "a Parquet file": ("Parquet", spoilt_binary),
    "a transport file of version 8": ("XPORT 8", spoilt_transport),
    "a Dataset-JSON file": ("Dataset-JSON", spoilt_json),
    "a Dataset-JSON file in lines": ("Dataset-JSON in lines", spoilt_text),
    "a file of German Excel": ("German Excel", spoilt_text),
    "a file of UTF-16": ("tabs in UTF-16", spoilt_text),
}
"""Formats of the visits, and how they are spoilt."""


def _file_of(name: str) -> str:
    return f"data/{name.replace(' ', '_')}{FORMATS[OTHERS[name][0]].ending}"


@cache
def _of_format(name: str) -> DataPlan:
    """Return the plan of the bundled trial, its visits in another format."""
    plan = data_plan(read_settings(CONFIG)).model_dump()
    plan["data"]["visits"] |= {"file": _file_of(name), **FORMATS[OTHERS[name][0]].said}
    return DataPlan.model_validate(plan)


def _read_other(name: str) -> None:
    _planned(_of_format(name).data.visits)
    _validate_and_ingest(_of_format(name))


def _planned(table: VisitsTable) -> None:
    """Read the visits as planning does."""
    with suppress(NoCellsError):
        cells = PlanningTable(Path(), table.model_dump())
        for _, text in cells.cells("patient", "norris_limb"):
            cells.number(text)


def _read_sas() -> None:
    """Read a SAS dataset, which no tool here writes, as runs and planning do."""
    with suppress(TableError):
        read_typed(Path(SAS_FILE).read_bytes(), SAS, PLAIN, None)


def _validate_and_ingest(plan: DataPlan) -> None:
    files, findings = check_trial(plan, Path())
    write_findings(FINDINGS, findings)
    counts_by_rule(findings)
    for finding in findings:
        one_line(str(finding))
    refuse_fatal(read_findings(FINDINGS), str(FINDINGS))
    adsl = subject_level(plan, files)
    dose_records(plan, files)
    adverse_event_records(plan, files)
    measured = measured_values(plan, files, adsl)
    with_population_flags(plan, adsl, analysis_values(plan, measured, adsl))
    digests = dict.fromkeys((t.file for t in files.sources.values()), "0" * 64)
    value_lineage(plan, files, measured, digests)
    record_lineage(plan, files, adsl, measured, digests)


def _read_bundled(packed: bool = False) -> None:
    _validate_and_ingest(_bundled(packed))


TABLES: Mapping[str, Target] = {
    **{
        f"the table of {name}": Target(f"data/{file}.csv", spoilt_csv, _read_bundled)
        for name, file in {
            "subjects": "subjects",
            "visits": "visits",
            "doses": "exposure",
            "adverse events": "adverse_events",
        }.items()
    },
    "a packed table": Target(
        "data/visits.csv.gz", spoilt_gzip, partial(_read_bundled, packed=True)
    ),
    "a transport file": Target(
        "visits.xpt",
        spoilt_transport,
        lambda: _validate_and_ingest(_by_hand()),
    ),
    **{
        name: Target(_file_of(name), spoil, partial(_read_other, name))
        for name, (_, spoil) in OTHERS.items()
    },
    "a SAS dataset": Target(SAS_FILE, spoilt_binary, _read_sas),
}


def _transport(content: str, names: Mapping[str, str], *numbers: str) -> bytes:
    """Write a table as a transport file, under other names."""
    rows = list(csv.DictReader(content.splitlines()))
    columns = [
        Column(theirs, [float(row[ours]) for row in rows])
        if ours in numbers
        else text(theirs, [row[ours] for row in rows], 10)
        for ours, theirs in names.items()
    ]
    return transport_file(*columns)


def make_tables() -> None:
    """Write a trial of all of them into the working folder."""
    shutil.copy2(PROJECT / "config.yaml", CONFIG)
    shutil.copytree(PROJECT / "data", "data")
    FINDINGS.parent.mkdir(parents=True)
    visits = Path("data/visits.csv")
    visits.with_name("visits.csv.gz").write_bytes(
        gzip.compress(visits.read_bytes(), mtime=0)
    )
    table = typed(visits)
    for name, (form, _) in OTHERS.items():
        FORMATS[form].write(table, Path(_file_of(name)))
    packed = PROJECT / "tests/unit/table_files/iris.sas7bdat.gz"
    Path(SAS_FILE).write_bytes(gzip.decompress(packed.read_bytes()))
    data = _by_hand().data
    written = _transport(SUBJECTS, data.subjects.columns)
    Path(data.subjects.file).write_bytes(written)
    written = _transport(VISITS, data.visits.columns, "visit_week", "score")
    Path(data.visits.file).write_bytes(written)
    for read in (_read_bundled, partial(_read_bundled, packed=True)):
        read()  # refused, where the attacks would not come past a fault of the trial
    for name in OTHERS:
        _read_other(name)
    _read_sas()
    _validate_and_ingest(_by_hand())
