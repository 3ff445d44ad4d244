"""What an item of a checklist is answered from, and with."""

import dataclasses

import pandas as pd

from alsdecline.report.cells import Cell
from alsdecline.report.foot import Provenance
from alsdecline.report.plan import ReportPlan, Results

ALONE = "The trial has one arm: nothing is compared."


@dataclasses.dataclass(frozen=True)
class Facts:
    """All that the report knows of its trial.

    Attributes
    ----------
    plan : ReportPlan
        What it states of the settings.
    results : Results
        All result tables.
    provenance : mapping
        Digests, versions of software and of the project.
    """

    plan: ReportPlan
    results: Results
    provenance: Provenance

    def table(self, name: str) -> pd.DataFrame:
        """Return a result table, without rows where the trial has none."""
        return self.results.tables.get(name, pd.DataFrame())

    @property
    def has_harms(self) -> bool:
        """Whether adverse events are part of the analysis."""
        return not self.table("adverse_events").empty


@dataclasses.dataclass(frozen=True)
class Answer:
    """What the report has for an item of a checklist.

    Attributes
    ----------
    text : Cell
        The value or, of an unmet item, what is missing.
    at : tuple of str
        Anchors of the sections, tables and figures that say more.
    met : bool
        Whether the item is filled.
    """

    text: Cell
    at: tuple[str, ...] = ()
    met: bool = True


def filled(text: str, *at: str) -> Answer:
    """Answer an item with a value of this trial, and where it stands."""
    return Answer(text if isinstance(text, Cell) else Cell(text), at)


def unmet(text: str, *at: str) -> Answer:
    """Say what is missing of an item, and where what there is stands."""
    return dataclasses.replace(filled(text, *at), met=False)


def answered(met: bool, text: str, *at: str) -> Answer:
    """Answer an item that is filled where a condition holds."""
    return filled(text, *at) if met else unmet(text, *at)


def not_configured(what: str, *at: str) -> Answer:
    """Say that an item needs what the configuration does not say."""
    return unmet(f"The configuration does not say {what}.", *at)
