"""Summaries are those of the draws, in the direction of decline, and gates say why.

Draws are made up, of 1,000 values or of a handful, and what is expected of them is
computed here from the raw columns or by hand.
"""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from alsdecline.fits.checked import checked_model
from alsdecline.fits.diagnostics import (
    diagnose,
    energy_fraction,
    gate_failures,
    monte_carlo_error,
)
from alsdecline.fits.estimates import (
    COLUMNS,
    estimand_of,
    stated,
    summarise_fit,
)
from alsdecline.fits.plan import FitPlan, Sum
from alsdecline.fits.planning import fit_plan
from alsdecline.fits.priors import outcome_priors, prior_effect_sd, prior_of
from alsdecline.fits.quantities import (
    Quantity,
    Slopes,
    mean_slopes,
    reported_quantities,
)
from alsdecline.models.prior_vectors import prior_vectors
from alsdecline.settings.analysis import Gates, Summaries
from alsdecline.settings.file import read_settings
from alsdecline.settings.trial import Settings

N_DRAWS = 1000
MONTHS_TO_WEEK_40 = 40 * 7 / 30.4375
SUMMARIES = Summaries(
    interval=0.9,
    ratio_thresholds=[0.9, 0.75],
    ratio_needs_decline=0.99,
    horizon_week=40,
    equality_of_effects=[["limb", "bulbar"]],
)
GATES = Gates(r_hat=1.01, ess=400, divergences=0, e_bfmi=0.3)


@pytest.fixture(scope="module")
def settings() -> Settings:
    return read_settings(Path(__file__).parents[3] / "config.yaml")


@pytest.fixture(scope="module")
def plan(settings: Settings) -> FitPlan:
    """Limb, bulbar and their sum; the arms low (reference), middle and high."""
    return fit_plan(settings, "joint").model_copy(
        update={
            "outcomes": ["limb", "bulbar"],
            "sums": [Sum(id="total", parts=["limb", "bulbar"])],
            "better": dict.fromkeys(["limb", "bulbar", "total"], "higher"),
            "arms": ["middle", "high"],
        }
    )


def lower_is_better(plan: FitPlan) -> FitPlan:
    return plan.model_copy(update={"better": dict.fromkeys(plan.better, "lower")})


