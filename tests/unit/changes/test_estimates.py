"""Estimates are matched by what they are of; conclusions that flip get a sentence."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from alsdecline.changes.estimates import within_monte_carlo
from alsdecline.changes.monte_carlo_errors import monte_carlo_errors
from alsdecline.changes.runs import diff
from alsdecline.fits.planning import fit_plan
from alsdecline.settings.file import parse_settings
from alsdecline.stable_files import write_parquet
from support.hand_runs import hand_run, rate
from support.trial_folder import PROJECT

RATES = "tables/rate_of_decline"
NAME = "difference in mean slope of Norris total, 3 µg/kg against 0.5 µg/kg"
ARMS = "3 µg/kg against 0.5 µg/kg"


def compared(
    folder: Path,
    old: dict[str, list[dict[str, Any]]],
    new: dict[str, list[dict[str, Any]]],
    *,
    config: Callable[[str], str] = str,
) -> dict[str, Any]:
    """Compare two runs with these tables, the later one with another configuration."""
    return diff(
        hand_run(folder / "old", tables=old),
        hand_run(folder / "new", tables=new, config=config),
    )


def sentences(found: dict[str, Any]) -> list[str]:
    return [
        conclusion["sentence"].replace("\N{NO-BREAK SPACE}", " ")
        for conclusion in found["conclusions"]
    ]


def test_an_estimate_has_both_sides_and_its_difference(tmp_path: Path) -> None:
    found = compared(
        tmp_path,
        {RATES: [rate(1.0, -0.5, 2.0, 0.9)]},
        {RATES: [rate(1.25, -0.25, 2.5, 0.95)]},
    )
    assert found["estimates"] == [
        {
            "table": "rate_of_decline",
            "of": {
                "model": "joint",
                "outcome": "total",
                "quantity": "slope_difference",
                "arm": "high",
                "prior": "default",
            },
            "label": f"{NAME} (joint model, default prior)",
            "primary": True,
            "old": {"estimate": 1.0, "lower": -0.5, "upper": 2.0, "probability": 0.9},
            "new": {
                "estimate": 1.25,
                "lower": -0.25,
                "upper": 2.5,
                "probability": 0.95,
            },
            "difference": {
                "estimate": 0.25,
                "lower": 0.25,
                "upper": 0.5,
                "probability": pytest.approx(0.05),
            },
            "monte_carlo_limit": {},
        }
    ]
    assert found["conclusions"] == []


def test_the_default_prior_is_not_told_twice(tmp_path: Path) -> None:
    both = [rate(1.0, 0, 2, prior=prior) for prior in ("default", "weak")]
    tables = {RATES: [rate(1.0, 0, 2)], "tables/prior_sensitivity": both}
    found = compared(tmp_path, tables, tables)
    assert [(e["table"], e["of"]["prior"]) for e in found["estimates"]] == [
        ("rate_of_decline", "default"),
        ("prior_sensitivity", "weak"),
    ]


def test_a_row_that_one_run_alone_has_is_kept(tmp_path: Path) -> None:
    limb = rate(1.0, 0.5, 2.0, 0.9, outcome="limb")
    total = rate(1.0, 0.5, 2.0, 0.9)
    found = compared(tmp_path, {RATES: [total, limb]}, {RATES: [total]})
    estimate = found["estimates"][1]
    assert estimate["new"] is None
    assert estimate["old"]["estimate"] == 1.0
    assert not found["same"]


def test_a_ratio_no_longer_given_is_a_difference(tmp_path: Path) -> None:
    given = rate(0.5, 0.2, 0.9, 0.98, quantity="decline_ratio")
    absent = rate(None, None, None, None, quantity="decline_ratio")
    found = compared(tmp_path, {RATES: [given]}, {RATES: [absent, rate(1, 0, 2, 1)]})
    assert found["estimates"][0]["new"]["estimate"] is None
    assert not found["same"]


def test_an_interval_that_comes_to_contain_zero_gets_a_sentence(tmp_path: Path) -> None:
    found = compared(
        tmp_path, {RATES: [rate(1.0, 0.1, 2.0)]}, {RATES: [rate(0.9, -0.1, 2.0)]}
    )
    (sentence,) = sentences(found)
    assert sentence == (
        f"The 95% interval of the primary estimate, the {NAME} (joint model, default "
        "prior), excluded 0 (0.10 to 2.00) and now contains it (\N{MINUS SIGN}0.10 to "
        "2.00)."
    )


def test_an_interval_of_a_ratio_is_asked_about_one(tmp_path: Path) -> None:
    old = rate(0.8, 0.5, 1.1, quantity="decline_ratio", outcome="limb")
    new = rate(0.7, 0.5, 0.9, quantity="decline_ratio", outcome="limb")
    (sentence,) = sentences(compared(tmp_path, {RATES: [old]}, {RATES: [new]}))
    assert sentence == (
        f"The 95% interval of the ratio of mean slopes of Norris limb, {ARMS} (joint "
        "model, default prior) contained 1 (0.50 to 1.10) and now excludes it (0.50 to "
        "0.90)."
    )


def test_a_mean_slope_is_no_effect_to_exclude(tmp_path: Path) -> None:
    old = rate(-1, -2, 0.1, quantity="mean_slope")
    new = rate(-1, -2, -0.1, quantity="mean_slope")
    found = compared(tmp_path, {RATES: [old]}, {RATES: [new]})
    assert found["conclusions"] == []


def test_the_sign_of_the_primary_estimate_gets_a_sentence(tmp_path: Path) -> None:
    found = compared(
        tmp_path, {RATES: [rate(0.3, -1, 2)]}, {RATES: [rate(-0.12, -1, 2)]}
    )
    (sentence,) = sentences(found)
    assert sentence == (
        f"The sign of the primary estimate, the {NAME} (joint model, default prior), "
        "changed: 0.30 before, \N{MINUS SIGN}0.12 after."
    )


def test_the_sign_of_another_estimate_is_no_conclusion(tmp_path: Path) -> None:
    old, new = (rate(x, -1, 2, outcome="limb") for x in (0.3, -0.1))
    found = compared(tmp_path, {RATES: [old]}, {RATES: [new]})
    assert found["conclusions"] == []


def test_an_interval_of_another_probability_says_both(tmp_path: Path) -> None:
    found = compared(
        tmp_path,
        {RATES: [rate(1.0, -0.1, 2.0)]},
        {RATES: [rate(1.0, 0.1, 1.8)]},
        config=lambda text: text.replace("interval: 0.95", "interval: 0.9"),
    )
    assert "(95% before, 90% after) contained 0" in sentences(found)[0]


def test_a_test_and_supplementary_analyses_are_asked_too(tmp_path: Path) -> None:
    def tables(low: float) -> dict[str, list[dict[str, Any]]]:
        bounds = {"estimate": 1.0, "lower": low, "upper": 2.0, "p_value": 0.05}
        of = {"analysis": "wk40", "arm": "high", "versus": "low"}
        return {
            "tables/slope_tests/limb": [
                {"outcome": "limb", "method": "permutation test", "arm": "high"}
                | bounds
            ],
            "tables/ancova": [
                of | {"quantity": "difference"} | bounds,
                of | {"quantity": "ls_mean", "versus": ""} | bounds,
            ],
            "tables/mixed_models": [
                {"analysis": "mm", "parameter": name} | bounds
                for name in ("time", "time x arm high")
            ],
        }

    extra = """
