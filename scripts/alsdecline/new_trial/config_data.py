"""The part of config.yaml about the files and their columns."""

import dataclasses
from collections.abc import Iterator

from alsdecline.new_trial.config_marks import decide, marked
from alsdecline.new_trial.guesses import Notebook
from alsdecline.new_trial.proposal import Proposal
from alsdecline.new_trial.supplements import Supplement
from alsdecline.new_trial.tables import Table
from alsdecline.new_trial.times import UNITS, Times
from alsdecline.new_trial.words import CHARACTERISTIC, is_of
from alsdecline.new_trial.yaml_text import mapping, scalar, sequence
from alsdecline.plain_text import one_line
from alsdecline.raw.cells import ROW, Cells
from alsdecline.raw.identifiers import identifier_findings
from alsdecline.settings import tables as settings
from alsdecline.settings.check_columns import ADSL_COLUMNS
from alsdecline.time_units import TimeUnit, singular

MOST_LEVELS = 12
"""Different texts that a characteristic may have."""


@dataclasses.dataclass(frozen=True)
class Paths:
    """Where the files of the tables are, from the trial's folder, by table name."""

    of: dict[str, str]
    comments: dict[str, str]


def _recodes(indent: str, recode: dict[str, dict[str, str]]) -> Iterator[str]:
    if recode:
        yield f"{indent}recode:"
    for ours, meanings in recode.items():
        yield f"{indent}  {ours}: {mapping(meanings)}"


def _identifying(table: Table, used: set[str]) -> list[str]:
    """Return columns that tell who a patient is, and that nothing else is made of."""
    frame = table.source.frame.assign(**{ROW: table.source.rows})
    cells = Cells(tuple(table.columns), frame)
    of_patient = {table.patient: "patient"}
    found, _ = identifier_findings(
        cells, settings.Table(file=table.name), of_patient, pseudonyms=True
    )
    there = {finding.column for finding in found} - used
    return [name for name in table.columns if name in there]


def _used(made: Proposal) -> set[str]:
    times, arms = made.times, made.arms
    used = {made.roles.subjects.patient, made.roles.visits.patient, arms.column}
    used |= {times.column, times.planned, times.origin, *made.where}
    for outcome in made.outcomes:
        used |= {outcome.column, outcome.baseline or "", *outcome.items}
    return used


def _file(paths: Paths, table: Table, used: set[str]) -> Iterator[str]:
    if comment := paths.comments.get(table.name):
        yield f"    # {one_line(comment)}"
    yield f"    file: {scalar(paths.of[table.name])}"
    if dropped := _identifying(table, used):
        yield f"    drop: {sequence(dropped)}  # guess: they tell who a patient is"


def characteristics(table: Table, taken: set[str]) -> list[tuple[str, str]]:
    """Return columns that describe patients at the start, and of what kind they are."""
    found: list[tuple[str, str]] = []
    for name, column in table.columns.items():
        usual = is_of(name, CHARACTERISTIC) and name not in taken
        if not usual or not table.is_constant(name) or not column.filled.any():
            continue
        if name.upper() in (*ADSL_COLUMNS, *(n.upper() for n, _ in found)):
            continue
        if column.kind == "number" and not len(column.not_numbers()):
            found.append((name, "number" if column.different > 2 else "category"))
        elif column.kind == "text" and column.different <= MOST_LEVELS:
            found.append((name, "category"))
    return found


def _label(name: str) -> str:
    text = name.replace("_", " ").replace(".", " ").strip()
    return text[:1].upper() + text[1:]


