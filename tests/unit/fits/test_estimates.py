"""Summaries are those of the draws, in the direction of decline.

Draws are made up, of 1,000 values or of a handful, and what is expected of them is
computed here from the raw columns or by hand.
"""

import numpy as np
import pandas as pd
import pytest

from alsdecline.fits.estimates import (
    COLUMNS,
    estimand_of,
    stated,
    summarise_fit,
)
from alsdecline.fits.plan import FitPlan
from alsdecline.fits.quantities import (
    Quantity,
    Slopes,
    mean_slopes,
    reported_quantities,
)
from alsdecline.settings.analysis import Summaries
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