supplementary:
  ancova:
    - {id: wk40, label: Week 40, outcome: limb, week: 40, response: change}
  mixed_models:
    - id: mm
      label: Mixed
      outcome: limb
      baseline: response
      random: [intercept]
      time_unit: month
"""
    found = diff(
        hand_run(tmp_path / "old", tables=tables(-0.1), config=lambda t: t + extra),
        hand_run(tmp_path / "new", tables=tables(0.1), config=lambda t: t + extra),
    )
    test = f"difference in mean slope of Norris limb, {ARMS} (permutation test)"
    assert [s.split(" contained")[0] for s in sentences(found)] == [
        f"The 95% interval of the {test}",
        f"The 95% interval of the difference, {ARMS} (Week 40)",
        "The 95% interval of the time x arm high (Mixed)",
    ]


def test_analyses_that_the_plan_has_not_are_leftovers(tmp_path: Path) -> None:
    row = {"analysis": "a", "quantity": "difference", "arm": "high", "versus": "low"}
    numbers = {"estimate": 1.0, "lower": 0.0, "upper": 2.0, "p_value": 0.1}
    found = compared(tmp_path, {}, {"tables/ancova": [row | numbers]})
    assert found["estimates"] == []


def gates(failures: str, attempt: int = 1) -> dict[str, Any]:
    return {
        "model": "joint",
        "outcomes": "limb bulbar",
        "prior": "weak",
        "attempt": attempt,
        "failures": failures,
    }


def test_a_fit_that_misses_its_gates_gets_a_sentence(tmp_path: Path) -> None:
    fits = "diagnostics/fits"
    retried = [gates("3 divergences, limit 0"), gates("", attempt=2)]
    found = compared(
        tmp_path, {fits: retried}, {fits: [gates("2 divergences, limit 0")]}
    )
    (sentence,) = sentences(found)
    assert sentence == (
        "The joint fit of Norris limb and Norris bulbar under the weak prior met its "
        "gates and no longer does (2 divergences, limit 0)."
    )


def test_another_primary_estimand_is_a_conclusion(tmp_path: Path) -> None:
    found = compared(
        tmp_path,
        {},
        {},
        config=lambda t: t.replace("primary: rate_total", "primary: rate_limb"),
    )
    assert sentences(found) == [
        "The primary estimand was rate_total and is now rate_limb."
    ]


SETTINGS = parse_settings((PROJECT / "config.yaml").read_text(encoding="utf-8"), "x")
LIMB = fit_plan(SETTINGS, "single", "limb")
CHAINS, DRAWS = 4, 2500


def posterior(rho: float, seed: int) -> pd.DataFrame:
    """Make draws of a slope and an effect, standard AR(1) about -2 and 1."""
    generator = np.random.default_rng(seed)
    draws = np.empty((2, CHAINS, DRAWS))
    draws[:, :, 0] = generator.normal(size=(2, CHAINS))
    for t in range(1, DRAWS):
        noise = generator.normal(size=(2, CHAINS)) * np.sqrt(1 - rho**2)
        draws[:, :, t] = rho * draws[:, :, t - 1] + noise
    return pd.DataFrame(
        {
            "chain": np.repeat(np.arange(CHAINS), DRAWS),
            "draw": np.tile(np.arange(DRAWS), CHAINS),
            "slope[limb]": draws[0].ravel() - 2,
            "effect[limb,high]": draws[1].ravel() + 1,
        }
    )


# The estimated error has itself a relative SD of about 2% here, so 15% is more than 7
# of them: a false alarm has a chance below 1e-10.
NEAR = 0.15


@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_the_error_of_a_mean_is_that_of_an_autoregression(rho: float) -> None:
    errors = {
        (quantity, arm): (estimate, probability)
        for _, quantity, arm, estimate, probability in monte_carlo_errors(
            LIMB, posterior(rho, seed=1), SETTINGS.summaries
        )
    }
    n = CHAINS * DRAWS
    # variance of the mean of an AR(1): (1 + rho) / (1 - rho) / n
    exact = np.sqrt((1 + rho) / (1 - rho) / n)
    estimate, probability = errors["slope_difference", "high"]
    assert estimate == pytest.approx(exact, rel=NEAR)
    if rho == 0:
        # P(N(1, 1) > 0) = 0.8413; the error of a share of independent draws
        assert probability == pytest.approx(
            np.sqrt(0.8413 * (1 - 0.8413) / n), rel=NEAR
        )


def test_every_number_of_the_rates_has_an_error_of_its_probability() -> None:
    errors = list(monte_carlo_errors(LIMB, posterior(0.0, 2), SETTINGS.summaries))
    assert [quantity for _, quantity, *_ in errors] == [
        "mean_slope",
        "mean_slope",
        "change_at_horizon",
        "change_at_horizon",
        "slope_difference",
        "decline_ratio",
        "decline_ratio_below_0.9",
        "decline_ratio_below_0.75",
    ]
    assert all(np.isfinite(probability) for *_, probability in errors)


def test_certain_events_have_no_error() -> None:
    certain = posterior(0.0, 3).assign(**{"slope[limb]": -2.0})
    errors = list(monte_carlo_errors(LIMB, certain, SETTINGS.summaries))
    assert errors[0] == ("limb", "mean_slope", "low", 0.0, 0.0)


@pytest.mark.parametrize(("move", "within"), [(0.05, True), (0.06, False)])
def test_a_move_is_held_to_four_errors_of_both_runs(
    tmp_path: Path, move: float, within: bool
) -> None:
    # both errors are 1 / sqrt(10,000) = 0.01; 4 x sqrt(2) of them are 0.0566
    of = {"model": "single", "outcome": "limb"}
    folders = [
        hand_run(tmp_path / name, tables={RATES: [rate(x, -1, 3, 0.84, **of)]})
        for name, x in (("old", 1.0), ("new", 1.0 + move))
    ]
    for seed, folder in enumerate(folders):
        path = folder / "results/fits/single/limb/posterior.parquet"
        write_parquet(path, posterior(0.0, seed))
    (estimate,) = diff(*folders)["estimates"]
    assert estimate["monte_carlo_limit"]["estimate"] == pytest.approx(0.0566, rel=0.05)
    assert within_monte_carlo(estimate) is within


def test_without_posteriors_nothing_is_said_about_the_error(tmp_path: Path) -> None:
    found = compared(tmp_path, {RATES: [rate(1, 0, 2)]}, {RATES: [rate(1, 0, 3)]})
    assert within_monte_carlo(found["estimates"][0]) is None
