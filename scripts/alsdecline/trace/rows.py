"""From rows of the analysis datasets back to rows of the raw files."""

from collections.abc import Iterator, Sequence

import pandas as pd

from alsdecline.datasets.study_time import after_time_zero, recorded_values
from alsdecline.settings.data import Outcome
from alsdecline.trace.evidence import Selection
from alsdecline.trace.results import TrialResults

COLUMNS = ["file", "row", "USUBJID", "variable", "domain", "column", "sha256"]

ENDS = ("EOSSTT", "EOSDT", "DCSREAS", "DTHDT", "EOSDY", "DTHDY")
DOSED = ("SAFFL", "TRTSDT", "TRTEDT", "TRTSDY", "TRTEDY")
_VISIT = ["USUBJID", "AVISITN", "ADT", "ARELTM"]


class RowTracer:
    """Finds the raw rows behind rows of analysis datasets.

    Parameters
    ----------
    results : TrialResults
        With the datasets and their lineage.
    """

    def __init__(self, results: TrialResults) -> None:
        self.results = results
        patients = results.dataset("lineage/patient_records")
        values = results.dataset("lineage/records")
        for name in ("file", "sha256"):  # many rows of few texts, compared by number
            known = pd.CategoricalDtype(
                sorted({*patients[name].unique(), *values[name].unique()})
            )
            patients = patients.astype({name: known})
            values = values.astype({name: known})
        self._patients = dict(tuple(patients.groupby("domain", observed=True)))
        self._values = values

    def raw_rows(self, selections: Sequence[Selection]) -> pd.DataFrame:
        """Return the raw rows behind selected rows of analysis datasets.

        Parameters
        ----------
        selections : sequence of Selection
            The rows, and which of their variables are used.

        Returns
        -------
        DataFrame
            Columns :data:`COLUMNS`, a row for each raw row and variable, sorted.
            ``column`` is the raw column where the lineage names it, else empty.
        """
        parts = [part for rows in selections for part in self._rows_behind(rows)]
        if not parts:
            return pd.DataFrame(columns=COLUMNS)
        found = pd.concat(parts, ignore_index=True).drop_duplicates(COLUMNS)
        return found.sort_values(COLUMNS, ignore_index=True)[COLUMNS]

    def _rows_behind(self, selection: Selection) -> Iterator[pd.DataFrame]:
        name, _, outcome = selection.dataset.partition("/")
        frame = self.results.dataset(f"data/{selection.dataset}")
        variables = selection.variables
        if name == "adsl":
            yield from self._of_patients(frame.iloc[selection.rows], variables)
        elif name == "bds":
            known = {o.id: o for o in self.results.settings.outcomes}
            yield from self._of_values(
                known[outcome], frame.iloc[selection.rows], variables
            )
        else:
            domain = {"adex": "EXPOSURE", "adae": "ADVERSE_EVENTS"}[name]
            places = frame.groupby("USUBJID").cumcount() + 1
            numbered = frame[["USUBJID"]].assign(SEQ=places).iloc[selection.rows]
            yield from self._joined(domain, numbered, ["USUBJID", "SEQ"], variables)

    def _joined(
        self,
        domain: str,
        wanted: pd.DataFrame,
        keys: list[str],
        variables: Sequence[str],
    ) -> Iterator[pd.DataFrame]:
        """Return the rows of a raw table that have the wanted keys."""
        lineage = self._patients.get(domain)
        if lineage is None or not variables:
            return
        found = lineage.merge(wanted[keys].drop_duplicates(), on=keys)
        for variable in variables:
            yield found.assign(variable=variable, column="")

    def _of_patients(
        self, patients: pd.DataFrame, variables: Sequence[str]
    ) -> Iterator[pd.DataFrame]:
        """Return the rows behind variables of ADSL."""
        named = {"USUBJID", *variables}
        keys = ["USUBJID"]
        plan = self.results.plan
        populations = [plan.populations[v] for v in variables if v in plan.populations]
        doses = [v for v in variables if v in DOSED]
        if any(population.dosed for population in populations):
            doses.append("SAFFL")
        ends = [v for v in variables if v in ENDS]
        of_subjects = sorted(named - {*ENDS, *DOSED, *plan.populations, "ZERODT"})
        if "ZERODT" in named:
            yield from self._origins(patients[["USUBJID"]])
        yield from self._joined("SUBJECTS", patients, keys, of_subjects)
        yield from self._joined("EVENTS", patients, keys, ends)
        yield from self._joined("EXPOSURE", patients, keys, doses)
        pooled = {pooling.column for pooling in plan.data.subjects.pooled}
        if pooled & named:  # which groups are pooled hangs on all patients
            everybody = self.results.dataset("data/adsl")
            yield from self._joined(
                "SUBJECTS", everybody, keys, ["ARMCD", *sorted(pooled & named)]
            )
        for population in populations:
            for outcome in population.values_after_baseline:
                later = after_time_zero(self.results.bds(outcome))
                values = later[later["USUBJID"].isin(patients["USUBJID"])]
                known = {o.id: o for o in plan.outcomes}
                yield from self._of_values(known[outcome], values, ["AVAL"])

    def _of_values(
        self, outcome: Outcome, rows: pd.DataFrame, variables: Sequence[str]
    ) -> Iterator[pd.DataFrame]:
        """Return the rows behind variables of an outcome's values."""
        bds = self.results.bds(outcome.id)
        if {"BASE", "CHG"} & set(variables):
            baselines = bds[
                (bds["ABLFL"] == "Y") & bds["USUBJID"].isin(rows["USUBJID"])
            ]
            yield from self._measured(outcome, baselines, "BASE")
        if {"AVAL", "CHG"} & set(variables):
            yield from self._measured(outcome, rows, "AVAL")
        patients = rows[["USUBJID"]].drop_duplicates()
        yield from self._origins(patients)

    def _origins(self, patients: pd.DataFrame) -> Iterator[pd.DataFrame]:
        """Return the rows that tell the patients' time origins."""
        plan = self.results.plan
        if plan.file_unit is not None:
            return
        yield from self._joined("SUBJECTS", patients, ["USUBJID"], ["RANDDT"])
        if plan.time_origin == "first_dose":
            doses = self.results.dataset("data/adex")
            given = doses[(doses["GIVENFL"] == "Y")]
            numbered = doses.assign(SEQ=doses.groupby("USUBJID").cumcount() + 1)
            first = numbered.loc[given.drop_duplicates("USUBJID").index]
            wanted = first[first["USUBJID"].isin(patients["USUBJID"])]
            yield from self._joined("EXPOSURE", wanted, ["USUBJID", "SEQ"], ["TRTSDT"])

    def _measured(
        self, outcome: Outcome, rows: pd.DataFrame, variable: str
    ) -> Iterator[pd.DataFrame]:
        """Return the cells of values, and the visits at which they were measured.

        A carried value has the number of its source; one of a sum is traced through
        the parts at the same visit.
        """
        if not outcome.sum_of:
            keys = ["USUBJID", "PARAMCD", "SRCSEQ"]
            wanted = rows[[*keys, "SRCDOM"]].drop_duplicates()
            cells = self._values.merge(wanted, on=keys)
            yield cells.assign(variable=variable, domain=cells["SRCDOM"])
            visits = wanted.rename(columns={"SRCSEQ": "SEQ"})
            yield from self._joined(
                "VISITS", visits, ["USUBJID", "PARAMCD", "SEQ"], ["ADT"]
            )
            return
        sums = recorded_values(self.results.bds(outcome.id))
        sources = rows[["USUBJID", "SRCSEQ"]].drop_duplicates()
        visits = sums.merge(sources, on=["USUBJID", "SRCSEQ"])[_VISIT]
        known = {o.id: o for o in self.results.settings.outcomes}
        for part in outcome.sum_of:
            values = recorded_values(self.results.bds(part))
            yield from self._measured(
                known[part], values.merge(visits.drop_duplicates(), on=_VISIT), variable
            )
