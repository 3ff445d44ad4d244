"""What each number that a model of decline gives rests on."""

import dataclasses
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from alsdecline.digests import task_seed
from alsdecline.fits.plan import DEFAULT
from alsdecline.trace.evidence import Artefact, Evidence, Selection, chosen
from alsdecline.trace.of_descriptions import (
    ARM,
    OBSERVED,
    Row,
    analysed_rows,
    analysis_set,
)
from alsdecline.trace.results import TrialResults

MEASURED = f"{OBSERVED}; time is ARELTM, days from the time origin, in the trial's unit"
RATIOS = ("decline_ratio", "fraction_slowed_difference")


@dataclasses.dataclass(frozen=True)
class TracedFit:
    """A fit as its files and the configuration tell of it.

    Attributes
    ----------
    folder : str
        Where its files lie, relative to the trial's folder.
    model : str
        Its model.
    outcomes : list of str
        Ids of the outcomes that it uses.
    parts : dict of str to list of str
        The outcomes of which each outcome that it reports is the sum.
    settings : dict
        Priors, sampler and gates.
    """

    folder: str
    model: str
    outcomes: list[str]
    parts: dict[str, list[str]]
    settings: dict[str, Any]


def _fit_of(results: TrialResults, model: str, outcome: str) -> TracedFit:
    """Find the fit of a model that gives an outcome, or a pair of them."""
    wanted = set(re.split(r"[- ]", outcome))
    for name, plan in results.fits.items():
        if plan.model == model and wanted <= {*plan.outcomes, *plan.better}:
            kept = {"trial", "sampler", "gates", "priors", "alternatives"}
            return TracedFit(
                f"results/fits/{name}",
                model,
                plan.outcomes,
                {total.id: total.parts for total in plan.sums},
                plan.model_dump(mode="json", include=kept | {"correlation_lkj"}),
            )
    together = results.folder / f"results/fits/{model}/posterior.parquet"
    place = model if together.is_file() else f"{model}/{outcome}"
    known = {o.id for o in results.settings.outcomes}
    return TracedFit(f"results/fits/{place}", model, sorted(wanted & known), {}, {})


def _columns(results: TrialResults, file: str) -> list[str]:
    path = results.folder / file
    return list(pq.read_schema(path).names) if path.is_file() else []


def _posterior_columns(
    results: TrialResults, fit: TracedFit, file: str, row: Row
) -> list[str]:
    """Name the draws that a reported quantity is made of.

    Of a model with parameters by other names, all that name the outcome.
    """
    outcomes = [
        part for o in row["outcome"].split("-") for part in fit.parts.get(o, [o])
    ]
    there = _columns(results, file)
    effects = [f"effect[{o},{row['arm']}]" for o in outcomes]
    slopes = [f"slope[{o}]" for o in outcomes]
    names = effects if row["quantity"] == "slope_difference" else [*slopes, *effects]
    found = [name for name in names if name in there]
    if found:
        return found
    patterns = [re.compile(rf"[\[,:]{re.escape(o)}[\],]") for o in outcomes]
    return [name for name in there if any(pattern.search(name) for pattern in patterns)]


def _operation(results: TrialResults, row: Row, column: str) -> str:
    """Say what a column of the tables of estimates is, of the draws."""
    quantity, summaries = row["quantity"], results.settings.summaries_at_horizon
    tail = (1 - summaries.interval) / 2
    estimate = "median" if quantity.startswith(RATIOS) else "mean"
    threshold = quantity.removeprefix("decline_ratio_below_")
    statement = (
        f"that the ratio is below {threshold}"
        if threshold != quantity
        else {
            "mean_slope": "of worsening",
            "change_at_horizon": "of worsening",
            "slope_difference": "of a better course",
            "decline_ratio": "of a better course",
            "fraction_slowed_difference": "of a larger fraction in the first",
        }.get(quantity, f"that goes with {quantity}")
    )
    statistics = {
        "estimate": f"posterior {estimate}",
        "sd": "posterior standard deviation",
        "lower": f"{tail:.12g} quantile of the posterior",
        "upper": f"{1 - tail:.12g} quantile of the posterior",
        "probability": f"posterior probability {statement}",
        "passed": "whether the last attempt at the fit met its gates",
    }
    summarised = quantity if threshold == quantity else "decline_ratio"
    return f"{statistics.get(column, column)}, of {summarised}"


