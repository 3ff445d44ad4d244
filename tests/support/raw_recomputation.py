"""Descriptive numbers made again of raw rows alone, by other means than the library's.

Raw files are read by csv of the standard library, or by pandas where they are transport
files; statistics are those of the standard library, and lines numpy's.
"""

import csv
import dataclasses
import gzip
import io
import statistics
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

Raw = dict[str, pd.DataFrame]
"""The traced rows of each raw table, cells as they stand in the file."""


@dataclasses.dataclass(frozen=True)
class RawTrial:
    """How a trial's raw files are read: all that a recomputation knows of it.

    Attributes
    ----------
    files : mapping of str to str
        File of each raw table; tables may share one.
    names : mapping of str to mapping
        By raw table: our name of a column, and the file's.
    characteristics : mapping of str to str
        Column of the subjects file by label.
    outcomes : mapping of str to str
        Outcome by label.
    values : callable
        Of traced rows and an outcome: patient, date and value of each visit.
    origin : callable
        Of traced rows: time zero of each patient.
    meanings : mapping
        By raw table and our column: what values of the file stand for.
    """

    files: Mapping[str, str]
    names: Mapping[str, Mapping[str, str]]
    characteristics: Mapping[str, str]
    outcomes: Mapping[str, str]
    values: Callable[[Raw, str], pd.DataFrame]
    origin: Callable[[Raw], dict[str, pd.Timestamp]]
    meanings: Mapping[tuple[str, str], Mapping[str, str]] = dataclasses.field(
        default_factory=dict
    )

    def column(self, raw: Raw, table: str, ours: str) -> list[str]:
        """Return a column's cells, empty ones left out of no list."""
        frame = raw[table]
        if frame.empty:
            return []
        meanings = self.meanings.get((table, ours), {})
        name = self.names.get(table, {}).get(ours, ours)
        texts = ["" if pd.isna(cell) else str(cell).strip() for cell in frame[name]]
        other = meanings.get("*")
        return [
            meanings.get(text, text if other is None or not text else other)
            for text in texts
        ]


def read_rows(path: Path) -> pd.DataFrame:
    """Read a raw file whole; the index is the row as a trace counts it."""
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    if ".xpt" in path.name:
        frame = pd.read_sas(io.BytesIO(content), format="xport", encoding="utf-8")
        frame.index = pd.RangeIndex(1, len(frame) + 1)
        # 0 is read as the smallest number of the format
        numbers = frame.select_dtypes("number")
        frame[numbers.columns] = numbers.mask(numbers.abs() < 1e-70, 0.0)
        return frame
    header, *lines = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    cells = {
        number: line
        for number, line in enumerate(lines, 2)
        if any(map(str.strip, line))
    }
    return pd.DataFrame.from_dict(cells, orient="index", columns=header)


def traced_rows(
    trial: RawTrial, found: Mapping[str, Any], whole: Mapping[str, pd.DataFrame]
) -> Raw:
    """Return the rows that a trace lists, and nothing else, by raw table."""
    listed = {raw["file"]: [row["row"] for row in raw["rows"]] for raw in found["raw"]}
    return {
        table: whole[file].loc[listed.get(file, [])]
        for table, file in trial.files.items()
    }


def _statistic(values: list[float], name: str) -> float:
    """Compute a statistic; that of none, or the SD of one, is missing."""
    if name == "n":
        return len(values)
    if not values or (name == "sd" and len(values) == 1):
        return float("nan")
    known: dict[str, Callable[[list[float]], float]] = {
        "mean": statistics.fmean,
        "sd": statistics.stdev,
        "median": statistics.median,
        "min": min,
        "max": max,
    }
    return known[name](values)


