"""Completes a configuration: fills in what a person left out of config.yaml.

A key that is written is never touched. What concerns the trial's science (arms, which
of them is the reference, outcomes and the direction of their scales) is not filled in.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from alsdecline.settings.catalogue import catalogue
from alsdecline.settings.filled_in import (
    ALTERNATIVES,
    ALTERNATIVES_OF_ONE_ARM,
    CORRELATION_LKJ,
    EVENTS,
    FIXED,
    PROPOSED,
    Filled,
)
from alsdecline.settings.from_baseline import fill_priors
from alsdecline.settings.members import FAMILY
from alsdecline.settings.presets import fill_preset
from alsdecline.settings.proposed_priors import proposed_design
from alsdecline.settings.scheduled_times import fill_schedule, fill_time, try_to_read
from alsdecline.settings.tables import DIALECT
from alsdecline.settings.wide_columns import wide_columns

ID = "the id"
THE_FILES = "the file's, as the other table has it"


def _trial(filled: Filled) -> None:
    filled.fill(("trial", "title"), filled.at("trial", "id"), ID)


def _tables(filled: Filled) -> tuple[Any, Any]:
    return filled.at("data", "subjects") or {}, filled.at("data", "visits") or {}


def _files(filled: Filled) -> None:
    """Let one file be that of subjects and visits."""
    subjects, visits = _tables(filled)
    pairs = (("subjects", subjects, visits), ("visits", visits, subjects))
    for name, own, other in pairs:
        if "file" not in own and "file" in other:
            at = ("data", name, "file")
            filled.fill(at, other["file"], "the one file of subjects and visits")
    subjects, visits = _tables(filled)
    if "file" not in subjects:
        message = "`file` is missing, as in subjects: {file: visits.csv}"
        filled.refuse(("data", "subjects"), message)
    if "file" not in subjects or subjects["file"] != visits.get("file"):
        return
    tables = [t for t in (filled.at("data") or {}).values() if isinstance(t, dict)]
    of_file = [t for t in tables if t.get("file") == subjects["file"]]
    if len({t["sheet"] for t in of_file if t.get("sheet")}) > 1:
        return  # of one workbook, but of a sheet each, and none is guessed
    at = ("data", "subjects", "one_row_a_patient")
    wide = bool(wide_columns(visits.get("columns") or {}))
    if not wide:
        filled.fill(at, value=False, origin="the file has the visits too")
    pairs = (("subjects", subjects, visits), ("visits", visits, subjects))
    for name, own, other in pairs:
        patient = (other.get("columns") or {}).get("patient")
        if patient and "patient" not in (own.get("columns") or {}):
            at_column = ("data", name, "columns", "patient")
            filled.fill(at_column, patient, THE_FILES)
        for key in sorted(DIALECT & other.keys() - own.keys()):
            filled.fill(("data", name, key), other[key], THE_FILES)


def _patient_columns(filled: Filled) -> None:
    """Call the patient in each table of the subjects' file as the subjects do."""
    subjects = filled.at("data", "subjects") or {}
    patient = (subjects.get("columns") or {}).get("patient")
    for name, table in (filled.at("data") or {}).items():
        same = isinstance(table, dict) and table.get("file") == subjects.get("file")
        if patient and same:
            at = ("data", name, "columns", "patient")
            filled.fill(at, patient, "the file's, as the other table has it")


def _arms(filled: Filled) -> None:
    groups = filled.at("arms", "groups")
    if len(groups) == 1:
        filled.fill(("arms", "reference"), groups[0]["id"], "the one arm")
    elif filled.at("arms", "reference") is None:
        names = [group["id"] for group in groups]
        filled.refuse(
            ("arms",),
            f"`reference` is missing: which of {', '.join(names)} are the others "
            f"compared with? As in reference: {names[0]}",
        )
    for i, group in enumerate(groups):
        filled.fill(("arms", "groups", i, "label"), group["id"], ID)


