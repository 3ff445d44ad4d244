"""What is integrated exactly is held to dense normal distributions, and to chains."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from alsdecline.design.integrated_lines import LinesData, LinesPrior, given_spreads
from alsdecline.design.marginal_fit import marginal_fit
from alsdecline.fits.declared import declared_model
from alsdecline.fits.diagnostics import monte_carlo_error
from alsdecline.fits.planning import fit_plan
from alsdecline.fits.posterior_draws import fit_model
from alsdecline.fits.priors import outcome_priors
from alsdecline.settings.file import parse_settings
from support.trial_folder import PROJECT

SETTINGS = parse_settings((PROJECT / "config.yaml").read_text("utf-8"), "config.yaml")
PLAN = fit_plan(SETTINGS, "single", "total").model_copy(update={"covariates": []})
PRIOR = LinesPrior(outcome_priors(PLAN)["total"], PLAN.correlation_lkj)


def trial(patients: int, arms: int, seed: int) -> tuple[np.ndarray, ...]:
    """Values with gaps and early ends, one patient seen once and one never."""
    rng = np.random.default_rng(seed)
    times = np.broadcast_to(np.arange(0.0, 9.5, 1.5), (patients, 7))
    arm = np.arange(patients) % arms
    lines = rng.normal((77.0, -3.0), (9.0, 2.2), (patients, 2))
    values = lines[:, :1] + lines[:, 1:] * times + rng.normal(0, 3, times.shape)
    values[rng.random(values.shape) < 0.2] = np.nan
    values[0, 1:] = np.nan
    values[1] = np.nan
    values[2, 3:] = np.nan
    values[0, 0] = 70.0
    return values, times, arm


def dense(
    values: np.ndarray, times: np.ndarray, arm: np.ndarray, arms: int, at: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Log posterior of spreads by the definition, and the effects given them.

    All values at once are normal about the priors' means; the effects' posterior is by
    the rule for a part of normal variables given the others.
    """
    s0, s1, residual = np.exp(at[:3])
    r = math.tanh(at[3])
    between = np.array([[s0**2, r * s0 * s1], [r * s0 * s1, s1**2]])
    seen = np.isfinite(values)
    patient = np.nonzero(seen)[0]
    t, y = times[seen], values[seen]
    x = np.stack(
        [np.ones_like(t), t, *(t * (arm[patient] == a) for a in range(1, arms))]
    ).T
    mean, sd = PRIOR.coefficients(arms - 1)
    z = x[:, :2]
    own = (z @ between @ z.T) * (patient[:, None] == patient)
    covariance = own + residual**2 * np.eye(y.size) + x @ np.diag(sd**2) @ x.T
    found = stats.multivariate_normal.logpdf(y, x @ mean, covariance)
    p = PRIOR.outcome
    scales = (p.sd_intercept, p.sd_slope, p.sd_residual)
    for log_sd, scale in zip(at[:3], scales, strict=True):
        found += stats.halfnorm.logpdf(math.exp(log_sd), scale=scale) + log_sd
    shape = PRIOR.lkj_shape
    found += stats.beta.logpdf((1 + r) / 2, shape, shape) + math.log(1 - r * r)
    with_y = np.diag(sd**2) @ x.T
    gain = np.linalg.solve(covariance, with_y.T).T
    posterior = mean + gain @ (y - x @ mean)
    spread = np.diag(np.diag(sd**2) - gain @ with_y.T)
    return found, posterior[2:], np.sqrt(spread[2:])


