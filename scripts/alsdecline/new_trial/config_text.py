"""The config.yaml of a proposal, every guess marked, every decision left open."""

import dataclasses
import re
from collections.abc import Iterator

from alsdecline.new_trial.guesses import Given, Guess, Notebook
from alsdecline.new_trial.outcomes import OutcomeGuess
from alsdecline.new_trial.proposal import Proposal
from alsdecline.new_trial.supplements import Supplement
from alsdecline.new_trial.tables import Table
from alsdecline.new_trial.times import UNITS, Times
from alsdecline.new_trial.words import CHARACTERISTIC, is_of
from alsdecline.new_trial.yaml_text import mapping, number, scalar, sequence
from alsdecline.plain_text import one_line
from alsdecline.settings.check_columns import ADSL_COLUMNS
from alsdecline.time_units import TimeUnit, singular

LONGEST_MARK = 150
"""Characters of a comment; the terminal shows it whole."""

MOST_LEVELS = 12
"""Different texts that a characteristic may have."""


@dataclasses.dataclass(frozen=True)
class Paths:
    """Where the files of the tables are, from the trial's folder, by table name."""

    of: dict[str, str]
    comments: dict[str, str]


def _marked(book: Notebook, what: str, value: str = "") -> str:
    """Return the mark of the last guess of something, with this value if told."""
    found = [g for g in book.guesses if g.what == what and value in ("", g.value)]
    return f"  {_mark(found[-1])}" if found else ""


def _mark(guess: Guess) -> str:
    text = one_line(guess.mark)
    return text if len(text) <= LONGEST_MARK else f"{text[: LONGEST_MARK - 3]}..."


def _decide(indent: str, question: str, lines: list[str]) -> Iterator[str]:
    """Yield lines of which one is to be kept; together they are refused."""
    count = {2: "two", 3: "three", 4: "four"}.get(len(lines), str(len(lines)))
    yield f"{indent}# decide: {question} Keep one of these {count} lines."
    yield from (f"{indent}{line}" for line in lines)


