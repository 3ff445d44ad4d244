"""Mixed models by REML against published fits and against the likelihood written out.

Published fits: sleepstudy (Bates, Maechler, Bolker and Walker, J Stat Softw 2015;
67(1)), model M16.1 of the ARMD trial (Galecki and Burzykowski, Linear Mixed-Effects
Models Using R, 2013; scripts Ch16lme and Ch16mer of the R package nlmeU, run with nlme
3.1-166 and lme4 1.1-37), and the ddI against ddC trial recomputed with nlme; each in
the SOURCE.md beside the data. The likelihood written out is the density of a
multivariate normal with the dense covariance of all observations, and the restricted
likelihood's term for the fixed effects.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from alsdecline.analyses.mixed_model import (
    fit_mixed_model,
    inner_outer_df,
    parameter_table,
)
from alsdecline.faults import DataError


def restricted_log_likelihood(y, fixed, groups, random, covariance, residual_sd):
    """Return the value, and the fixed effects and their covariance given variances."""
    same = np.equal.outer(groups, groups)
    v = np.where(same, random @ covariance @ random.T, 0.0)
    v += residual_sd**2 * np.eye(len(y))
    weighted = np.linalg.solve(v, fixed)
    information = fixed.T @ weighted
    estimate = np.linalg.solve(information, weighted.T @ y)
    value = stats.multivariate_normal(fixed @ estimate, v).logpdf(y)
    value += len(estimate) / 2 * np.log(2 * np.pi)
    value -= np.linalg.slogdet(information)[1] / 2
    return value, estimate, np.linalg.inv(information)


def standard_errors(fit):
    return np.sqrt(np.diag(fit.covariance))


@pytest.fixture(scope="module")
def sleepstudy(reference):
    raw = pd.read_csv(reference / "data" / "sleepstudy" / "sleepstudy.csv")
    columns = pd.DataFrame({"intercept": 1.0, "days": raw["Days"]})
    return raw["Reaction"], columns, raw["Subject"], columns


@pytest.fixture(scope="module")
def armd(reference):
    raw = pd.read_csv(reference / "data" / "armd_interferon" / "armd_long.csv")
    active = (raw["treat.f"] == "Active").to_numpy(float)
    fixed = {
        "intercept": np.ones(len(raw)),
        "visual0": raw["visual0"],
        "time": raw["time"],
        "active": active,
        "time:active": raw["time"] * active,
    }
    random = {"intercept": np.ones(len(raw))}
    return raw["visual"], fixed, raw["subject"], random


@pytest.fixture(scope="module")
def armd_fit(armd):
    return fit_mixed_model(*armd)


def test_sleepstudy_is_the_published_fit(sleepstudy):
    """Estimates to the digits given; variances to 1e-4, as lme4 stops near the optimum.

    That ours is the nearer one is the test that follows.
    """
    fit = fit_mixed_model(*sleepstudy)
    assert fit.estimate == pytest.approx([251.40510, 10.46729], abs=6e-6)
    assert standard_errors(fit) == pytest.approx([6.82460, 1.54579], rel=1e-5)
    sd = np.sqrt(np.diag(fit.random_covariance))
    assert sd == pytest.approx([24.74066, 5.92214], rel=1e-4)
    correlation = fit.random_covariance[0, 1] / sd.prod()
    assert correlation == pytest.approx(0.0656, abs=1e-4)
    assert fit.residual_sd == pytest.approx(25.59180, rel=1e-5)
    assert round(-2 * fit.reml_log_likelihood, 1) == 1743.6


def test_sleepstudy_has_no_better_variances(sleepstudy):
    """The likelihood written out is largest there, and lme4's variances are near.

    The vertex of the parabola through three points lies within 1e-6, relative for
    standard deviations, of the variances found.
    """
    y, fixed, groups, random = (np.asarray(part) for part in sleepstudy)
    fit = fit_mixed_model(*sleepstudy)

    def at(change):
        scale = np.exp(change[:2])
        d = fit.random_covariance * np.outer(scale, scale)
        d = d + change[2] * np.array([[0.0, 1.0], [1.0, 0.0]])
        sd = fit.residual_sd * np.exp(change[3])
        return restricted_log_likelihood(y, fixed, groups, random, d, sd)[0]

    best = at(np.zeros(4))
    assert best == pytest.approx(fit.reml_log_likelihood, abs=1e-9)
    for unit in np.eye(4):
        up, down = at(1e-3 * unit), at(-1e-3 * unit)
        assert max(up, down) < best
        step = (down - up) / (up + down - 2 * best) / 2
        assert abs(step) * 1e-3 < 1e-6
    published = np.diag([24.74066, 5.92214])
    published = published @ np.array([[1.0, 0.0656], [0.0656, 1.0]]) @ published
    lme4 = restricted_log_likelihood(y, fixed, groups, random, published, 25.59180)[0]
    assert lme4 < best
    assert lme4 == pytest.approx(best, abs=1e-6)


def test_armd_is_the_published_fit(armd_fit):
    """Model M16.1: all digits printed by nlme."""
    fit = armd_fit
    published = [9.288078, 0.826440, -0.212216, -2.422000, -0.049591]
    assert fit.estimate == pytest.approx(published, abs=6e-7)
    published = [2.6819, 0.0447, 0.0229, 1.5000, 0.0336]
    assert standard_errors(fit) == pytest.approx(published, abs=5.1e-5)
    assert fit.random_covariance == pytest.approx(80.608, abs=5.1e-4)
    assert fit.residual_sd**2 == pytest.approx(74.434, abs=5.1e-4)
    assert round(fit.reml_log_likelihood) == -3289
    assert round(fit.aic, 1) == 6592.0


def test_armd_correlations_are_the_published_ones(armd_fit):
    """Of the fixed effects, as printed by lme4."""
    se = standard_errors(armd_fit)
    published = [
        [-0.9200285, -0.1846987, -0.294967, 0.1263744],
        [-0.0028804, 0.0222047, 0.0017641],
        [0.3349091, -0.6832035],
        [-0.4757147],
    ]
    correlation = armd_fit.covariance / np.outer(se, se)
    upper = correlation[np.triu_indices(5, k=1)]
    assert upper == pytest.approx(np.concatenate(published), abs=1e-6)


def test_armd_likelihood_ratio_is_the_published_one(armd, armd_fit):
    """Against the model without random effects, 249.97 by lme4."""
    y, x = np.asarray(armd[0]), np.column_stack(list(armd[1].values()))
    residual = y - x @ np.linalg.lstsq(x, y)[0]
    sd = np.sqrt(residual @ residual / (len(y) - 5))
    groups = np.arange(len(y))
    none = restricted_log_likelihood(y, x, groups, x[:, :1], np.zeros((1, 1)), sd)[0]
    assert round(2 * (armd_fit.reml_log_likelihood - none), 2) == 249.97


def test_armd_table_is_the_published_one(armd):
    """Degrees of freedom and p-values by nlme's inner-outer rule, as printed."""
    table = parameter_table(fit_mixed_model(*armd, "inner_outer"), 0.95)
    table = table.set_index("parameter")
    fixed = table.iloc[:5]
    assert fixed["df"].tolist() == [631, 231, 631, 231, 631]
    p_value = fixed["p_value"]
    assert p_value["intercept"] == pytest.approx(0.00057, abs=5.1e-6)
    assert p_value["active"] == pytest.approx(0.10774, abs=5.1e-6)
    assert p_value["time:active"] == pytest.approx(0.14002, abs=5.1e-6)
    assert (p_value[["visual0", "time"]] < 2e-16).all()
    half = stats.t.ppf(0.975, [631, 231, 631, 231, 631]) * fixed["se"]
    assert (fixed["upper"] - fixed["estimate"]).tolist() == pytest.approx(half.tolist())
    assert (fixed["estimate"] - fixed["lower"]).tolist() == pytest.approx(half.tolist())
    rest = table.iloc[5:]
    assert rest["estimate"].round(4).to_dict() == {
        "sd(intercept)": 8.9782,
        "sd(residual)": 8.6275,
        "reml_log_likelihood": pytest.approx(-3289, abs=0.5),
        "aic": pytest.approx(6592.0, abs=0.05),
    }
    assert rest.drop(columns="estimate").isna().all(axis=None)