@pytest.mark.parametrize("arms", [2, 3])
def test_it_is_the_density_of_all_values_at_once(arms: int) -> None:
    values, times, arm = trial(9, arms, 4)
    data = LinesData.of(values, times, arm, arms, PRIOR)
    spreads = np.array(
        [
            [2.2, 0.8, 1.1, 0.3],
            [1.0, -1.5, 1.4, -1.2],
            [3.0, -6.0, 0.2, 2.5],
            [-5.0, 1.5, 2.0, 0.0],
        ]
    )
    found = given_spreads(data, PRIOR, spreads)
    known = [dense(values, times, arm, arms, at) for at in spreads]
    by_definition = np.array([one[0] for one in known])
    apart = found.log_posterior - by_definition
    np.testing.assert_allclose(apart, apart[0], rtol=0, atol=1e-8)
    np.testing.assert_allclose(found.mean, [one[1] for one in known], atol=1e-8)
    np.testing.assert_allclose(found.sd, [one[2] for one in known], rtol=1e-8)


@pytest.mark.parametrize(("patients", "seed"), [(9, 1), (8, 2)])
def test_the_posterior_is_that_of_chains(patients: int, seed: int) -> None:
    """Mean, ends and probability, at a false-alarm probability of 1e-5 each.

    Chains of 40,000 draws by the sampler of fits, whose log density and code are other.
    """
    values, times, arm = trial(patients, 2, seed)
    data = LinesData.of(values, times, arm, 2, PRIOR)
    found = marginal_fit(data, PRIOR, np.random.default_rng(seed), 8000)
    assert found is not None
    assert found.is_good(0.05)
    (effect,) = found.effects
    i, j = np.nonzero(np.isfinite(values))
    observations = pd.DataFrame(
        {
            "patient": [f"p{n}" for n in i],
            "arm": np.array(["low", "high"])[arm[i]],
            "time": times[i, j],
            "value": values[i, j],
        }
    )
    model = declared_model(PLAN)
    patients_seen = observations[["patient", "arm"]].drop_duplicates(ignore_index=True)
    laid_out = model.lay_out(patients_seen, {"total": observations})
    fitted = fit_model(
        model,
        laid_out,
        model.compile(laid_out),
        seed=seed,
        chains=2,
        tune=1000,
        draws=20_000,
        target_accept=0.95,
    )
    drawn = fitted.by_chain(fitted.draws["effect[total,high]"].to_numpy())
    z = float(stats.norm.isf(0.5e-5))
    ours = float(np.sqrt(np.square(found_weights(effect, effect.mean)).sum()))
    error = math.hypot(monte_carlo_error(drawn, "mean"), ours)
    assert abs(drawn.mean() - effect.mean) < z * error
    assert error < 0.03 * effect.sd
    for probability in (0.025, 0.5, 0.975):
        value = effect.quantile(probability)
        assert effect.above(value) == pytest.approx(1 - probability, abs=1e-8)
        above = (drawn > value).astype(float)
        error = math.hypot(
            monte_carlo_error(above, "mean"), effect.error_of_above(value)
        )
        assert abs(above.mean() - (1 - probability)) < z * error
        assert error < 0.008


def test_the_error_of_a_probability_is_its_spread_over_other_points() -> None:
    """60 times: the ratio of variances by F at a false-alarm probability of 1e-5."""
    values, times, arm = trial(9, 2, 3)
    data = LinesData.of(values, times, arm, 2, PRIOR)
    fits = [
        marginal_fit(data, PRIOR, np.random.default_rng(seed), 2000)
        for seed in range(60)
    ]
    effects = [fit.effects[0] for fit in fits if fit is not None]
    assert len(effects) == 60
    found = np.array([effect.above(0.0) for effect in effects])
    told = np.array([effect.error_of_above(0.0) for effect in effects])
    ratio = found.var(ddof=1) / np.square(told).mean()
    low, high = stats.chi2.ppf([0.5e-5, 1 - 0.5e-5], 59) / 59
    assert low < ratio < high
    assert told.max() < 0.01


def found_weights(effect: object, about: float) -> np.ndarray:
    """Return what the Monte Carlo variance of a mixture's mean sums the squares of."""
    return effect.weights * (effect.means - about)  # type: ignore[attr-defined]
