"""The decisions of a trial while its raw files are read, one after the other."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from alsdecline.raw.cells import Cells
from alsdecline.raw.decided_cells import decide_cells
from alsdecline.raw.decisions import (
    AppliedDecision,
    Decision,
    read_decisions,
    unfit,
)
from alsdecline.raw.tables import RawTable
from alsdecline.raw.untold_patients import UntoldPatients
from alsdecline.settings.data_plan import DataPlan
from alsdecline.settings.raw_tables import raw_tables

TABLE_COLUMNS = (
    "kind",
    "file",
    "rows",
    "patient",
    "arm",
    "visit",
    "column",
    "value",
    "new_value",
    "rule",
    "who",
    "when",
    "why",
    "decided_in",
)


@dataclasses.dataclass(frozen=True)
class PseudonymousDecision(AppliedDecision):
    """An applied decision that is told by pseudonyms and without dates.

    Attributes
    ----------
    written : str
        The value as the decisions file has it, by which alone a finding is known, for
        what is told of a date is told of all; it goes into no result.
    """

    written: str = dataclasses.field(default="", repr=False)


class TrialDecisions:
    """What was decided on a trial's data, and what became of it.

    Parameters
    ----------
    plan : DataPlan
        The part of the settings about the data.
    folder : Path
        The trial's folder.
    """

    def __init__(self, plan: DataPlan, folder: Path) -> None:
        self._plan = plan
        decisions, self.findings = read_decisions(plan, folder)
        self._of_patients = [d for d in decisions if d.of_patient]
        self._of_files = [d for d in decisions if not d.of_patient]
        self._applied: dict[Decision, AppliedDecision] = {}

    @property
    def applied(self) -> list[AppliedDecision]:
        """Those that were applied, in the order of the decisions file."""
        return sorted(self._applied.values(), key=lambda a: a.decision.row)

    def apply(self, file: str, cells: Cells) -> Cells:
        """Return the cells of a raw file as it was decided.

        Parameters
        ----------
        file : str
            The file, as the configuration names it.
        cells : Cells
            As they stand there.

        Returns
        -------
        Cells
        """
        if not self._of_files:
            return cells
        decided = decide_cells(self._plan, file, cells, self._of_files)
        self._applied |= {a.decision: a for a in decided.applied}
        # a file that has several tables is read for each
        self.findings += [f for f in decided.findings if f not in self.findings]
        return decided.cells

    def call_patients(self, called: Mapping[str, str]) -> None:
        """Have pseudonyms in all that is told of the decisions from here on.

        Parameters
        ----------
        called : mapping of str to str
            The pseudonym of each patient.
        """
        untold = UntoldPatients(called)
        of_patients = {
            (t.place, t.columns.get("patient", "patient"))
            for t in raw_tables(self._plan).values()
        }

        def hidden(decision: Decision) -> Decision:
            def told(text: str, column: str = "") -> str:
                if (decision.file, column) in of_patients and text in called:
                    return called[text]
                return untold.of_cell(text)

            return dataclasses.replace(
                decision,
                patient=called.get(decision.patient, decision.patient),
                visit=told(decision.visit),
                value=told(decision.value, decision.column),
                new_value=told(decision.new_value, decision.column),
                why=untold.of_reason(decision.why),
                keys=tuple((name, told(text, name)) for name, text in decision.keys),
            )

        self._of_patients = [hidden(decision) for decision in self._of_patients]
        self._applied = {
            hidden(decision): PseudonymousDecision(
                hidden(decision), of.rows, of.column, of.arm, decision.value
            )
            for decision, of in self._applied.items()
        }

    def without_patients(self, raws: dict[str, RawTable]) -> dict[str, RawTable]:
        """Return the raw tables without the patients who are left out as a whole.

        Parameters
        ----------
        raws : dict of str to RawTable
            The tables; all that is a patient's is left out of each.

        Returns
        -------
        dict of str to RawTable
        """
        if not self._of_patients:
            return raws
        named = {n: raw for n, raw in raws.items() if "patient" in raw.frame}
        there = {p for raw in named.values() for p in raw.frame["patient"]}
        for decision in self._of_patients:
            if decision.patient in there:
                arm = _arm_of(decision.patient, named)
                self._applied[decision] = AppliedDecision(decision, (), arm=arm)
            elif there:  # else no file could be read, which is told
                fault = "no raw file has such a patient, or `where:` leaves him out"
                self.findings.append(unfit(self._plan, decision, fault))
        excluded = {d.patient for d in self._of_patients}
        return raws | {
            name: dataclasses.replace(
                raw, frame=raw.frame[~raw.frame["patient"].isin(excluded)]
            )
            for name, raw in named.items()
        }


def _arm_of(patient: str, raws: dict[str, RawTable]) -> str:
    """Return the arm of a patient; empty where none is read, as while blinded."""
    # the allocation counts, where it is a file of its own
    for name in ("allocation", "subjects"):
        if name in raws and "arm" in raws[name].frame:
            raw = raws[name]
            arms = raw.frame.loc[raw.frame["patient"] == patient, "arm"]
            if len(arms):
                return str(arms.iloc[0])
    return ""


def decisions_table(applied: list[AppliedDecision]) -> pd.DataFrame:
    """Tabulate decisions that were applied, one a row.

    Parameters
    ----------
    applied : list of AppliedDecision
        In the order of the decisions file.

    Returns
    -------
    DataFrame
        Columns :data:`TABLE_COLUMNS`: ``rows`` are those of the raw file, apart by
        blanks, none of a patient who is left out as a whole; ``decided_in`` is the row
        of the decisions file. ``visit`` has the further keys too.
    """
    records = []
    for of in applied:
        d = of.decision
        keys = [f"{name} {text}" for name, text in d.keys]
        records.append(
            {
                **{name: getattr(d, name, "") for name in TABLE_COLUMNS},
                "rows": " ".join(map(str, of.rows)),
                "arm": of.arm,
                "visit": ", ".join([*([d.visit] if d.visit else []), *keys]),
                "decided_in": d.row,
            }
        )
    return pd.DataFrame(records, columns=list(TABLE_COLUMNS))