@pytest.fixture
def draws() -> pd.DataFrame:
    """Surely declining, on a scale where higher is better."""
    rng = np.random.default_rng(20050727)
    columns = {
        "slope[limb]": rng.normal(-2.2, 0.2, N_DRAWS),
        "slope[bulbar]": rng.normal(-0.9, 0.1, N_DRAWS),
        "effect[limb,middle]": rng.normal(0.2, 0.5, N_DRAWS),
        "effect[limb,high]": rng.normal(0.6, 0.5, N_DRAWS),
        "effect[bulbar,middle]": rng.normal(0.0, 0.2, N_DRAWS),
        "effect[bulbar,high]": rng.normal(-0.1, 0.2, N_DRAWS),
    }
    return pd.DataFrame(columns | {"chain": np.repeat(range(4), N_DRAWS // 4)})


def row(table: pd.DataFrame, outcome: str, quantity: str, arm: str) -> pd.Series:
    chosen = table[
        (table["outcome"] == outcome)
        & (table["quantity"] == quantity)
        & (table["arm"] == arm)
    ]
    assert len(chosen) == 1
    return chosen.iloc[0]


def assert_summarises(found: pd.Series, values: np.ndarray, probability: float) -> None:
    """Mean, SD, 90% interval and the probability given."""
    ordered = np.sort(values)
    assert found["estimate"] == pytest.approx(values.sum() / N_DRAWS)
    variance = ((values - values.mean()) ** 2).sum() / (N_DRAWS - 1)
    assert found["sd"] == pytest.approx(np.sqrt(variance))
    # between order statistics 50 and 51, and 950 and 951, of 1,000
    assert ordered[49] <= found["lower"] <= ordered[50]
    assert ordered[949] <= found["upper"] <= ordered[950]
    assert found["probability"] == probability


def test_mean_slope_of_each_arm_is_the_reference_plus_its_effect(
    plan: FitPlan, draws: pd.DataFrame
) -> None:
    slopes = {s.outcome: s.by_arm for s in mean_slopes(plan, draws)}
    limb = draws["slope[limb]"] + draws["effect[limb,high]"]
    bulbar = draws["slope[bulbar]"] + draws["effect[bulbar,high]"]
    np.testing.assert_allclose(slopes["limb"]["low"], draws["slope[limb]"])
    np.testing.assert_allclose(slopes["limb"]["high"], limb)
    np.testing.assert_allclose(slopes["total"]["high"], limb + bulbar)


def test_every_quantity_of_every_outcome_and_arm_is_in_the_table_once(
    plan: FitPlan, draws: pd.DataFrame, settings: Settings
) -> None:
    table = summarise_fit(plan, draws, SUMMARIES, settings.estimands)
    assert list(table.columns) == COLUMNS
    by_outcome = (
        [("mean_slope", arm) for arm in ("low", "middle", "high")]
        + [("change_at_horizon", arm) for arm in ("low", "middle", "high")]
        + [
            (quantity, arm)
            for arm in ("middle", "high")
            for quantity in (
                "slope_difference",
                "decline_ratio",
                "decline_ratio_below_0.9",
                "decline_ratio_below_0.75",
            )
        ]
    )
    expected = {(k, *q) for k in ("limb", "bulbar", "total") for q in by_outcome}
    pairs = {
        ("limb-bulbar", "fraction_slowed_difference", a) for a in ("middle", "high")
    }
    found = table[["outcome", "quantity", "arm"]].itertuples(index=False, name=None)
    assert len(table) == len(expected) + 2
    assert set(found) == expected | pairs


def test_slopes_and_changes_are_summarised_with_the_probability_of_decline(
    plan: FitPlan, draws: pd.DataFrame, settings: Settings
) -> None:
    table = summarise_fit(plan, draws, SUMMARIES, settings.estimands)
    slope = (draws["slope[limb]"] + draws["effect[limb,middle]"]).to_numpy()
    declines = float((slope < 0).mean())
    assert_summarises(row(table, "limb", "mean_slope", "middle"), slope, declines)
    change = row(table, "limb", "change_at_horizon", "middle")
    assert_summarises(change, slope * MONTHS_TO_WEEK_40, declines)


def test_difference_of_the_sum_is_the_sum_of_the_differences(
    plan: FitPlan, draws: pd.DataFrame, settings: Settings
) -> None:
    table = summarise_fit(plan, draws, SUMMARIES, settings.estimands)
    difference = (draws["effect[limb,high]"] + draws["effect[bulbar,high]"]).to_numpy()
    found = row(table, "total", "slope_difference", "high")
    assert_summarises(found, difference, float((difference > 0).mean()))


def test_on_a_scale_where_lower_is_better_a_smaller_rise_is_slower_decline(
    plan: FitPlan, draws: pd.DataFrame, settings: Settings
) -> None:
    """Mirrored draws on a mirrored scale give the same effects and probabilities."""
    table = summarise_fit(plan, draws, SUMMARIES, settings.estimands)
    mirrored = summarise_fit(
        lower_is_better(plan), -draws, SUMMARIES, settings.estimands
    )
    slopes = table["quantity"].isin(["mean_slope", "change_at_horizon"])
    expected = table.copy()
    expected.loc[slopes, "estimate"] *= -1
    expected.loc[slopes, ["lower", "upper"]] = -table.loc[
        slopes, ["upper", "lower"]
    ].to_numpy()
    # estimated quantiles are those of order statistics, which no mirror maps
    errors = [name for name in table if name.startswith("error_of_")]
    pd.testing.assert_frame_equal(
        mirrored.drop(columns=errors), expected.drop(columns=errors)
    )


def test_a_rise_where_lower_is_better_is_decline(
    plan: FitPlan, draws: pd.DataFrame, settings: Settings
) -> None:
    table = summarise_fit(lower_is_better(plan), draws, SUMMARIES, settings.estimands)
    assert row(table, "limb", "mean_slope", "low")["probability"] == 0.0
    difference = -draws["effect[limb,high]"].to_numpy()
    found = row(table, "limb", "slope_difference", "high")
    assert_summarises(found, difference, float((difference > 0).mean()))


# name, sign of improvement, draws, and of which the statement holds
STATED = {
    "a slope, higher is better": ("mean_slope", 1, [-1.0, 0.0, 2.0], [0]),
    "a slope, lower is better": ("mean_slope", -1, [-1.0, 0.0, 2.0], [2]),
    "a change, lower is better": ("change_at_horizon", -1, [-1.0, 0.0, 2.0], [2]),
    "a difference": ("slope_difference", -1, [-1.0, 0.0, 2.0], [2]),
    "fractions slowed": ("fraction_slowed_difference", 1, [-1.0, 0.0, 2.0], [2]),
    "a ratio": ("decline_ratio", 1, [0.5, 1.0, 2.0], [0]),
}


@pytest.mark.parametrize("case", STATED)
def test_no_change_is_neither_decline_nor_slower_decline(case: str) -> None:
    name, sign, draws, held = STATED[case]
    quantity = Quantity("limb", name, "high", np.array(draws))
    holds = stated(Slopes("limb", sign, {}, "low"), quantity)
    assert np.flatnonzero(holds).tolist() == held


def test_ratio_of_declines_has_a_median_and_quantiles_but_no_mean(
    plan: FitPlan, draws: pd.DataFrame, settings: Settings
) -> None:
    table = summarise_fit(plan, draws, SUMMARIES, settings.estimands)
    ratio = (1 + draws["effect[limb,high]"] / draws["slope[limb]"]).to_numpy()
    found = row(table, "limb", "decline_ratio", "high")
    ordered = np.sort(ratio)
    assert found["estimate"] == pytest.approx((ordered[499] + ordered[500]) / 2)
    assert np.isnan(found["sd"])
    assert ordered[49] <= found["lower"] <= ordered[50]
    assert ordered[949] <= found["upper"] <= ordered[950]
    assert found["probability"] == (ratio < 1).mean()


@pytest.mark.parametrize(("threshold", "label"), [(0.9, "0.9"), (0.75, "0.75")])
def test_thresholds_give_the_probability_of_a_ratio_below_them(
    plan: FitPlan,
    draws: pd.DataFrame,
    settings: Settings,
    threshold: float,
    label: str,
) -> None:
    table = summarise_fit(plan, draws, SUMMARIES, settings.estimands)
    ratio = 1 + draws["effect[limb,high]"] / draws["slope[limb]"]
    found = row(table, "limb", f"decline_ratio_below_{label}", "high")
    assert found["probability"] == (ratio < threshold).mean()
    assert found[["estimate", "sd", "lower", "upper"]].isna().all()


def test_fractions_slowed_are_compared_within_the_same_draw(
    plan: FitPlan, draws: pd.DataFrame, settings: Settings
) -> None:
    table = summarise_fit(plan, draws, SUMMARIES, settings.estimands)
    limb = -draws["effect[limb,high]"] / draws["slope[limb]"]
    bulbar = -draws["effect[bulbar,high]"] / draws["slope[bulbar]"]
    found = row(table, "limb-bulbar", "fraction_slowed_difference", "high")
    assert found["estimate"] == pytest.approx((limb - bulbar).median())
    assert np.isnan(found["sd"])
    assert found["probability"] == (limb > bulbar).mean()


def test_ratios_are_refused_where_a_reference_may_not_decline(
    plan: FitPlan, draws: pd.DataFrame, settings: Settings
) -> None:
    """Limb declines in 99% of draws, not in more: no ratio of it, nor a comparison."""
    doubtful = draws.copy()
    doubtful.loc[: N_DRAWS // 100 - 1, "slope[limb]"] = 0.1
    table = summarise_fit(plan, doubtful, SUMMARIES, settings.estimands)
    refused = table[table["quantity"].str.contains("ratio|fraction")]
    refused = refused[refused["outcome"].isin(["limb", "limb-bulbar"])]
    assert len(refused) == 2 * 3 + 2
    numbers = ["estimate", "sd", "lower", "upper", "probability"]
    assert refused[numbers].isna().all(axis=None)
    given = row(table, "bulbar", "decline_ratio", "high")
    assert given[["estimate", "lower", "upper", "probability"]].notna().all()
    assert row(table, "limb", "slope_difference", "high")[numbers].notna().all()


def test_ratios_are_given_where_the_reference_declines_more_surely_than_demanded(
    plan: FitPlan, draws: pd.DataFrame, settings: Settings
) -> None:
    enough = draws.copy()
    enough.loc[: N_DRAWS // 100 - 2, "slope[limb]"] = 0.1
    table = summarise_fit(plan, enough, SUMMARIES, settings.estimands)
    assert np.isfinite(row(table, "limb", "decline_ratio", "high")["estimate"])


def test_pairs_of_outcomes_that_a_fit_does_not_have_are_left_out(
    plan: FitPlan, draws: pd.DataFrame
) -> None:
    names = [
        q.name
        for _, q in reported_quantities(
            plan.model_copy(update={"pairs": [["limb", "fvc"]]}), draws, 40
        )
        if q.name == "fraction_slowed_difference"
    ]
    assert names == []


def test_rows_name_the_model_and_the_estimand_of_their_outcome(
    plan: FitPlan, draws: pd.DataFrame, settings: Settings
) -> None:
    table = summarise_fit(plan, draws, SUMMARIES, settings.estimands)
    assert set(table["model"]) == {"joint"}
    difference = row(table, "total", "slope_difference", "high")
    assert difference["estimand"] == "rate_total"
    slope = row(table, "total", "mean_slope", "low")
    assert slope["estimand"] == "supplements rate_total"
    about = (settings.estimands, "total", "high", "slope_difference")
    assert estimand_of(*about, "single") == "supplements rate_total"
    pair = (settings.estimands, "limb-bulbar", "high")
    assert estimand_of(*pair, "fraction_slowed_difference", "joint") == ""


def test_a_mean_slope_is_the_estimate_of_the_estimand_that_is_about_it(
    settings: Settings,
) -> None:
    difference = settings.estimands[0]
    of_low = {"id": "slope_low", "treatment": "low", "summary": "mean_slope"}
    estimands = [difference, difference.model_copy(update=of_low)]

    def named(arm: str, quantity: str, model: str) -> str:
        return estimand_of(estimands, "total", arm, quantity, model)

    assert named("low", "mean_slope", "joint") == "slope_low"
    assert named("low", "mean_slope", "single") == "supplements slope_low"
    assert named("high", "slope_difference", "joint") == "rate_total"
    assert named("high", "mean_slope", "joint") == "supplements rate_total"


def test_one_arm_has_slopes_and_no_comparison(
    plan: FitPlan, draws: pd.DataFrame, settings: Settings
) -> None:
    alone = plan.model_copy(update={"arms": []})
    table = summarise_fit(alone, draws, SUMMARIES, settings.estimands)
    assert set(table["quantity"]) == {"mean_slope", "change_at_horizon"}
    assert set(table["arm"]) == {"low"}
    assert len(table) == 2 * 3


def test_prior_sd_of_an_effect_on_a_sum_is_that_of_its_parts_together(
    plan: FitPlan, settings: Settings
) -> None:
    """As the configuration has them: 2.2 and 0.85 points a month, correlation 0.5."""
    assert prior_effect_sd(plan, "limb") == 2.2
    together = np.sqrt(2.2**2 + 0.85**2 + 2 * 0.5 * 2.2 * 0.85)
    assert prior_effect_sd(plan, "total") == pytest.approx(together)
    apart = plan.model_copy(update={"effect_correlation": 0.0})
    assert prior_effect_sd(apart, "total") == pytest.approx(np.hypot(2.2, 0.85))
    alone = fit_plan(settings, "single", "total")
    assert prior_effect_sd(alone, "total") == 3.0


def test_effects_that_scales_run_against_correlate_as_benefits(plan: FitPlan) -> None:
    """Of 100,000 draws a correlation has an error of at most 1 / 316."""
    mixed = plan.model_copy(update={"better": plan.better | {"bulbar": "lower"}})
    model = checked_model(mixed)
    drawn = model.prior_draws(100_000, np.random.default_rng(20050727))
    for arm in ("middle", "high"):
        effects = drawn[[f"effect[limb,{arm}]", f"effect[bulbar,{arm}]"]]
        assert abs(effects.corr().iloc[0, 1] + 0.5) < 5 / 316
        assert effects.std().tolist() == pytest.approx([2.2, 0.85], rel=0.02)
    between = drawn[["effect[limb,middle]", "effect[limb,high]"]].corr().iloc[0, 1]
    assert abs(between) < 5 / 316


def test_an_alternative_may_centre_the_effect_at_a_slowing(plan: FitPlan) -> None:
    """Limb declines 2.2 points a month: 30% slowing is a benefit of 0.66."""
    enthusiastic = plan.alternatives["enthusiastic"]
    priors = outcome_priors(plan, enthusiastic)
    limb = priors["limb"]
    assert (limb.effect_mean, limb.effect_sd) == pytest.approx((0.66, 2.2 * 0.333))
    assert limb.log_ratio_mean == pytest.approx(np.log(0.7))
    names = plan.structure.coefficient_names
    means = prior_vectors(plan.structure, priors, 2)["coefficient_mean"]
    assert means[names.index("effect[bulbar,high]")] == pytest.approx(0.3 * 0.85)


def test_what_only_joint_fits_can_differ_by_is_no_alternative_of_others(
    settings: Settings,
) -> None:
    joint, single = fit_plan(settings, "joint"), fit_plan(settings, "single", "limb")
    of_correlation = {"independent_effects", "concordant_effects"}
    assert set(joint.alternatives) - set(single.alternatives) == of_correlation
    assert single.effect_correlation == 0
    assert joint.effect_correlation == 0.5


def test_prior_of_a_mean_slope_has_that_of_the_effect_in_another_arm(
    plan: FitPlan, settings: Settings
) -> None:
    """Limb: slope -2.2 (0.8), effect 2.2; bulbar: slope -0.85 (0.4), effect 0.85."""

    def prior(arm: str, summary: str) -> tuple[float, float]:
        update = {"treatment": arm, "summary": summary}
        found = prior_of(plan, settings.estimands[0].model_copy(update=update))
        return found.mean, found.sd

    effects = np.sqrt(2.2**2 + 0.85**2 + 0.5 * 2 * 2.2 * 0.85)
    slopes = np.hypot(0.8, 0.4)
    assert prior("high", "slope_difference") == pytest.approx((0, effects))
    assert prior("low", "mean_slope") == pytest.approx((-3.05, slopes))
    both = np.hypot(effects, slopes)
    assert prior("high", "mean_slope") == pytest.approx((-3.05, both))


def test_an_effect_without_a_prior_is_refused(plan: FitPlan) -> None:
    priors = {
        name: dataclasses.replace(prior, effect_sd=None)
        for name, prior in outcome_priors(plan).items()
    }
    with pytest.raises(ValueError, match=r"no prior of 'effect\[limb,middle\]'"):
        prior_vectors(plan.structure, priors, 2)
    alone = dataclasses.replace(plan.structure, arms=())
    vectors = prior_vectors(alone, priors, 2)
    assert len(vectors["coefficient_mean"]) == len(alone.coefficient_names) == 4


def test_e_bfmi_is_the_least_over_chains() -> None:
    """Mean squared change over the variance, by hand.

    First chain: changes 1, 1, 1; variance of 0, 1, 2, 3 is 5 / 4; so 0.8. Second:
    changes 2, -2, 2, mean square 4; variance 1; so 4.
    """
    energy = np.array([[0.0, 1.0, 2.0, 3.0], [1.0, 3.0, 1.0, 3.0]])
    assert energy_fraction(energy) == pytest.approx(0.8)
    assert energy_fraction(energy[1:]) == pytest.approx(4.0)


def sound() -> dict[str, Any]:
    return {
        "r_hat": 1.001,
        "r_hat_of": "slope",
        "ess_bulk": 1500.0,
        "ess_bulk_of": "effect",
        "ess_tail": 1200.0,
        "ess_tail_of": "sd",
        "interval_error": 0.04,
        "interval_error_of": "effect",
        "divergences": 0,
        "e_bfmi": 0.8,
    }


@pytest.mark.parametrize(
    ("change", "failures"),
    [
        ({}, []),
        ({"r_hat": 1.01, "ess_bulk": 400.0, "e_bfmi": 0.3}, []),
        ({"r_hat": 1.0234}, ["R-hat 1.0234 of slope, limit 1.01"]),
        ({"r_hat": None}, ["R-hat undefined of slope, limit 1.01"]),
        ({"ess_bulk": 399.0}, ["bulk ESS 399 of effect, limit 400"]),
        ({"ess_tail": None}, ["tail ESS undefined of sd, limit 400"]),
        (
            {"interval_error": 0.071},
            ["error of an interval's end 7.1% of the SD of effect, limit 5%"],
        ),
        ({"divergences": 2}, ["2 divergences, limit 0"]),
        ({"e_bfmi": 0.294}, ["E-BFMI 0.29, limit 0.3"]),
        ({"e_bfmi": float("nan")}, ["E-BFMI nan, limit 0.3"]),
        (
            {"divergences": 1, "r_hat": 1.5},
            ["R-hat 1.5000 of slope, limit 1.01", "1 divergences, limit 0"],
        ),
    ],
)
def test_gates_name_what_is_missed_by_how_much(
    change: dict[str, Any], failures: list[str]
) -> None:
    assert gate_failures(sound() | change, GATES) == failures


def test_fits_of_fewer_draws_have_a_wider_limit() -> None:
    wide = sound() | {"interval_error": 0.09}
    assert gate_failures(wide, GATES, further=True) == []
    wider = sound() | {"interval_error": 0.11}
    (missed,) = gate_failures(wider, GATES, further=True)
    assert missed.endswith("11.0% of the SD of effect, limit 10%")


@pytest.fixture(scope="module")
def independent() -> np.ndarray:
    """Draws of 4 chains without autocorrelation."""
    return np.random.default_rng(20050727).normal(size=(4, 500))


def test_independent_draws_pass_every_gate(independent: np.ndarray) -> None:
    """One set of draws in 10,000 would not: R-hat - 1 is chi-squared over 4,000."""
    found = diagnose(
        {"slope": independent, "effect": independent[::-1]}, 0, independent
    )
    assert gate_failures(found, GATES, further=True) == []


def test_monte_carlo_errors_of_independent_draws_are_those_of_a_sample(
    independent: np.ndarray,
) -> None:
    """Mean sd / sqrt(n); quantile sqrt(p (1 - p) / n) over the density there.

    The effective size of 2,000 draws is itself estimated; SDs of these within 15%.
    """
    n = independent.size
    assert monte_carlo_error(independent, "mean") == pytest.approx(n**-0.5, rel=0.15)
    at = stats.norm.ppf(0.025)
    expected = np.sqrt(0.025 * 0.975 / n) / stats.norm.pdf(at)
    found = monte_carlo_error(independent, "quantile", 0.025)
    assert found == pytest.approx(expected, rel=0.25)
    assert monte_carlo_error(np.ones((4, 100)), "mean") == 0


def test_the_worst_quantity_is_named(independent: np.ndarray) -> None:
    """One chain of four shifted by 2 SDs: R-hat is far from 1 and ESS is a handful."""
    apart = independent + np.array([0.0, 0.0, 0.0, 2.0])[:, None]
    found = diagnose({"slope": independent, "effect": apart}, 0, independent)
    assert found["r_hat_of"] == found["ess_bulk_of"] == "effect"
    assert found["r_hat"] > 1.3
    assert found["ess_bulk"] < 20
    assert found["divergences"] == 0


@pytest.mark.parametrize("value", [1.0, float("nan")])
def test_a_quantity_that_does_not_vary_or_is_undefined_misses_the_gate(
    independent: np.ndarray, value: float
) -> None:
    stuck = np.full_like(independent, value)
    found = diagnose({"slope": independent, "stuck": stuck}, 0, independent)
    assert found["r_hat"] is None
    assert gate_failures(found, GATES)[0] == "R-hat undefined of stuck, limit 1.01"


def test_one_undefined_draw_misses_every_gate_of_its_quantity(
    independent: np.ndarray,
) -> None:
    holed = independent.copy()
    holed[2, 17] = np.nan
    found = diagnose({"slope": independent, "holed": holed}, 0, independent)
    assert [found[k] for k in ("r_hat", "ess_bulk", "ess_tail")] == [None] * 3
    assert found["r_hat_of"] == found["ess_tail_of"] == "holed"