def _parameter(filled: Filled, i: int, name: str) -> str:
    """Make a PARAMCD of an outcome's id that no other outcome has."""
    outcomes = filled.at("outcomes")
    taken = {o.get("parameter") for o in outcomes[:i] + outcomes[i + 1 :]}
    parameter = name.replace("_", "").upper()[:8]
    return f"{parameter[:7]}{i + 1}" if parameter in taken else parameter


def _outcomes(filled: Filled) -> None:
    scales = filled.at("scales") or {}
    for i, outcome in enumerate(filled.at("outcomes")):
        name = outcome["id"]
        words = name.replace("_", " ")
        filled.fill(("outcomes", i, "label"), words[:1].upper() + words[1:], ID)
        filled.fill(("outcomes", i, "parameter"), _parameter(filled, i, name), ID)
        if name in scales:
            filled.fill(("outcomes", i, "scale"), name, "the scale of this name")
        elif name in catalogue().scales:
            filled.fill(("outcomes", i, "scale"), name, "the catalogue's, by the id")
        elif outcome.get("scale") is None:
            filled.refuse(
                ("outcomes", i),
                f"`scale` is missing: name one of {', '.join(catalogue().scales)}, or "
                f"describe its own at the top, as in scales: {{{name}: {{minimum: 0, "
                "maximum: 100, better: higher}}",
            )
        if not outcome.get("items") and not outcome.get("sum_of"):
            filled.fill(("outcomes", i, "column"), name, ID)
    for name in scales:
        labels = [
            outcome.get("label")
            for outcome in filled.at("outcomes")
            if outcome.get("scale") == name
        ]
        label = labels[0] if labels else name
        filled.fill(("scales", name, "name"), label, "the outcome's label")
        filled.fill(("scales", name, "unit"), "points", "by default")
        filled.fill(("scales", name, "source"), "config.yaml", "by default")


def _models(filled: Filled) -> None:
    models = filled.at("models") or {}
    if not any(models.get(member) for member in FAMILY):
        ids = [outcome["id"] for outcome in filled.at("outcomes")]
        filled.fill(("models", "single"), ids, "all outcomes, each by itself")


def _model_of(filled: Filled, outcome: str) -> str | None:
    """Return the first member of the family that gives an outcome."""
    models = filled.at("models") or {}
    parts = next(
        (o.get("sum_of") for o in filled.at("outcomes") if o["id"] == outcome), None
    )
    for name, member in FAMILY.items():
        fitted = models.get(name) or []
        if outcome in fitted:
            return name
        if member.together and parts and set(parts) <= set(fitted):
            return name
    return None


def _estimands(filled: Filled) -> None:
    outcomes = filled.at("outcomes")
    if not filled.at("estimands"):
        first = outcomes[0]["id"]
        estimand = {"id": f"rate_{first}", "outcome": first}
        filled.fill(("estimands",), [estimand], "the first outcome's slope")
    estimands = filled.at("estimands")
    for i in range(len(estimands)):
        _estimand(filled, i)
    if estimands[0].get("id"):
        filled.fill(("primary",), estimands[0]["id"], "the first estimand")


def _estimand(filled: Filled, i: int) -> None:
    groups = [group["id"] for group in filled.at("arms", "groups")]
    here, given = ("estimands", i), filled.at("estimands", i)
    labels = {o["id"]: o["label"] for o in filled.at("outcomes")}
    alone = len(groups) == 1
    why = "there is one arm" if alone else "arms are compared"
    summary = "mean_slope" if alone else "slope_difference"
    filled.fill((*here, "summary"), summary, why)
    if given["outcome"] not in labels:
        if given.get("label") is None or given.get("model") is None:
            names = ", ".join(labels)
            message = f"{given['outcome']!r} is no outcome; use one of {names}"
            filled.refuse((*here, "outcome"), message)
    else:
        what = {
            "mean_slope": "Mean slope of {}",
            "slope_difference": "Difference in the mean slope of {}",
        }.get(given["summary"], "{}")
        label = what.format(labels[given["outcome"]])
        filled.fill((*here, "label"), label, "of outcome and summary")
        if model := _model_of(filled, given["outcome"]):
            filled.fill((*here, "model"), model, "the first that gives the outcome")
        elif given.get("model") is None:
            message = f"no model gives {given['outcome']!r}; name it under `models`"
            filled.refuse((*here, "outcome"), message)
    _treatment(filled, i, groups)
    why = "what is carried out where nothing else is said"
    filled.fill((*here, "intercurrent_events"), EVENTS, why)