def test_ddi_against_ddc_is_the_fit_of_nlme(reference):
    """Estimates and variances to the seven digits given in SOURCE.md."""
    raw = pd.read_csv(reference / "data" / "aids_ddI_ddC" / "aids_long.csv")
    random = {"intercept": np.ones(len(raw)), "time": raw["obstime"]}
    ddi = raw["obstime"] * (raw["drug"] == "ddI")
    fixed = {**random, "time:ddI": ddi}
    fit = fit_mixed_model(raw["CD4"], fixed, raw["patient"], random)
    assert fit.estimate == pytest.approx([7.1888331, -0.1634511, 0.0282721], abs=6e-8)
    expected = [0.2221587, 0.0208080, 0.0297093]
    assert standard_errors(fit) == pytest.approx(expected, abs=1.1e-7)
    table = parameter_table(fit, 0.95).set_index("parameter")["estimate"]
    assert table["sd(intercept)"] == pytest.approx(4.5901582, rel=2e-7)
    assert table["sd(time)"] == pytest.approx(0.1738082, rel=1e-6)
    assert table["cor(intercept,time)"] == pytest.approx(-0.155, abs=5e-4)
    assert table["sd(residual)"] == pytest.approx(1.7497905, rel=2e-7)


@st.composite
def longitudinal_data(draw):
    """Few patients in two arms, seen at different times; intercepts may be equal."""
    n_visits = draw(st.lists(st.integers(1, 6), min_size=4, max_size=9))
    groups = np.repeat(np.arange(len(n_visits)), n_visits)
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    time = rng.integers(0, 12, groups.size).astype(float)
    n_random = draw(st.sampled_from([1, 2]))
    random = np.column_stack([np.ones(groups.size), time])[:, :n_random]
    sd = np.array([draw(st.sampled_from([0.0, 1.0, 30.0])), 0.5])[:n_random]
    effects = rng.normal(size=(len(n_visits), n_random)) * sd
    fixed = np.column_stack([np.ones(groups.size), time, groups % 2])
    y = 40.0 - time + (random * effects[groups]).sum(axis=1)
    return y + rng.normal(size=groups.size), fixed, groups, random


