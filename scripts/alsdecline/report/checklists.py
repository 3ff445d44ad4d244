"""Checklists of reporting guidelines, each item filled by this trial's value or unmet.

The items are data, ``checklists.yaml`` beside this module, paraphrased from text that
was read; each names the function that fills it.
"""

import dataclasses
import functools
from collections.abc import Callable, Mapping
from pathlib import Path

import pydantic

from alsdecline.plain_yaml import parse_yaml, read_yaml_text
from alsdecline.report import (
    checklist_of_models,
    checklist_of_patients,
    checklist_of_plan,
)
from alsdecline.report.checklist_answers import Answer, Facts
from alsdecline.report.foot import Provenance
from alsdecline.report.plan import ReportPlan, Results
from alsdecline.report.words import counted, listed

FILE = Path(__file__).with_name("checklists.yaml")


class Item(pydantic.BaseModel):
    """An item of a checklist.

    Attributes
    ----------
    number : str
        As the list numbers it.
    asks : str
        What it asks for, in other words than the list's.
    answer : str
        The function that fills it.
    """

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    number: str
    asks: str
    answer: str

    @property
    def fill(self) -> Callable[[Facts], Answer]:
        """What fills it from the facts of a trial."""
        for module in (checklist_of_models, checklist_of_plan, checklist_of_patients):
            if function := vars(module).get(self.answer):
                found: Callable[[Facts], Answer] = function
                return found
        raise LookupError(f"{FILE.name}: nothing fills {self.answer!r}")


class Checklist(pydantic.BaseModel):
    """A checklist, and how much of it could be read.

    Attributes
    ----------
    name, title, source : str
        What it is called, and where it was published.
    read, not_read : str
        Which text its items are from, and what of it could not be had.
    items : list of Item
        In the list's order; none where its text could not be had.
    """

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str
    source: str
    read: str
    not_read: str
    items: list[Item]


@dataclasses.dataclass(frozen=True)
class FilledChecklist:
    """A checklist as a trial fills it.

    Attributes
    ----------
    checklist : Checklist
        The list.
    rows : list of tuple
        Its items with their answers.
    summary : str
        How many are filled, and which are not.
    """

    checklist: Checklist
    rows: list[tuple[Item, Answer]]
    summary: str


@functools.cache
def read_checklists() -> tuple[Checklist, ...]:
    """Read all checklists, once."""
    content = parse_yaml(read_yaml_text(FILE)).content
    return tuple(Checklist.model_validate(entry) for entry in content)


def _summary(rows: list[tuple[Item, Answer]]) -> str:
    met = sum(answer.met for _, answer in rows)
    missing = list(
        dict.fromkeys(item.number for item, answer in rows if not answer.met)
    )
    said = f"{counted(met, 'item')} of {len(rows)} filled"
    return f"{said}; unmet: {listed(missing)}." if missing else f"{said}."


def filled_checklists(
    plan: ReportPlan, results: Results, provenance: Provenance
) -> list[FilledChecklist]:
    """Fill all checklists from what the report knows of a trial.

    Parameters
    ----------
    plan : ReportPlan
        What the report states of the settings.
    results : Results
        All result tables.
    provenance : mapping
        Digests, versions of software and of the project.

    Returns
    -------
    list of FilledChecklist
        Those whose text could not be had have no rows.
    """
    facts = Facts(plan, results, provenance)
    answers: Mapping[str, Answer] = {
        item.answer: item.fill(facts) for one in read_checklists() for item in one.items
    }
    filled = []
    for one in read_checklists():
        rows = [(item, answers[item.answer]) for item in one.items]
        filled.append(FilledChecklist(one, rows, _summary(rows)))
    return filled
