"""From rows of the analysis datasets back to rows of the raw files."""

from collections.abc import Iterator, Sequence
from functools import cache, cached_property

import numpy as np
import pandas as pd

from alsdecline.datasets.study_time import after_time_zero, recorded_values
from alsdecline.settings.data import Outcome
from alsdecline.trace.evidence import Selection
from alsdecline.trace.links import Links, pairs
from alsdecline.trace.raw_cells import RawCells, RawFile
from alsdecline.trace.raw_files import sheets_read
from alsdecline.trace.results import TrialResults

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
        self._lineage = results.dataset("lineage/patient_records")
        self._values = results.dataset("lineage/records")
        sheets = sheets_read(results.plan, results.folder)
        self._cells = RawCells(self._lineage, self._values, sheets)
        self._of_each = cache(self._links_of_patients)
        self._numbered = cache(self._links_of_numbered)
        self._measured = cache(self._links_of_values)
        self._later = cache(self._rows_after_time_zero)
        self._baselines = cache(self._rows_of_baselines)
        self._found: dict[Selection, np.ndarray] = {}

    def raw_files(
        self, selections: Sequence[Selection], most_rows: int | None = None
    ) -> list[RawFile]:
        """Return the raw rows behind selected rows of analysis datasets.

        Parameters
        ----------
        selections : sequence of Selection
            The rows, and which of their variables are used.
        most_rows : int, optional
            Of how many rows of a file the cells are told at most.

        Returns
        -------
        list of RawFile
            Sorted by file.
        """
        parts = [
            self._once_behind(selection) for selection in dict.fromkeys(selections)
        ]
        if not parts:
            return []
        marks = parts[0] if len(parts) == 1 else np.unique(np.concatenate(parts))
        return self._cells.files(marks, most_rows)

    def _once_behind(self, selection: Selection) -> np.ndarray:
        """Return what is behind a selection, which many numbers share."""
        if selection not in self._found:
            parts = [np.empty(0, dtype=np.int64), *self._behind(selection)]
            self._found[selection] = np.unique(np.concatenate(parts))
        return self._found[selection]

    def _behind(self, selection: Selection) -> Iterator[np.ndarray]:
        name, _, outcome = selection.dataset.partition("/")
        rows, variables = selection.rows, selection.variables
        if name == "adsl":
            yield from self._of_patients(rows, variables)
        elif name == "bds":
            yield from self._of_outcome(self._outcomes[outcome], rows, variables)
        else:
            yield from self._cells.marks(self._numbered(name).behind(rows), variables)

    @cached_property
    def _outcomes(self) -> dict[str, Outcome]:
        return {o.id: o for o in self.results.settings.outcomes}

    def _of_domain(self, domain: str) -> tuple[pd.DataFrame, np.ndarray]:
        """Return the lineage of a raw table, and its cells with the table's number."""
        chosen = (self._lineage["domain"] == domain).to_numpy()
        lineage = self._lineage[chosen]
        cells = self._cells.of_lineage[chosen]
        return lineage, self._cells.in_tables(cells, lineage["domain"])

    def _links_of_patients(self, domain: str) -> Links:
        """Link rows of ADSL with all rows of the patients in a raw table."""
        lineage, things = self._of_domain(domain)
        patients = pd.Index(self.results.dataset("data/adsl")["USUBJID"])
        places = patients.get_indexer(pd.Index(lineage["USUBJID"]))
        return Links.of(places, things, len(patients))

    def _links_of_numbered(self, name: str) -> Links:
        """Link rows of a dataset with rows of a raw table that have their number."""
        lineage, things = self._of_domain(
            {"adex": "EXPOSURE", "adae": "ADVERSE_EVENTS"}[name]
        )
        frame = self.results.dataset(f"data/{name}")
        numbered = frame.assign(SEQ=frame.groupby("USUBJID").cumcount() + 1)
        rows, places = pairs(numbered, lineage, ["USUBJID", "SEQ"])
        return Links.of(rows, things[places], len(frame))

    def _of_patients(
        self, patients: np.ndarray, variables: Sequence[str]
    ) -> Iterator[np.ndarray]:
        """Yield what is behind variables of rows of ADSL."""
        named = {"USUBJID", *variables}
        plan = self.results.plan
        populations = [plan.populations[v] for v in variables if v in plan.populations]
        doses = [v for v in variables if v in DOSED]
        if any(population.dosed for population in populations):
            doses.append("SAFFL")
        ends = [v for v in variables if v in ENDS]
        of_subjects = named - {*ENDS, *DOSED, *plan.populations, "ZERODT"}
        if "ZERODT" in named:
            yield from self._origins(patients)
        for domain, of_domain in (
            ("SUBJECTS", sorted(of_subjects)),
            ("EVENTS", ends),
            ("EXPOSURE", doses),
        ):
            yield from self._cells.marks(
                self._of_each(domain).behind(patients), of_domain
            )
        pooled = {pooling.column for pooling in plan.data.subjects.pooled}
        if pooled & named:  # which groups are pooled hangs on all patients
            everybody = self._of_each("SUBJECTS").things
            yield from self._cells.marks(everybody, ["ARMCD", *sorted(pooled & named)])
        for population in populations:
            for outcome in population.values_after_baseline:
                rows = self._later(outcome).behind(patients)
                yield from self._of_outcome(self._outcomes[outcome], rows, ["AVAL"])

    def _rows_of_patients(self, outcome: str, rows: np.ndarray) -> Links:
        """Link rows of ADSL with rows of an outcome's values."""
        patients = self.results.patient_places(f"data/bds/{outcome}")
        size = len(self.results.dataset("data/adsl"))
        return Links.of(patients[rows], rows, size)

    def _rows_after_time_zero(self, outcome: str) -> Links:
        later = after_time_zero(self.results.bds(outcome))
        # a dataset's index counts its rows, and rows chosen of it keep theirs
        return self._rows_of_patients(outcome, later.index.to_numpy())

    def _rows_of_baselines(self, outcome: str) -> Links:
        baselines = self.results.bds(outcome)["ABLFL"] == "Y"
        return self._rows_of_patients(outcome, np.flatnonzero(baselines.to_numpy()))

    def _of_outcome(
        self, outcome: Outcome, rows: np.ndarray, variables: Sequence[str]
    ) -> Iterator[np.ndarray]:
        """Yield what is behind variables of rows of an outcome's values."""
        places = self.results.patient_places(f"data/bds/{outcome.id}")[rows]
        patients = np.unique(places[places >= 0])
        cells, visits = self._measured(outcome.id)
        if {"BASE", "CHG"} & set(variables):
            known = self._baselines(outcome.id).behind(patients)
            yield from self._cells.marks(cells.behind(known), ["BASE"])
            yield from self._cells.marks(visits.behind(known), ["ADT"])
        if {"AVAL", "CHG"} & set(variables):
            yield from self._cells.marks(cells.behind(rows), ["AVAL"])
            yield from self._cells.marks(visits.behind(rows), ["ADT"])
        yield from self._origins(patients)

    def _origins(self, patients: np.ndarray) -> Iterator[np.ndarray]:
        """Yield what tells the time origins of rows of ADSL."""
        plan = self.results.plan
        if plan.file_unit is not None:
            return
        yield from self._cells.marks(
            self._of_each("SUBJECTS").behind(patients), ["RANDDT"]
        )
        if plan.time_origin == "first_dose":
            yield from self._cells.marks(self._first_doses.behind(patients), ["TRTSDT"])

    @cached_property
    def _first_doses(self) -> Links:
        """Links of rows of ADSL with the row of the first dose that was given."""
        doses = self.results.dataset("data/adex")
        first = doses[doses["GIVENFL"] == "Y"].drop_duplicates("USUBJID").index
        patients = self.results.patient_places("data/adex")[first]
        size = len(self.results.dataset("data/adsl"))
        return self._numbered("adex").through(patients, first.to_numpy(), size)

    def _links_of_values(self, outcome_id: str) -> tuple[Links, Links]:
        """Link rows of values with their cells, and with the visits they are of.

        A carried value has the number of its source; one of a sum is traced through
        the parts at the same visit.
        """
        outcome, bds = self._outcomes[outcome_id], self.results.bds(outcome_id)
        if outcome.sum_of:
            return self._links_of_sums(outcome, bds)
        numbered = bds.rename(columns={"SRCSEQ": "SEQ"})
        keys = ["USUBJID", "PARAMCD", "SEQ"]
        values = self._values.rename(columns={"SRCSEQ": "SEQ"})
        rows, places = pairs(numbered, values, keys)
        things = self._cells.in_tables(
            self._cells.of_values[places], bds["SRCDOM"].iloc[rows]
        )
        lineage, of_visits = self._of_domain("VISITS")
        visited, visits = pairs(numbered, lineage, keys)
        return (
            Links.of(rows, things, len(bds)),
            Links.of(visited, of_visits[visits], len(bds)),
        )

    def _links_of_sums(
        self, outcome: Outcome, bds: pd.DataFrame
    ) -> tuple[Links, Links]:
        nothing = Links(np.zeros(len(bds) + 1, int), np.empty(0, int))
        found = (nothing, nothing)
        sums = recorded_values(bds)
        at, source = pairs(bds, sums, ["USUBJID", "SRCSEQ"])
        visits = sums.iloc[source]
        for part in outcome.sum_of:
            values = recorded_values(self.results.bds(part))
            here, there = pairs(visits, values, _VISIT)
            rows, others = at[here], values.index.to_numpy()[there]
            cells, of_visits = found
            found = (
                cells + self._measured(part)[0].through(rows, others, len(bds)),
                of_visits + self._measured(part)[1].through(rows, others, len(bds)),
            )
        return found