def named(columns, prefix):
    return {f"{prefix}{i}": column for i, column in enumerate(columns.T)}


def fit_where_possible(y, fixed, groups, random):
    """Fit, unless the data drawn are too few; the search must always end."""
    try:
        return fit_mixed_model(y, named(fixed, "x"), groups, named(random, "z"))
    except DataError as fault:
        assume("did not converge" in str(fault))
        raise


@settings(max_examples=40)
@given(longitudinal_data(), st.integers(0, 10**6))
def test_likelihood_and_estimates_are_those_written_out(data, seed):
    """At the variances found; and no variances near or far are more likely."""
    fit = fit_where_possible(*data)
    d, sd = fit.random_covariance, fit.residual_sd
    value, estimate, covariance = restricted_log_likelihood(*data, d, sd)
    assert fit.reml_log_likelihood == pytest.approx(value, abs=1e-7)
    assert fit.estimate == pytest.approx(estimate, rel=1e-7, abs=1e-7)
    assert fit.covariance == pytest.approx(covariance, rel=1e-6, abs=1e-9)
    q = len(d)
    n_parameters = 3 + q * (q + 1) / 2 + 1
    assert fit.aic == pytest.approx(2 * n_parameters - 2 * value, abs=1e-6)
    rng = np.random.default_rng(seed)
    for size in (1e-3, 1e-1, 1.0):
        root = np.linalg.cholesky(d + size * sd**2 * 0.1 * np.eye(q))
        root = root * np.exp(size * rng.normal(size=(q, q)))
        other = restricted_log_likelihood(
            *data, root @ root.T, sd * np.exp(size * rng.normal())
        )[0]
        assert other < value + 1e-7


