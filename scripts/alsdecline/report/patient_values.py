"""A patient's values as a table: a row a visit, a column an outcome."""

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

Key = tuple[str, str, int]
"""Domain or parameter, patient, and the record's number among the patient's."""

_WHEN = {"AVISIT": "Visit", "ADT": "Date", "ADY": "Study day"}
_MARKS = ("carried forward", "baseline", "not in the analysis")


@dataclasses.dataclass(frozen=True)
class RowsOfFiles:
    """Which row of which raw file each record is.

    Attributes
    ----------
    places : dict of tuple to tuple
        File and row by record.
    files : tuple of str
        The files that there are.
    """

    places: Mapping[Key, tuple[str, int]]
    files: tuple[str, ...]

    @classmethod
    def of_records(
        cls,
        lineage: pd.DataFrame,
        domains: Sequence[str] = (),
        keys: Sequence[str] = ("domain", "USUBJID", "SEQ"),
    ) -> "RowsOfFiles":
        """Read them from the lineage, of some domains or of all."""
        if domains:
            lineage = lineage[lineage["domain"].isin(domains)]
        named = lineage.dropna(subset=[*keys, "row"])
        places = zip(*(named[c].tolist() for c in (*keys, "file", "row")), strict=True)
        found = {(str(a), str(b), int(n)): (str(f), int(r)) for a, b, n, f, r in places}
        return cls(found, tuple(dict.fromkeys(file for file, _ in found.values())))

    @property
    def head(self) -> str:
        """What a column of rows is called; it names the file if there is but one."""
        return f"Row of {self.files[0]}" if len(self.files) == 1 else "Raw rows"

    def told(self, records: Iterable[Key]) -> str:
        """Return the rows of records, each once, with the file that the head lacks."""
        rows = {self.places[key] for key in records if key in self.places}
        if len(self.files) == 1:
            return ", ".join(str(row) for _, row in sorted(rows))
        return ", ".join(f"{file} {row}" for file, row in sorted(rows))


def cells_of(column: pd.Series) -> list[str]:
    """Return a column as text: dates as ISO 8601 has them, nothing for missing."""
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column.dt.strftime("%Y-%m-%d")
    if pd.api.types.is_float_dtype(column):
        return [f"{x:.10g}" if math.isfinite(x) else "" for x in column.tolist()]
    # each cell that is taken from a column of text goes through pandas, an array's not
    return [
        "" if missing else str(cell)
        for cell, missing in zip(
            column.to_numpy(dtype="object"), column.isna().to_numpy(), strict=True
        )
    ]


@dataclasses.dataclass
class _Visit:
    """What there is of a patient at one time."""

    when: list[str]
    cells: dict[str, str] = dataclasses.field(default_factory=dict)
    marks: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    records: list[Key] = dataclasses.field(default_factory=list)

    def note(self, outcomes: Mapping[str, str]) -> str:
        """Say what holds of the values; of which where not of all."""
        return "; ".join(
            mark
            if len(self.marks[mark]) == len(self.cells)
            else f"{mark}: {', '.join(outcomes[o] for o in self.marks[mark])}"
            for mark in _MARKS
            if mark in self.marks
        )


def _number(values: pd.Series) -> list[float]:
    return [x if math.isfinite(x) else math.inf for x in values.astype(float)]


def _marks_of(carried: bool, baseline: str, analysed: str) -> list[str]:
    there = (carried, baseline == "Y", not carried and analysed != "Y")
    return [mark for mark, holds in zip(_MARKS, there, strict=True) if holds]


def _gathered(
    values: Mapping[str, pd.DataFrame], when: Sequence[str]
) -> dict[str, dict[tuple[object, ...], _Visit]]:
    """Put the outcomes' values of a time side by side."""
    found: dict[str, dict[tuple[object, ...], _Visit]] = {}
    for outcome, frame in values.items():
        times = [cells_of(frame[name]) for name in when]
        carried = [bool(text) for text in cells_of(frame["DTYPE"])]
        columns = zip(
            cells_of(frame["USUBJID"]),
            cells_of(frame["PARAMCD"]),
            cells_of(frame["SRCSEQ"]),
            cells_of(frame["AVAL"]),
            cells_of(frame["ABLFL"]),
            cells_of(frame["ANL01FL"]),
            _number(frame["ARELTM"]),
            _number(frame["AVISITN"]),
            carried,
            zip(*times, strict=True),
            strict=True,
        )
        for (
            patient,
            parameter,
            seq,
            value,
            base,
            analysed,
            *time,
            is_carried,
            at,
        ) in columns:
            visits = found.setdefault(patient, {})
            nth = 0
            key = (*time, is_carried, at, nth)
            while key in visits and outcome in visits[key].cells:
                nth += 1
                key = (*time, is_carried, at, nth)
            visit = visits.get(key)
            if visit is None:
                visit = visits[key] = _Visit(list(at))
            visit.cells[outcome] = value
            for mark in _marks_of(is_carried, base, analysed):
                visit.marks.setdefault(mark, []).append(outcome)
            if seq:
                visit.records.append((parameter, patient, int(seq)))
    return found


def values_table(
    outcomes: Mapping[str, str],
    values: Mapping[str, pd.DataFrame],
    lineage: pd.DataFrame,
) -> tuple[list[str], dict[str, list[list[str]]]]:
    """Lay out all values, measured and carried forward.

    Parameters
    ----------
    outcomes : mapping of str to str
        Labels of outcomes by id, in display order.
    values : mapping of str to DataFrame
        The BDS of each outcome.
    lineage : DataFrame
        PARAMCD, USUBJID, SRCSEQ, file and row of each measured value.

    Returns
    -------
    head : list of str
        When, the outcomes, what is to be noted, and the rows of the raw files.
    rows : dict of str to list of list of str
        By patient, in order of time.
    """
    rows_of = RowsOfFiles.of_records(lineage, keys=("PARAMCD", "USUBJID", "SRCSEQ"))
    frames = {outcome: values[outcome] for outcome in outcomes}
    when = [name for name in _WHEN if all(name in frame for frame in frames.values())]
    found = _gathered(frames, when)
    head = [*(_WHEN[name] for name in when), *outcomes.values(), "Note", rows_of.head]
    return head, {
        patient: [
            [
                *visit.when,
                *(visit.cells.get(outcome, "") for outcome in outcomes),
                visit.note(outcomes),
                rows_of.told(visit.records),
            ]
            for _, visit in sorted(visits.items(), key=lambda item: item[0])
        ]
        for patient, visits in found.items()
    }