def _standardised(trial: RawTrial, row: Mapping[str, str], raw: Raw) -> float:
    """Compare an arm with the other that is traced, in SDs of both."""
    patients = trial.column(raw, "subjects", "patient")
    arm_of = dict(zip(patients, trial.column(raw, "subjects", "arm"), strict=True))
    name = row["characteristic"]
    if name in trial.characteristics:
        cells = trial.column(raw, "subjects", trial.characteristics[name])
        pairs = [(p, cell) for p, cell in zip(patients, cells, strict=True) if cell]
    else:
        values = trial.values(raw, trial.outcomes[name.removesuffix(" at baseline")])
        pairs = list(zip(values["patient"], values["value"], strict=True))
    own: dict[bool, list[float]] = {True: [], False: []}
    for patient, cell in pairs:
        value = float(cell == row["level"]) if row["level"] else float(cell)
        own[arm_of[patient] == row["arm"]].append(value)
    if not own[True] or not own[False]:
        return float("nan")
    variance = statistics.pvariance if row["level"] else statistics.variance
    if not row["level"] and min(map(len, own.values())) < 2:
        return float("nan")
    spread = (variance(own[True]) + variance(own[False])) / 2
    if spread == 0:
        return float("nan")
    apart = statistics.fmean(own[True]) - statistics.fmean(own[False])
    return apart / spread**0.5


def _baseline(trial: RawTrial, row: Mapping[str, str], raw: Raw) -> float:
    name, statistic = row["characteristic"], row["statistic"]
    everybody = trial.column(raw, "subjects", "patient")
    if name == "Patients":
        return len(everybody)
    if statistic == "standardised_difference":
        return _standardised(trial, row, raw)
    if name not in trial.characteristics:
        outcome = trial.outcomes[name.removesuffix(" at baseline")]
        return _statistic(list(trial.values(raw, outcome)["value"]), statistic)
    cells = trial.column(raw, "subjects", trial.characteristics[name])
    if row["level"]:
        count = cells.count(row["level"])
        return count if statistic == "n" else 100 * count / len(everybody)
    return _statistic([float(cell) for cell in cells if cell], statistic)


def _given(trial: RawTrial, raw: Raw) -> pd.DataFrame:
    """Return doses with their days: patient, dose, first, last."""
    starts = trial.column(raw, "exposure", "date")
    has_ends = trial.names["exposure"].get("end_date", "end_date") in raw["exposure"]
    ends = trial.column(raw, "exposure", "end_date") if has_ends else [""] * len(starts)
    return pd.DataFrame(
        {
            "patient": trial.column(raw, "exposure", "patient"),
            "dose": [float(cell) for cell in trial.column(raw, "exposure", "dose")],
            "first": pd.to_datetime(starts),
            "last": pd.to_datetime(
                [end or s for s, end in zip(starts, ends, strict=True)]
            ),
        }
    )


def _disposition(
    trial: RawTrial, row: Mapping[str, str], column: str, raw: Raw
) -> float:
    everybody = len(trial.column(raw, "subjects", "patient"))
    events = trial.column(raw, "events", "event") if "events" in raw else []
    status, reason = row["status"], row["reason"]
    if status == "randomized":
        count = everybody
    elif status == "dosed":
        given = _given(trial, raw)
        count = given["patient"].nunique()
    elif status == "in the population":
        # dosed, with a value after time zero; `values` knows which outcomes count
        origin = trial.origin(raw)
        later = [
            {
                p
                for p, day in zip(v["patient"], v["date"], strict=True)
                if day > origin[p]
            }
            for v in (trial.values(raw, o) for o in trial.outcomes.values())
        ]
        count = len(set(_given(trial, raw)["patient"]).intersection(*later))
    elif status == "no record of the end":
        count = everybody - len(events)
    else:
        reasons = (
            trial.column(raw, "events", "reason") if reason else [""] * len(events)
        )
        both = list(zip(events, reasons, strict=True))
        count = both.count((status, reason))
    return count if column == "n" else 100 * count / everybody


def _exposure(trial: RawTrial, row: Mapping[str, str], raw: Raw) -> float:
    given = _given(trial, raw)
    quantity, statistic = row["quantity"], row["statistic"]
    if quantity == "patients dosed":
        return given["patient"].nunique()
    if quantity.endswith(", all patients"):
        return len(given)
    values = []
    for _, mine in given.groupby("patient"):
        days = [d.days + 1 for d in mine["last"] - mine["first"]]
        total = sum(d * dose for d, dose in zip(days, mine["dose"], strict=True))
        if quantity.startswith("days"):
            values.append(float((mine["last"].max() - mine["first"].min()).days))
        elif quantity.startswith("dose,"):
            values.append(total / sum(days))
        else:
            values.append(float(len(mine)))
    return _statistic(values, statistic)


