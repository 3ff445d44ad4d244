"""A trial's results as they lie in its folder, each file read when it is asked for."""

from functools import cache, cached_property
from pathlib import Path, PurePosixPath
from typing import Any, cast

import numpy as np
import pandas as pd
import pydantic

from alsdecline.digests import sha256_of_file
from alsdecline.faults import DataError
from alsdecline.finished_results import read_finished
from alsdecline.fits.plan import FitPlan
from alsdecline.fits.planning import all_fits
from alsdecline.jobs.recorded_runs import config_of
from alsdecline.jobs.records import Record
from alsdecline.plain_json import parse_json
from alsdecline.result_tables import row_ids
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.data_planning import data_plan
from alsdecline.settings.file import SettingsError, read_settings
from alsdecline.settings.trial import Settings
from alsdecline.stable_files import read_csv, read_json, read_parquet
from alsdecline.trial_paths import file_to_read
from alsdecline.value_ids import table_name

TABLES = ("results/tables", "results/diagnostics", "results/validation")
"""Folders of result tables."""

REPORT_RECORD = "results/records/report.json"
"""The record that holds the whole configuration which the results were made with."""


def _record(path: Path) -> Record:
    """Read a record, also of another version, which may have less."""
    try:
        # a pipe of such a name would be waited for without end
        record = parse_json(path.read_bytes()) if path.is_file() else None
    except ValueError:
        record = None
    if not (
        isinstance(record, dict)
        and isinstance(record.get("job"), str)
        and all(isinstance(record.get(key), dict) for key in ("inputs", "outputs"))
        and isinstance(record.get("code", {}), dict)
    ):
        raise DataError(f"{path}: is no record of a job; see `audit.py verify`")
    return cast("Record", record)


class TrialResults:
    """The results of one trial.

    Parameters
    ----------
    folder : Path
        The trial's folder.
    settings : Settings, optional
        The configuration that the results are made with, where its job is not done.
    """

    def __init__(self, folder: Path, settings: Settings | None = None) -> None:
        self.folder = folder
        if settings is not None:
            self.settings = settings
        self.dataset = cache(self._dataset)
        self.patient_places = cache(self._patient_places)
        self.sha256 = cache(self._sha256)
        self.table = cache(self._table)
        self.cells = cache(self._cells)
        self.row_places = cache(self._row_places)
        self.json = cache(self._json)

    @cached_property
    def records(self) -> dict[str, Record]:
        """What the jobs recorded, by the path of the record."""
        found = sorted((self.folder / "results/records").rglob("*.json"))
        return {p.relative_to(self.folder).as_posix(): _record(p) for p in found}

    def record_of(self, file: str) -> Record | None:
        """Return the record of the job that made a file, if it has one."""
        for name, record in self.records.items():
            if file == name or file in record["outputs"]:
                return record
        return None

    @cached_property
    def settings(self) -> Settings:
        """The configuration: as the report's job recorded it, else as it is now.

        Raises
        ------
        DataError
            If there is none, or it cannot be used.
        """
        report = self.records.get(REPORT_RECORD)
        given = (report.get("settings") if report else None) or {}
        try:
            if isinstance(given, dict) and "all" in given:
                return Settings.model_validate(given["all"])
        except pydantic.ValidationError:
            raise DataError(
                f"{REPORT_RECORD}: its settings are not of this version, or were "
                "changed; see `audit.py verify`"
            ) from None
        try:
            return read_settings(config_of(self.folder))
        except SettingsError as error:
            raise DataError(str(error)) from None

    @cached_property
    def plan(self) -> DataPlan:
        """The part of the configuration about the data."""
        return data_plan(self.settings)

    @cached_property
    def fits(self) -> dict[str, FitPlan]:
        """The plans of the fits, by name."""
        return {plan.name: plan for plan in all_fits(self.settings)}

    @cached_property
    def tables(self) -> dict[str, str]:
        """The files of the result tables, by the tables' names."""
        found = {}
        for place in TABLES:
            for path in sorted((self.folder / place).rglob("*.csv")):
                file = path.relative_to(self.folder).as_posix()
                if path.is_file():
                    found[table_name(PurePosixPath(file))] = file
        return found

    def _table(self, file: str) -> pd.DataFrame:
        """Return a result table's cells as text."""
        return read_finished(read_csv, self.folder / file)

    def _json(self, file: str) -> Any:
        """Return what a file of results in JSON has."""
        return read_json(self.folder / file)

    def _cells(self, file: str) -> list[dict[str, str]]:
        """Return the cells of a result table's rows as text, by column."""
        records = self.table(file).to_dict("records")
        return [{str(k): str(v) for k, v in row.items()} for row in records]

    def _row_places(self, file: str) -> dict[str, int]:
        """Return where the rows of a result table stand, from 0, by their ids."""
        ids = row_ids(table_name(PurePosixPath(file)), self.table(file))
        return {name: place for place, name in enumerate(ids)}

    def _dataset(self, name: str) -> pd.DataFrame:
        """Return a Parquet file of results, by its path without folder and ending.

        Raises
        ------
        DataError
            If it is not there, or damaged.
        """
        path = self.folder / f"results/{name}.parquet"
        if not path.is_file():
            raise DataError(
                f"{self.folder}: results/{name}.parquet is not there; run snakemake"
            )
        return read_finished(read_parquet, path)

    @cached_property
    def _patients(self) -> "pd.Index[str]":
        named: pd.Index[str] = pd.Index(self.dataset("data/adsl")["USUBJID"])
        return named

    def _patient_places(self, name: str) -> np.ndarray:
        """Return the place of each row's patient in ADSL; -1 of a stranger."""
        return self._patients.get_indexer(pd.Index(self.dataset(name)["USUBJID"]))

    def of_patients(self, name: str, patients: pd.Series) -> np.ndarray:
        """Tell which rows of a dataset are of patients.

        Parameters
        ----------
        name : str
            The dataset, as :attr:`dataset` has it.
        patients : Series
            Identifiers that stand in ADSL.

        Returns
        -------
        ndarray of bool
            By places in ADSL: to compare texts takes long where many numbers ask.
        """
        inside = np.zeros(len(self._patients) + 1, dtype=bool)
        inside[self._patients.get_indexer(pd.Index(patients))] = True
        inside[-1] = False
        chosen: np.ndarray = inside[self.patient_places(name)]
        return chosen

    def bds(self, outcome: str) -> pd.DataFrame:
        """Return the analysis dataset of an outcome."""
        return self.dataset(f"data/bds/{outcome}")

    def _sha256(self, file: str) -> str | None:
        """Return the digest of a file as it is now; None where it is not there."""
        path = file_to_read(self.folder, file)
        return sha256_of_file(path) if path.is_file() else None