def test_groups_that_do_not_differ_give_ordinary_least_squares():
    """Zero variance between groups: estimates, errors and variance are those of OLS.

    Groups' residual means are zero, less than chance alone would make them differ.
    """
    rng = np.random.default_rng(11)
    groups = np.tile(np.arange(6), 5)
    time = np.repeat(np.arange(5.0), 6)
    noise = rng.normal(size=(5, 6))
    y = 3.0 + 0.5 * time + (noise - noise.mean(axis=0)).ravel()
    fixed = np.column_stack([np.ones(30), time])
    random = {"intercept": np.ones(30)}
    fit = fit_mixed_model(y, named(fixed, "x"), groups, random)
    inverse = np.linalg.inv(fixed.T @ fixed)
    estimate = inverse @ fixed.T @ y
    variance = ((y - fixed @ estimate) ** 2).sum() / 28
    assert fit.random_covariance.tolist() == [[0.0]]
    assert fit.estimate == pytest.approx(estimate, rel=1e-12)
    assert fit.residual_sd**2 == pytest.approx(variance, rel=1e-12)
    assert fit.covariance == pytest.approx(variance * inverse, rel=1e-12)


def test_correlation_with_an_effect_that_does_not_vary_is_missing():
    """Slopes differ, intercepts do not: no correlation is invented."""
    rng = np.random.default_rng(3)
    groups, time = np.repeat(np.arange(12), 5), np.tile(np.arange(5.0), 12)
    slopes = rng.normal(size=12) * 4
    # residuals orthogonal to each group's line leave intercepts nothing to explain
    line = np.column_stack([np.ones(5), np.arange(5.0)])
    noise = rng.normal(size=(12, 5))
    noise -= noise @ line @ np.linalg.inv(line.T @ line) @ line.T
    y = slopes[groups] * time + noise.ravel()
    columns = {"intercept": np.ones(60), "time": time}
    table = parameter_table(fit_mixed_model(y, columns, groups, columns), 0.9)
    estimate = table.set_index("parameter")["estimate"]
    assert estimate["sd(intercept)"] == 0.0
    assert estimate["sd(time)"] == pytest.approx(slopes.std(ddof=1), rel=0.01)
    assert np.isnan(estimate["cor(intercept,time)"])


def test_balanced_one_way_layout_is_analysis_of_variance():
    """Variances from mean squares between and within (Searle 1971, chapter 9)."""
    rng = np.random.default_rng(8)
    y = rng.normal(size=(7, 1)) * 2 + rng.normal(size=(7, 4)) + 1e6
    between = 4 * y.mean(axis=1).var(ddof=1)
    within = y.var(axis=1, ddof=1).mean()
    ones = {"intercept": np.ones(28)}
    fit = fit_mixed_model(y.ravel(), ones, np.repeat(list("gfedcba"), 4), ones)
    assert fit.residual_sd**2 == pytest.approx(within, rel=1e-8)
    assert fit.random_covariance == pytest.approx((between - within) / 4, rel=1e-8)
    assert fit.covariance == pytest.approx(between / 28, rel=1e-8)


@given(
    longitudinal_data(),
    st.sampled_from([0.01, 3.0, 1e4]),
    st.sampled_from([1 / 365.25, 30.4]),
)
@settings(max_examples=15)
def test_units_change_nothing_but_units(data, of_response, of_time):
    """Rows in another order, the response and the time in other units."""
    y, fixed, groups, random = data
    order = np.random.default_rng(0).permutation(len(y))
    scale = np.array([1.0, of_time, 1.0])
    before = fit_where_possible(*data)
    after = fit_mixed_model(
        y[order] * of_response,
        named((fixed * scale)[order], "x"),
        groups[order],
        named((random * scale[: random.shape[1]])[order], "z"),
    )
    expected = before.estimate * of_response / scale
    assert after.estimate == pytest.approx(
        expected, abs=1e-5 * of_response * before.residual_sd / scale.min()
    )
    assert after.residual_sd == pytest.approx(before.residual_sd * of_response, 1e-5)


