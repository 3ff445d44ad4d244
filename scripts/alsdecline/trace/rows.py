"""From rows of the analysis datasets back to rows of the raw files."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import NamedTuple

import pandas as pd

from alsdecline.datasets.study_time import after_time_zero, recorded_values
from alsdecline.settings.data import Outcome
from alsdecline.trace.evidence import Selection
from alsdecline.trace.results import TrialResults

ENDS = ("EOSSTT", "EOSDT", "DCSREAS", "DTHDT", "EOSDY", "DTHDY")
DOSED = ("SAFFL", "TRTSDT", "TRTEDT", "TRTSDY", "TRTEDY")
_VISIT = ["USUBJID", "AVISITN", "ADT", "ARELTM"]


class RawPlace(NamedTuple):
    """What a variable of a patient was read from.

    ``row`` is a row of the raw ``file``, whose digest is ``sha256``; ``column`` is the
    raw column where the lineage names it, else empty; ``domain`` is the raw table.
    """

    file: str
    row: int
    patient: str
    variable: str
    domain: str
    column: str
    sha256: str


class _Record(NamedTuple):
    """A row of a raw file, and its column if one is named."""

    file: str
    row: int
    patient: str
    column: str
    sha256: str

    def holding(self, variable: str, domain: str) -> RawPlace:
        file, row, patient, column, sha256 = self
        return RawPlace(file, row, patient, variable, domain, column, sha256)


class _Measured(NamedTuple):
    """What is behind one row of values: cells with their raw tables, and visits."""

    cells: tuple[tuple[_Record, str], ...]
    visits: tuple[_Record, ...]


type _Keyed = Mapping[tuple[object, ...], Sequence[_Record]]


def _records_by(lineage: pd.DataFrame, keys: Sequence[str]) -> _Keyed:
    """Return the records of a lineage by the values of its keys."""
    shown = lineage.assign(column="") if "column" not in lineage else lineage
    columns = [shown[name].tolist() for name in ("file", "row", "USUBJID", "column")]
    found: dict[tuple[object, ...], list[_Record]] = defaultdict(list)
    for key, record in zip(
        zip(*(shown[name].tolist() for name in keys), strict=True),
        map(_Record, *columns, shown["sha256"].tolist()),
        strict=True,
    ):
        found[key].append(record)
    return found


def _positions_by(
    rows: pd.DataFrame, keys: Sequence[str]
) -> Mapping[object, list[int]]:
    """Return the positions of rows in their dataset by the values of keys."""
    found: dict[object, list[int]] = defaultdict(list)
    # a dataset's index counts its rows, and rows chosen of it keep theirs
    for place, key in zip(
        rows.index.tolist(),
        zip(*(rows[name].tolist() for name in keys), strict=True),
        strict=True,
    ):
        found[key].append(place)
    return found


class RowTracer:
    """Finds the raw rows behind rows of analysis datasets.

    Parameters
    ----------
    results : TrialResults
        With the datasets and their lineage.
    """

    def __init__(self, results: TrialResults) -> None:
        self.results = results
        lineage = results.dataset("lineage/patient_records")
        self._patients = dict(tuple(lineage.groupby("domain", observed=True)))
        self._keyed = cache(self._records_of)
        self._measured = cache(self._measured_of)
        self._baselines = cache(self._baselines_of)
        self._later = cache(self._later_of)
        self._found: dict[Selection, frozenset[RawPlace]] = {}

    def raw_rows(self, selections: Iterable[Selection]) -> list[RawPlace]:
        """Return the raw rows behind selected rows of analysis datasets.

        Parameters
        ----------
        selections : iterable of Selection
            The rows, and which of their variables are used.

        Returns
        -------
        list of RawPlace
            One for each raw row and variable, sorted.
        """
        return sorted(frozenset().union(*map(self._once_behind, selections)))

    def _once_behind(self, selection: Selection) -> frozenset[RawPlace]:
        """Return what is behind a selection, which many numbers share."""
        if selection not in self._found:
            self._found[selection] = frozenset(self._behind(selection))
        return self._found[selection]

    def _behind(self, selection: Selection) -> Iterator[RawPlace]:
        name, _, outcome = selection.dataset.partition("/")
        variables = selection.variables
        if name == "bds":
            rows = selection.rows.tolist()
            yield from self._of_values(self._outcomes[outcome], rows, variables)
            return
        frame = self.results.dataset(f"data/{selection.dataset}")
        if name == "adsl":
            chosen = frame["USUBJID"].iloc[selection.rows].tolist()
            yield from self._of_patients(chosen, variables)
        else:
            domain = {"adex": "EXPOSURE", "adae": "ADVERSE_EVENTS"}[name]
            places = frame.groupby("USUBJID").cumcount() + 1
            numbered = frame[["USUBJID"]].assign(SEQ=places).iloc[selection.rows]
            wanted = numbered.itertuples(index=False, name=None)
            yield from self._joined(domain, ("USUBJID", "SEQ"), wanted, variables)

    @cached_property
    def _outcomes(self) -> dict[str, Outcome]:
        return {o.id: o for o in self.results.settings.outcomes}

    def _records_of(self, domain: str, keys: tuple[str, ...]) -> _Keyed:
        lineage = self._patients.get(domain)
        return {} if lineage is None else _records_by(lineage, keys)

    def _joined(
        self,
        domain: str,
        keys: tuple[str, ...],
        wanted: Iterable[tuple[object, ...]],
        variables: Sequence[str],
    ) -> Iterator[RawPlace]:
        """Yield the rows of a raw table that have wanted keys, for each variable."""
        known = self._keyed(domain, keys)
        for key in wanted:
            for record in known.get(key, ()):
                for variable in variables:
                    yield record.holding(variable, domain)

    def _of_each(
        self, domain: str, patients: Iterable[str], variables: Sequence[str]
    ) -> Iterator[RawPlace]:
        """Yield all rows of patients in a raw table."""
        wanted = ((patient,) for patient in patients)
        return self._joined(domain, ("USUBJID",), wanted, variables)

    def _of_patients(
        self, patients: Sequence[str], variables: Sequence[str]
    ) -> Iterator[RawPlace]:
        """Yield the rows behind variables of ADSL."""
        named = {"USUBJID", *variables}
        plan = self.results.plan
        populations = [plan.populations[v] for v in variables if v in plan.populations]
        doses = [v for v in variables if v in DOSED]
        if any(population.dosed for population in populations):
            doses.append("SAFFL")
        ends = [v for v in variables if v in ENDS]
        of_subjects = sorted(named - {*ENDS, *DOSED, *plan.populations, "ZERODT"})
        if "ZERODT" in named:
            yield from self._origins(patients)
        yield from self._of_each("SUBJECTS", patients, of_subjects)
        yield from self._of_each("EVENTS", patients, ends)
        yield from self._of_each("EXPOSURE", patients, doses)
        pooled = {pooling.column for pooling in plan.data.subjects.pooled}
        if pooled & named:  # which groups are pooled hangs on all patients
            everybody = self.results.dataset("data/adsl")["USUBJID"].tolist()
            of_groups = ["ARMCD", *sorted(pooled & named)]
            yield from self._of_each("SUBJECTS", everybody, of_groups)
        for population in populations:
            for outcome in population.values_after_baseline:
                later = self._later(outcome)
                values = [row for one in patients for row in later.get((one,), ())]
                yield from self._of_values(self._outcomes[outcome], values, ["AVAL"])

    def _later_of(self, outcome: str) -> Mapping[object, list[int]]:
        """Return the rows of values after time zero, by patient."""
        return _positions_by(after_time_zero(self.results.bds(outcome)), ["USUBJID"])

    def _baselines_of(self, outcome: str) -> Mapping[object, list[int]]:
        """Return the rows of baselines, by patient."""
        bds = self.results.bds(outcome)
        return _positions_by(bds[bds["ABLFL"] == "Y"], ["USUBJID"])

    def _of_values(
        self, outcome: Outcome, rows: Sequence[int], variables: Sequence[str]
    ) -> Iterator[RawPlace]:
        """Yield the rows behind variables of an outcome's values."""
        names = self.results.bds(outcome.id)["USUBJID"].tolist()
        patients = list(dict.fromkeys(names[row] for row in rows))
        if {"BASE", "CHG"} & set(variables):
            known = self._baselines(outcome.id)
            baselines = [row for one in patients for row in known.get((one,), ())]
            yield from self._places(outcome, baselines, "BASE")
        if {"AVAL", "CHG"} & set(variables):
            yield from self._places(outcome, rows, "AVAL")
        yield from self._origins(patients)

    def _origins(self, patients: Sequence[str]) -> Iterator[RawPlace]:
        """Yield the rows that tell the patients' time origins."""
        plan = self.results.plan
        if plan.file_unit is not None:
            return
        yield from self._of_each("SUBJECTS", patients, ["RANDDT"])
        if plan.time_origin == "first_dose":
            wanted = [
                self._first_doses[one] for one in patients if one in self._first_doses
            ]
            yield from self._joined("EXPOSURE", ("USUBJID", "SEQ"), wanted, ["TRTSDT"])

    @cached_property
    def _first_doses(self) -> dict[str, tuple[str, int]]:
        """Which dose of each patient was the first that was given."""
        doses = self.results.dataset("data/adex")
        numbered = doses.assign(SEQ=doses.groupby("USUBJID").cumcount() + 1)
        given = numbered[numbered["GIVENFL"] == "Y"].drop_duplicates("USUBJID")
        keys = given[["USUBJID", "SEQ"]].itertuples(index=False, name=None)
        return {patient: (patient, number) for patient, number in keys}

    def _places(
        self, outcome: Outcome, rows: Iterable[int], variable: str
    ) -> Iterator[RawPlace]:
        """Yield the cells of values, and the visits at which they were measured."""
        measured = self._measured(outcome.id)
        for row in rows:
            for cell, domain in measured[row].cells:
                yield cell.holding(variable, domain)
            for visit in measured[row].visits:
                yield visit.holding("ADT", "VISITS")

    def _measured_of(self, outcome_id: str) -> list[_Measured]:
        """Return what is behind each row of an outcome's values.

        A carried value has the number of its source; one of a sum is traced through
        the parts at the same visit.
        """
        outcome = self._outcomes[outcome_id]
        bds = self.results.bds(outcome_id)
        if outcome.sum_of:
            return self._measured_sums(outcome, bds)
        values = self._values
        visits = self._keyed("VISITS", ("USUBJID", "PARAMCD", "SEQ"))
        keys = bds[["USUBJID", "PARAMCD", "SRCSEQ"]].itertuples(index=False, name=None)
        return [
            _Measured(
                tuple((cell, domain) for cell in values.get(key, ())),
                tuple(visits.get(key, ())),
            )
            for key, domain in zip(keys, bds["SRCDOM"].tolist(), strict=True)
        ]

    @cached_property
    def _values(self) -> _Keyed:
        """Cells of values, by patient, parameter and number."""
        values = self.results.dataset("lineage/records")
        return _records_by(values, ("USUBJID", "PARAMCD", "SRCSEQ"))

    def _measured_sums(self, outcome: Outcome, bds: pd.DataFrame) -> list[_Measured]:
        found: dict[object, list[_Measured]] = defaultdict(list)
        sums = recorded_values(bds)[[*_VISIT, "SRCSEQ"]]
        for part in outcome.sum_of:
            values = recorded_values(self.results.bds(part))[_VISIT]
            numbered = values.assign(place=values.index)
            measured = self._measured(part)
            at_visits = sums.merge(numbered, on=_VISIT)
            columns = (
                at_visits[name].tolist() for name in ("USUBJID", "SRCSEQ", "place")
            )
            for patient, number, place in zip(*columns, strict=True):
                found[patient, number].append(measured[place])
        return [
            _Measured(
                tuple(cell for one in found[key] for cell in one.cells),
                tuple(visit for one in found[key] for visit in one.visits),
            )
            for key in bds[["USUBJID", "SRCSEQ"]].itertuples(index=False, name=None)
        ]