def _years(trial: RawTrial, raw: Raw) -> float:
    """Sum the years from time zero to each patient's end, else to the last visit."""
    ends = {}
    for outcome in trial.outcomes.values():
        values = trial.values(raw, outcome)
        for patient, day in zip(values["patient"], values["date"], strict=True):
            ends[patient] = max(day, ends.get(patient, day))
    if "events" in raw:
        who = trial.column(raw, "events", "patient")
        when = pd.to_datetime(trial.column(raw, "events", "date"))
        ends |= dict(zip(who, when, strict=True))
    origin = trial.origin(raw)
    days = [max(0, (day - origin[patient]).days) for patient, day in ends.items()]
    return sum(days) / 365.25


def _adverse_events(trial: RawTrial, column: str, raw: Raw) -> float:
    if column == "patient_years":
        return _years(trial, raw)
    patients = trial.column(raw, "adverse_events", "patient")
    if column == "rate":
        years = _years(trial, raw)
        return len(patients) / years if years else float("nan")
    if column == "events":
        return len(patients)
    count = len(set(patients))
    everybody = len(trial.column(raw, "subjects", "patient"))
    return count if column == "patients" else 100 * count / everybody


def _analysed(
    trial: RawTrial, row: Mapping[str, str], column: str, raw: Raw
) -> float | str:
    everybody = trial.column(raw, "subjects", "patient")
    if column == "randomized":
        return len(everybody)
    values = trial.values(raw, row["outcome"])
    if column == "values":
        return len(values)
    if column == "patients":
        return values["patient"].nunique()
    return " ".join(sorted(set(everybody) - set(values["patient"])))


def _changes(trial: RawTrial, row: Mapping[str, str], column: str, raw: Raw) -> float:
    values = trial.values(raw, row["outcome"])
    if row["variable"] == "AVAL":
        return _statistic(list(values["value"]), column)
    changes = []
    for _, mine in values.sort_values("date").groupby("patient"):
        assert len(mine) == 2  # the baseline, and the visit
        before, after = mine["value"]
        changes.append(after - before)
    return _statistic(changes, column)


def _slopes(trial: RawTrial, table: str, column: str, raw: Raw) -> float | str:
    if column == "arm":
        (arm,) = trial.column(raw, "subjects", "arm")
        return arm
    values = trial.values(raw, table.split("/")[-1])
    if column == "n_visits":
        return len(values)
    origin = trial.origin(raw)
    days = [
        (day - origin[patient]).days
        for patient, day in zip(values["patient"], values["date"], strict=True)
    ]
    months, points = np.array(days) / 30.4375, values["value"].to_numpy()
    if column in {"first_time", "last_time"}:
        if not days:
            return float("nan")
        return float(months.min() if column == "first_time" else months.max())
    if len(set(days)) < 2 or (column == "se" and len(days) < 3):
        return float("nan")
    slope, intercept = np.polyfit(months, points, 1)
    residuals = points - intercept - slope * months
    spread = ((months - months.mean()) ** 2).sum()
    if column == "se":
        return float(np.sqrt((residuals**2).sum() / (len(days) - 2) / spread))
    return float({"slope": slope, "intercept": intercept}[column])


def recomputed(
    trial: RawTrial, table: str, row: Mapping[str, str], column: str, raw: Raw
) -> float | str:
    """Compute a cell of a descriptive table from raw rows alone.

    Parameters
    ----------
    trial : RawTrial
        How the raw files are read.
    table : str
        Name of the table.
    row : mapping of str to str
        The cells of its row; those of keys say what is computed.
    column : str
        The column.
    raw : dict of str to DataFrame
        The rows that the trace lists.

    Returns
    -------
    float or str
        NaN where there is no such statistic.
    """
    if table == "baseline_characteristics":
        return _baseline(trial, row, raw)
    if table == "disposition":
        return _disposition(trial, row, column, raw)
    if table == "exposure":
        return _exposure(trial, row, raw)
    if table == "adverse_events":
        return _adverse_events(trial, column, raw)
    if table == "numbers_analysed":
        return _analysed(trial, row, column, raw)
    if table == "change_from_baseline":
        return _changes(trial, row, column, raw)
    return _slopes(trial, table, column, raw)


def says(text: str, value: float | str) -> bool:
    """Tell whether a table's cell, which has 12 digits, says a value."""
    if isinstance(value, str):
        return text == value
    if np.isnan(value):
        return text == ""
    return text != "" and abs(float(text) - value) <= 1e-10 * max(1.0, abs(value))