def subjects_lines(made: Proposal, paths: Paths, book: Notebook) -> Iterator[str]:
    """Yield what is said of the subjects' file."""
    table, arms = made.roles.subjects, made.arms
    yield "  subjects:"
    yield from _file(paths, table, _used(made))
    if table is made.roles.visits:
        yield "    one_row_a_patient: false  # it has the visits too"
    yield "    columns:"
    yield f"      patient: {scalar(table.patient)}{marked(book, 'patient')}"
    if arms.table is not None and len(arms.arms) > 1:
        yield f"      arm: {scalar(arms.column)}{marked(book, 'arm')}"
    if made.times.origin:
        origin = scalar(made.times.origin)
        yield f"      randomisation_date: {origin}{marked(book, 'time zero')}"
    other = {arm.text: arm.id for arm in arms.arms if arm.text != arm.id}
    if arms.table is not None and len(arms.arms) > 1 and other:
        yield from _recodes("    ", {"arm": other})
    baselines = {o.baseline for o in made.outcomes if o.baseline}
    taken = {table.patient, arms.column, *baselines, *_identifying(table, _used(made))}
    described = characteristics(table, taken)
    if described:
        yield "    characteristics:  # guess: by their names; described by arm"
    for name, kind in described:
        label = scalar(_label(name))
        yield f"      - {{column: {scalar(name)}, label: {label}, kind: {kind}}}"


def _where(where: dict[str, str]) -> str:
    return (
        "{" + ", ".join(f"{scalar(k)}: {sequence([v])}" for k, v in where.items()) + "}"
    )


def _visit_columns(made: Proposal) -> dict[str, str]:
    times = made.times
    unit = "date" if times.unit == "date" else singular(_unit(times.unit))
    columns = {"patient": made.roles.visits.patient, f"visit_{unit}": times.column}
    if times.planned:
        planned = "week" if times.planned_recode else singular(times.schedule_unit)
        columns[f"visit_{planned}"] = times.planned
    return columns


def _unit(text: str) -> TimeUnit:
    return next(unit for unit in UNITS if unit == text)


def visits_lines(made: Proposal, paths: Paths, book: Notebook) -> Iterator[str]:
    """Yield what is said of the visits' file."""
    table, times = made.roles.visits, made.times
    yield "  visits:"
    yield from _file(paths, table, _used(made))
    if made.where:
        yield f"    where: {_where(made.where)}{marked(book, 'parameter')}"
    if not times.unit:
        columns = [
            mapping({"patient": table.patient, f"visit_{singular(unit)}": times.column})
            for unit in UNITS
        ]
        question = (
            f"is {one_line(times.column)[:40]!r} in days, weeks, months or years?"
        )
        yield from decide("    ", question, [f"columns: {c}" for c in columns])
        return
    told = "date" if times.unit == "date" else singular(_unit(times.unit))
    yield f"    time: {told}{marked(book, 'unit of time')}"
    yield "    columns:"
    for ours, theirs in _visit_columns(made).items():
        what = {"patient": "", f"visit_{told}": "time"}.get(ours, "planned visits")
        yield f"      {ours}: {scalar(theirs)}{marked(book, what) if what else ''}"
    yield from _visit_recodes(times)


def _visit_recodes(times: Times) -> Iterator[str]:
    if times.planned_recode:
        yield from _recodes("    ", {"visit_week": times.planned_recode})
    elif any(told is None for told in times.recode.values()):
        unit = _unit(times.unit)
        yield "    recode:"
        yield f"      visit_{singular(unit)}:"
        told = (
            f'the {singular(unit)} of each visit, in quotes: "12"; the baseline is "0"'
        )
        yield f"        # decide: {told}"
        for text, time in times.recode.items():
            value = "" if time is None else f" {scalar(time)}"
            yield f"        {scalar(text)}:{value}"
    elif times.recode:
        texts = {text: str(time) for text, time in times.recode.items()}
        yield from _recodes("    ", {f"visit_{singular(_unit(times.unit))}": texts})


def supplement_lines(
    supplement: Supplement, paths: Paths, book: Notebook
) -> Iterator[str]:
    """Yield what is said of a file of doses, events or adverse events."""
    yield f"  {supplement.what}:"
    columns = {"patient": supplement.table.patient} | supplement.columns
    yield from _file(paths, supplement.table, {*columns.values()})
    mark = marked(book, supplement.what.replace("_", " "))
    yield f"    columns: {mapping(columns)}{mark}"
    yield from _recodes("    ", supplement.recode)