def trial_id(name: str) -> str:
    """Return a study identifier of a folder's name."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("._-")
    return plain or "TRIAL"


def _trial(name: str, given: Given, book: Notebook) -> Iterator[str]:
    yield "trial:"
    yield f"  id: {scalar(trial_id(name))}  # guess: the folder's name"
    disease = given.disease or "not stated"
    yield f"  disease: {scalar(disease)}{_marked(book, 'disease')}"
    if given.data_kind:
        yield f"  data_kind: {given.data_kind}{_marked(book, 'data')}"
    else:
        yield from _decide(
            "  ",
            "are the data a real trial's, or simulated? Synthetic ones carry a banner.",
            ["data_kind: real", "data_kind: synthetic"],
        )


def _recodes(indent: str, recode: dict[str, dict[str, str]]) -> Iterator[str]:
    if recode:
        yield f"{indent}recode:"
    for ours, meanings in recode.items():
        yield f"{indent}  {ours}: {mapping(meanings)}"


def _file(paths: Paths, table: Table) -> Iterator[str]:
    if comment := paths.comments.get(table.name):
        yield f"    # {one_line(comment)}"
    yield f"    file: {scalar(paths.of[table.name])}"


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


def _subjects(made: Proposal, paths: Paths, book: Notebook) -> Iterator[str]:
    table, arms = made.roles.subjects, made.arms
    yield "  subjects:"
    yield from _file(paths, table)
    if table is made.roles.visits:
        yield "    one_row_a_patient: false  # it has the visits too"
    yield "    columns:"
    yield f"      patient: {scalar(table.patient)}{_marked(book, 'patient')}"
    if arms.table is not None and len(arms.arms) > 1:
        yield f"      arm: {scalar(arms.column)}{_marked(book, 'arm')}"
    if made.times.origin:
        origin = scalar(made.times.origin)
        yield f"      randomisation_date: {origin}{_marked(book, 'time zero')}"
    other = {arm.text: arm.id for arm in arms.arms if arm.text != arm.id}
    if arms.table is not None and len(arms.arms) > 1 and other:
        yield from _recodes("    ", {"arm": other})
    baselines = {o.baseline for o in made.outcomes if o.baseline}
    taken = {table.patient, arms.column, *baselines}
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


def _visits(made: Proposal, paths: Paths, book: Notebook) -> Iterator[str]:
    table, times = made.roles.visits, made.times
    yield "  visits:"
    yield from _file(paths, table)
    if made.where:
        yield f"    where: {_where(made.where)}{_marked(book, 'parameter')}"
    if not times.unit:
        columns = [
            mapping({"patient": table.patient, f"visit_{singular(unit)}": times.column})
            for unit in UNITS
        ]
        question = (
            f"is {one_line(times.column)[:40]!r} in days, weeks, months or years?"
        )
        yield from _decide("    ", question, [f"columns: {c}" for c in columns])
        return
    told = "date" if times.unit == "date" else singular(_unit(times.unit))
    yield f"    time: {told}{_marked(book, 'unit of time')}"
    yield "    columns:"
    for ours, theirs in _visit_columns(made).items():
        what = {"patient": "", f"visit_{told}": "time"}.get(ours, "planned visits")
        yield f"      {ours}: {scalar(theirs)}{_marked(book, what) if what else ''}"
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


def _supplement(supplement: Supplement, paths: Paths, book: Notebook) -> Iterator[str]:
    yield f"  {supplement.what}:"
    yield from _file(paths, supplement.table)
    columns = {"patient": supplement.table.patient} | supplement.columns
    mark = _marked(book, supplement.what.replace("_", " "))
    yield f"    columns: {mapping(columns)}{mark}"
    yield from _recodes("    ", supplement.recode)


def _arms(made: Proposal, book: Notebook) -> Iterator[str]:
    arms = made.arms
    yield "arms:"
    if arms.reference:
        mark = _marked(book, "reference arm") or _marked(book, "arm")
        yield f"  reference: {scalar(arms.reference)}{mark}"
    else:
        ids = [arm.id for arm in arms.arms]
        ordered = sorted(ids, key=lambda arm: arm != arms.likely)
        lines = [f"reference: {scalar(arm)}" for arm in ordered]
        yield from _decide("  ", "which arm are the others compared with?", lines)
    yield "  groups:"
    for arm in arms.arms:
        shown = "All patients" if arms.table is None else arm.text
        label = {} if shown == arm.id else {"label": shown}
        yield f"    - {mapping({'id': arm.id} | label)}"


def _scales(made: Proposal, book: Notebook) -> Iterator[str]:
    unknown = [outcome for outcome in made.outcomes if not outcome.scale]
    if unknown:
        yield "scales:"
    for outcome in unknown:
        yield f"  {outcome.id}:"
        mark = _marked(book, f"scale of {outcome.id}")
        yield f"    minimum: {number(outcome.minimum)}{mark}"
        yield "    # maximum: 100  # the highest value of the scale, if it has one"
        if outcome.whole_points:
            yield "    whole_points: true"
        if outcome.better:
            better = _marked(book, f"better {outcome.id}")
            yield f"    better: {outcome.better}{better}"
        else:
            yield from _decide(
                "    ",
                "which direction is better for the patient?",
                ["better: higher", "better: lower"],
            )


def _outcome(outcome: OutcomeGuess, book: Notebook) -> Iterator[str]:
    yield f"  - id: {outcome.id}{_marked(book, 'outcome', outcome.column)}"
    if outcome.scale:
        yield f"    scale: {outcome.scale}{_marked(book, f'scale of {outcome.id}')}"
    if outcome.column:
        yield f"    column: {scalar(outcome.column)}"
    if outcome.items:
        yield f"    items: {sequence(outcome.items)}"
    if outcome.baseline:
        column = scalar(outcome.baseline)
        mark = _marked(book, "baseline", outcome.baseline)
        yield f"    baseline: {{column: {column}, use: row}}{mark}"
    if outcome.baseline is None:
        yield "    # decide: no baseline was found; name its column, or give `priors:`"
        yield "    # baseline: {column: NAME, use: row}"


def _schedule(made: Proposal, book: Notebook) -> Iterator[str]:
    times = made.times
    if not times.schedule:
        return
    first = [0.0] if any(o.baseline for o in made.outcomes) else []
    listed = sorted({*first, *times.schedule})
    if len(listed) < 2:
        return
    shown = ", ".join(map(number, listed))
    mark = _marked(book, "schedule") or "  # guess: the times in the file"
    yield f"visits:\n  {times.schedule_unit}: [{shown}]{mark}"
    if times.unit == "date":
        yield "  window_days: 7  # guess (unsure): days that a visit may be off"


def _estimands(made: Proposal) -> Iterator[str]:
    """Name what is compared where there are more than two arms."""
    if len(made.arms.arms) < 3:
        return
    outcome = made.outcomes[0].id
    yield "estimands:"
    if not made.arms.reference:
        yield "  # decide: leave the one of the reference arm out"
    ordered = sorted(made.arms.arms, key=lambda arm: arm.id == made.arms.likely)
    treated = [arm for arm in ordered if arm.id != made.arms.reference]
    for i, arm in enumerate(treated, 1):
        label = f"Difference in the mean rate of change of {outcome}, {arm.text}"
        yield f"  - id: rate_{i}"
        yield f"    label: {scalar(label)}"
        yield f"    outcome: {outcome}"
        yield f"    treatment: {scalar(arm.id)}"
        yield "    intercurrent_events: []"
        yield "    summary: slope_difference"
        yield "    model: single"
    yield "primary: rate_1  # guess (unsure): the first; choose what the trial is about"


def config_text(
    made: Proposal, name: str, paths: Paths, given: Given, book: Notebook
) -> str:
    """Write a configuration.

    Parameters
    ----------
    made : Proposal
        What is guessed; nothing of it is contradicted.
    name : str
        The trial's folder.
    paths : Paths
        Where the files are.
    given : Given
        What the user says.
    book : Notebook
        The guesses, for the marks.

    Returns
    -------
    str
        YAML. Where something is to be decided, the pipeline refuses it.
    """
    lines = [
        "# Made by new-trial. `guess`: taken from the data, with what speaks for it;",
        "# change what is wrong. `given`: as you said. `decide`: the pipeline refuses",
        "# to run until it is done. All else is filled in: results/plan.yaml shows it.",
        *_trial(name, given, book),
        "data:",
        *_subjects(made, paths, book),
        *_visits(made, paths, book),
    ]
    for supplement in made.roles.supplements:
        if made.times.unit == "date":
            lines += _supplement(supplement, paths, book)
        else:
            what = supplement.what.replace("_", " ")
            name = supplement.table.name
            lines.append(f"  # {what} in {name} are not used: visits have no dates")
    lines += [*_arms(made, book), *_scales(made, book), "outcomes:"]
    for outcome in made.outcomes:
        lines += _outcome(outcome, book)
    lines += [*_schedule(made, book), *_estimands(made)]
    return "\n".join(lines) + "\n"