def test_inner_and_outer_degrees_of_freedom():
    """Pinheiro and Bates 2000, p. 91: m_i - (m_(i-1) + p_i), m_0 = 1 or 0.

    Six groups of four: outer 6 - (1 + 1), inner 24 - (6 + 2); without an intercept
    both arms are outer, 6 - (0 + 2).
    """
    codes = np.repeat(np.arange(6), 4)
    time, arm = np.tile(np.arange(4.0), 6), (codes % 2).astype(float)
    columns = [np.ones(24), arm, time, time * arm]
    assert inner_outer_df(np.column_stack(columns), codes).tolist() == [16, 4, 16, 16]
    columns = [1 - arm, arm, time, time * arm]
    assert inner_outer_df(np.column_stack(columns), codes).tolist() == [4, 4, 16, 16]
    # of the intercept the larger, here that between groups
    codes = np.repeat(np.arange(6), [1, 1, 1, 1, 2, 2])
    columns = [np.ones(8), np.arange(8.0)]
    assert inner_outer_df(np.column_stack(columns), codes).tolist() == [5, 1]


GROUPS = list("aabbccdd")
TIME = np.array([0.0, 1.0, 0.0, 2.0, 1.0, 3.0, 0.0, 4.0])
ARM = np.array([0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0])
Y = np.array([3.0, 4.0, 8.0, 7.0, 1.0, 2.0, 5.0, 9.0])
ONES = np.ones(8)
OF_EVERY_GROUP = {"i": ONES, **{g: np.equal(GROUPS, g) * 1.0 for g in "bcd"}}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"fixed": {"i": ONES, "a": ARM, "b": 1 - ARM, "t": TIME}},
            "fixed .* i, a, b ",
        ),
        ({"random": {"i": ONES, "j": ONES * 2}}, "random effects i, j cannot be told"),
        ({"groups": ["a"] * 8}, r"1 group\(s\)"),
        ({"groups": list("abcdefgh"), "fixed": {"i": ONES}}, "no residual degrees"),
        ({"random": {"i": ONES, "t": TIME}}, "8 observations of 4 groups leave no"),
        (
            {"fixed": OF_EVERY_GROUP, "rule": "inner_outer"},
            "no degrees of freedom for b, c, d",
        ),
        ({"fixed": OF_EVERY_GROUP}, "variances between groups cannot be told from"),
        (
            {"groups": np.repeat(["a", "b"], 4), "fixed": {"i": ONES, "arm": ARM}},
            "too few groups",
        ),
        ({"response": ONES * 7}, "the response is constant, or fitted without error"),
        ({"response": 2 - 0.1 * TIME}, "fitted without error by the fixed effects or"),
        ({"response": TIME + np.repeat([1, 5, 2, 8], 2)}, "or within each group"),
        ({"response": [*Y[:7], np.nan]}, "'response' of observation 7 is nan"),
        (
            {"fixed": {"i": ONES, "t": [*TIME[:7], np.inf]}},
            "'t' of observation 7 is inf",
        ),
        ({"groups": [*GROUPS[:7], None]}, "group of observation 7 is missing"),
    ],
)
def test_refuses_data_without_an_answer(changes, message):
    """Each fault is told in one line that names what it is of."""
    arguments = {
        "response": Y,
        "fixed": {"i": ONES, "t": TIME},
        "groups": GROUPS,
        "random": {"i": ONES},
    }
    with pytest.raises(DataError, match=message) as caught:
        fit_mixed_model(**(arguments | changes))
    assert "\n" not in str(caught.value)


def test_refuses_columns_of_other_lengths():
    """That is a fault of the caller."""
    with pytest.raises(ValueError, match=r"column 'i' has shape \(7,\), not \(8,\)"):
        fit_mixed_model(Y, {"i": ONES[:7]}, GROUPS, {"i": ONES})
    with pytest.raises(ValueError, match="one each"):
        fit_mixed_model(Y, {"i": ONES}, GROUPS[:7], {"i": ONES})