def _computation(
    results: TrialResults, fit: TracedFit, prior: str, without: str
) -> dict[str, Any]:
    """Return the settings of a fit, and what its diagnostics tell of it."""
    settings = dict(fit.settings) | {"model": fit.model, "prior": prior}
    alternatives = settings.pop("alternatives", {})
    if prior in alternatives:
        settings["factors"] = alternatives[prior]
    if not (results.folder / f"{fit.folder}/diagnostics.json").is_file():
        return settings
    diagnostics = results.json(f"{fit.folder}/diagnostics.json")
    if without:
        attempts = diagnostics["left_out"].get(prior, {}).get(without) or []
    else:
        attempts = diagnostics["priors"].get(prior) or []
    if attempts:
        last = attempts[-1]
        settings["seed"] = last.get("seed")
        settings["attempts"] = len(attempts)
        settings["target_accept"] = last.get("target_accept")
        settings["gates_missed"] = last.get("failures")
    return settings


@lru_cache(maxsize=64)
def _selected(
    results: TrialResults, outcomes: tuple[str, ...], without: str
) -> tuple[Selection, ...]:
    """Select the values of a fit, and their patients, once for many numbers."""
    adsl = results.dataset("data/adsl")
    flag = results.settings.analysed_population
    inside = adsl[flag] == "Y" if flag else True
    used = adsl["USUBJID"][(adsl["USUBJID"] != without) & inside]
    values = [analysed_rows(results, o, used, "AVAL", "ARELTM") for o in outcomes]
    patients = np.zeros(len(adsl), dtype=bool)
    for measured in values:
        places = results.patient_places(f"data/{measured.dataset}")
        patients[places[measured.rows]] = True
    where = "patients with a value" + (f", without {without}" if without else "")
    return chosen("adsl", patients, ["USUBJID", "ARMCD"], where), *values


def _observations(
    results: TrialResults, outcomes: Sequence[str], without: str
) -> list[Selection]:
    return list(_selected(results, tuple(outcomes), without))


def _draws(
    results: TrialResults, fit: TracedFit, prior: str, without: str
) -> tuple[str, str]:
    """Return the file of the draws and which of its rows they are."""
    del results
    if without:
        where = f"prior = {prior}, without = {without}, all draws"
        return f"{fit.folder}/left_out.parquet", where
    if prior != DEFAULT:
        return f"{fit.folder}/alternatives.parquet", f"prior = {prior}, all draws"
    return f"{fit.folder}/posterior.parquet", "all chains and draws"


def _evidence(
    results: TrialResults,
    fit: TracedFit,
    row: Row,
    operation: str,
    artefact: Artefact,
) -> Evidence:
    prior, without = row.get("prior") or DEFAULT, row.get("without", "")
    arm = row.get("arm", "")
    return Evidence(
        ", ".join(f"BDS {outcome}" for outcome in fit.outcomes),
        "AVAL",
        operation,
        analysis_set(results),
        MEASURED + (f"; without patient {without}" if without else ""),
        [(ARM, arm)] if arm else [],
        _observations(results, fit.outcomes, without),
        [artefact],
        row.get("estimand", ""),
        _computation(results, fit, prior, without),
    )


def of_estimates(results: TrialResults, table: str, row: Row, column: str) -> Evidence:
    """Tell what a number in the tables of rates, priors and influence rests on."""
    del table
    fit = _fit_of(results, row["model"], row["outcome"])
    prior, without = row.get("prior") or DEFAULT, row.get("without", "")
    operation = _operation(results, row, column)
    file, rows = _draws(results, fit, prior, without)
    columns = _posterior_columns(results, fit, file, row)
    if column == "passed":
        file, columns = f"{fit.folder}/diagnostics.json", ["failures"]
        rows = f"without {without}" if without else f"prior {prior}"
    artefact = Artefact(file, tuple(columns), rows, operation)
    return _evidence(results, fit, row, operation, artefact)


