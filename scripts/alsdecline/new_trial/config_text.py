"""The config.yaml of a proposal, every guess marked, every decision left open."""

import re
from collections.abc import Iterator

from alsdecline.new_trial.config_data import (
    Paths,
    subjects_lines,
    supplement_lines,
    visits_lines,
)
from alsdecline.new_trial.config_marks import decide, marked
from alsdecline.new_trial.guesses import Given, Notebook
from alsdecline.new_trial.outcomes import OutcomeGuess
from alsdecline.new_trial.proposal import Proposal
from alsdecline.new_trial.yaml_text import mapping, number, scalar, sequence


def trial_id(name: str) -> str:
    """Return a study identifier of a folder's name."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("._-")
    return plain or "TRIAL"


def _trial(name: str, given: Given, book: Notebook) -> Iterator[str]:
    yield "trial:"
    yield f"  id: {scalar(trial_id(name))}  # guess: the folder's name"
    disease = given.disease or "not stated"
    yield f"  disease: {scalar(disease)}{marked(book, 'disease')}"
    if given.data_kind:
        yield f"  data_kind: {given.data_kind}{marked(book, 'data')}"
    else:
        yield from decide(
            "  ",
            "are the data a real trial's, or simulated? Synthetic ones carry a banner.",
            ["data_kind: real", "data_kind: synthetic"],
        )


def _arms(made: Proposal, book: Notebook) -> Iterator[str]:
    arms = made.arms
    yield "arms:"
    if arms.reference:
        mark = marked(book, "reference arm") or marked(book, "arm")
        yield f"  reference: {scalar(arms.reference)}{mark}"
    else:
        ids = [arm.id for arm in arms.arms]
        ordered = sorted(ids, key=lambda arm: arm != arms.likely)
        lines = [f"reference: {scalar(arm)}" for arm in ordered]
        yield from decide("  ", "which arm are the others compared with?", lines)
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
        mark = marked(book, f"scale of {outcome.id}")
        yield f"    minimum: {number(outcome.minimum)}{mark}"
        yield "    # maximum: 100  # the highest value of the scale, if it has one"
        if outcome.whole_points:
            yield "    whole_points: true"
        if outcome.better:
            better = marked(book, f"better {outcome.id}")
            yield f"    better: {outcome.better}{better}"
        else:
            yield from decide(
                "    ",
                "which direction is better for the patient?",
                ["better: higher", "better: lower"],
            )


def _outcome(outcome: OutcomeGuess, book: Notebook) -> Iterator[str]:
    yield f"  - id: {outcome.id}{marked(book, 'outcome', outcome.column)}"
    if outcome.scale:
        yield f"    scale: {outcome.scale}{marked(book, f'scale of {outcome.id}')}"
    if outcome.column:
        yield f"    column: {scalar(outcome.column)}"
    if outcome.items:
        yield f"    items: {sequence(outcome.items)}"
    if outcome.baseline:
        column = scalar(outcome.baseline)
        mark = marked(book, "baseline", outcome.baseline)
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
    mark = marked(book, "schedule") or "  # guess: the times in the file"
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
        *subjects_lines(made, paths, book),
        *visits_lines(made, paths, book),
    ]
    for supplement in made.roles.supplements:
        if made.times.unit == "date":
            lines += supplement_lines(supplement, paths, book)
        else:
            what = supplement.what.replace("_", " ")
            name = supplement.table.name
            lines.append(f"  # {what} in {name} are not used: visits have no dates")
    lines += [*_arms(made, book), *_scales(made, book), "outcomes:"]
    for outcome in made.outcomes:
        lines += _outcome(outcome, book)
    lines += [*_schedule(made, book), *_estimands(made)]
    return "\n".join(lines) + "\n"