def _treatment(filled: Filled, i: int, groups: list[str]) -> None:
    """Fill in the arm that an estimand is about, where there is but one."""
    here, given = ("estimands", i), filled.at("estimands", i)
    reference = filled.at("arms", "reference")
    if given.get("treatment") is not None:
        return
    if reference not in groups:
        message = f"{reference!r} is no arm; use one of {', '.join(groups)}"
        filled.refuse(("arms", "reference"), message)
        return
    compares = given["summary"] == "slope_difference"
    arms = [arm for arm in groups if not (compares and arm == reference)]
    if len(arms) == 1:
        filled.fill((*here, "treatment"), arms[0], "the one arm to look at")
    elif arms:
        which = f"is compared with {reference}" if compares else "is it of"
        names = ", ".join(arms)
        filled.refuse(
            ("estimands",) if ("estimands",) in filled.origins else here,
            f"`treatment` is missing: which of {names} {which}? As in "
            f"estimands: [{{id: {given['id']}, outcome: {given['outcome']}, "
            f"treatment: {arms[0]}}}]",
        )


def _summaries(filled: Filled) -> None:
    alone = len(filled.at("arms", "groups")) == 1
    if alone:
        filled.fill(("summaries", "ratio_thresholds"), [], "there is one arm")
    filled.fill(("priors", "alternatives"), _alternatives(alone), "by default")
    if filled.at("priors", "correlation_lkj") is None:
        at = ("priors", "correlation_lkj")
        filled.fill(at, CORRELATION_LKJ, "by default; proposed")
        basis = {
            "source": PROPOSED,
            "reason": "Weakly against correlations near -1 and 1.",
        }
        filled.fill(("priors", "basis", "correlation_lkj"), basis, "")
    for section, values in FIXED.items():
        for key, value in values.items():
            filled.fill((section, key), value, "by default")


def _alternatives(alone: bool) -> Mapping[str, Any]:
    return ALTERNATIVES_OF_ONE_ARM if alone else ALTERNATIVES


def _design(filled: Filled) -> None:
    """Assume of the primary outcome what its priors have in the middle."""
    if len(filled.at("arms", "groups")) == 1:
        return
    primary = filled.at("primary")
    outcome = next(
        (e.get("outcome") for e in filled.at("estimands") if e.get("id") == primary),
        None,
    )
    prior = filled.at("priors", "outcomes", str(outcome)) or {}
    if not all(prior.get(k) for k in ("sd_slope", "sd_residual", "effect_sd")):
        return
    for key, value in proposed_design(prior).items():
        why = f"median of the prior of {'effect_sd' if key == 'effect' else key}"
        filled.fill(("design", key), value, f"{why} of {outcome}")


def completed(written: Mapping[str, Any], folder: Path | None) -> Filled:
    """Fill in what is left out of a configuration.

    Parameters
    ----------
    written : mapping
        What stands in it, of which nothing is wrong but what is missing.
    folder : Path or None
        The trial's folder; where there is none nothing is taken from raw files.

    Returns
    -------
    Filled
        What is there already is as it was. Of all that cannot be filled in without a
        guess the faults tell.
    """
    filled = Filled.of(written)
    steps: list[Callable[[Filled], None]] = [
        _trial,
        fill_preset,
        _files,
        _patient_columns,
        _arms,
        _outcomes,
    ]
    for step in steps:
        step(filled)
    if folder is not None and filled.at("data", "visits", "file"):
        try_to_read(filled, fill_time, folder)
        if filled.at("time_origin"):
            try_to_read(filled, fill_schedule, folder)
    _models(filled)
    if filled.at("arms", "reference"):
        _estimands(filled)
    if folder is not None and not filled.faults:
        try_to_read(filled, fill_priors, folder)
    _summaries(filled)
    if filled.at("estimands") and filled.at("primary"):
        _design(filled)
    return filled