def of_decision_rule(
    results: TrialResults, table: str, row: Row, column: str
) -> Evidence:
    """Tell what the probability that the plan's decision rule asks for rests on."""
    del table
    fit = _fit_of(results, row["model"], row["outcome"])
    file, rows = _draws(results, fit, DEFAULT, "")
    of = "Monte Carlo standard error of the " if column == "error" else ""
    operation = (
        f"{of}posterior probability that {row['quantity']} is better than "
        f"{row['margin']}"
    )
    columns = tuple(_posterior_columns(results, fit, file, row))
    artefact = Artefact(file, columns, rows, operation)
    return _evidence(results, fit, row, operation, artefact)


def of_parameters(results: TrialResults, table: str, row: Row, column: str) -> Evidence:
    """Tell what a summary of a parameter rests on."""
    del table
    fit = _fit_of(results, row["model"], row["outcomes"])
    tail = (1 - results.settings.summaries.interval) / 2
    statistics = {
        "mean": "mean",
        "sd": "standard deviation",
        "lower": f"{tail:.12g} quantile",
        "upper": f"{1 - tail:.12g} quantile",
        "mcse": "Monte Carlo standard error of the mean",
    }
    operation = f"posterior {statistics.get(column, column)} of {row['parameter']}"
    file, rows = _draws(results, fit, row["prior"], "")
    artefact = Artefact(file, (row["parameter"],), rows, operation)
    return _evidence(results, fit, row, operation, artefact)


def of_fits(results: TrialResults, table: str, row: Row, column: str) -> Evidence:
    """Tell what a diagnostic of a fit rests on."""
    del table
    fit = _fit_of(results, row["model"], row["outcomes"])
    operation = f"{column} of attempt {row['attempt']}"
    artefact = Artefact(
        f"{fit.folder}/diagnostics.json",
        ("failures" if column == "passed" else column,),
        f"priors, {row['prior']}, attempt {row['attempt']}",
        operation,
    )
    return _evidence(results, fit, row, operation, artefact)


def of_power_scaling(
    results: TrialResults, table: str, row: Row, column: str
) -> Evidence:
    """Tell what a power-scaling sensitivity rests on."""
    del table
    fit = _fit_of(results, row["model"], row["outcome"])
    what = column.removeprefix("to_")
    operation = f"sensitivity of {row['quantity']} to powers of the {what}"
    file = f"{fit.folder}/posterior.parquet"
    names = tuple(_columns(results, file))
    artefact = Artefact(file, names, "4000 draws, evenly spaced", operation)
    return _evidence(results, fit, row, operation, artefact)


def of_model_checks(
    results: TrialResults, table: str, row: Row, column: str
) -> Evidence:
    """Tell what a predictive check rests on."""
    del table
    outcome = row["outcome"]
    fit = _fit_of(results, row["model"], outcome)
    operation = f"{row['statistic']}, {column}, of observed and replicated values"
    file = f"{fit.folder}/posterior.parquet"
    names = tuple(_columns(results, file))
    artefact = Artefact(file, names, "400 draws, evenly spaced", operation)
    found = _evidence(results, fit, row, operation, artefact)
    name = fit.folder.removeprefix("results/fits/")
    if name in results.fits:
        plan = results.fits[name]
        seed = task_seed(str(plan.sampler.seed), plan.trial, name, outcome)
        found.settings["seed_of_replicates"] = seed
    if not row["statistic"].startswith("prior_"):
        return found
    # parameters are drawn of the prior; the data give visits and arms alone
    seen = _observations(results, [outcome], "")
    return dataclasses.replace(found, selections=seen, artefacts=[])
