"""Power-scaling: the log prior against written densities, and what moves with what."""

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from alsdecline.fits.checked import checked_gaussian
from alsdecline.fits.plan import FitPlan
from alsdecline.fits.planning import fit_plan
from alsdecline.fits.power_scaling import N_DRAWS, power_scaling, thinned_by_chain
from alsdecline.project import PROJECT
from alsdecline.settings.file import read_settings


@pytest.fixture(scope="module")
def joint() -> FitPlan:
    return fit_plan(read_settings(PROJECT / "config.yaml"), "joint")


def written_out(plan: FitPlan, row: dict[str, float]) -> float:
    """Return the log prior of a draw of limb, bulbar and fvc, density by density."""
    total = 0.0
    names = ["limb", "bulbar", "fvc"]
    for k in names:
        prior = plan.priors[k]
        total += stats.norm.logpdf(
            row[f"intercept[{k}]"], prior.baseline.mean, prior.baseline.sd
        )
        total += stats.norm.logpdf(row[f"slope[{k}]"], prior.slope.mean, prior.slope.sd)
        for sd, scale in (
            ("intercept", prior.sd_baseline),
            ("slope", prior.sd_slope),
            ("residual", prior.sd_residual),
        ):
            total += stats.halfnorm.logpdf(row[f"sd_{sd}[{k}]"], scale=scale)
    sds = np.array([plan.priors[k].effect_sd for k in names], dtype=float)
    shared = np.full((3, 3), plan.effect_correlation)
    np.fill_diagonal(shared, 1.0)
    effects = np.array([row[f"effect[{k},high]"] for k in names])
    covariance = shared * np.outer(sds, sds)
    total += stats.multivariate_normal.logpdf(effects, np.zeros(3), covariance)
    terms = [f"{c}:{k}" for k in names for c in ("intercept", "slope")]
    correlations = np.eye(6)
    for (i, one), (j, other) in itertools.combinations(enumerate(terms), 2):
        value = next(
            row[name]
            for name in (f"correlation[{one},{other}]", f"correlation[{other},{one}]")
            if name in row
        )
        correlations[i, j] = correlations[j, i] = value
    lkj = (plan.correlation_lkj - 1) * np.linalg.slogdet(correlations)[1]
    return float(total + lkj)


def test_the_log_prior_is_that_of_its_densities(joint: FitPlan) -> None:
    model = checked_gaussian(joint)
    draws = model.prior_draws(20, np.random.default_rng(11))
    known = [written_out(joint, dict(row)) for _, row in draws.iterrows()]
    found = model.log_prior(draws)
    # up to a constant
    np.testing.assert_allclose(found - found[0], np.array(known) - known[0], atol=1e-9)


@pytest.mark.parametrize(("chains", "per_chain"), [(4, 4000), (3, 4000), (2, 100)])
def test_each_chain_gives_as_many_draws(chains: int, per_chain: int) -> None:
    chain = np.repeat(np.arange(chains), per_chain)
    used = thinned_by_chain(pd.DataFrame({"chain": chain}))
    counts = used["chain"].value_counts()
    assert counts.min() == counts.max()
    assert len(counts) == chains
    assert min(per_chain * chains, N_DRAWS // 2) <= len(used) <= N_DRAWS + chains


def test_an_estimate_moves_with_the_prior_alone_where_data_say_nothing() -> None:
    """Draws of the effect from its prior, of the level about values at time zero."""
    single = fit_plan(read_settings(PROJECT / "config.yaml"), "single", "limb")
    plan = single.model_copy(
        update={"primary_quantity": ("limb", "slope_difference", "high")}
    )
    model, rng = checked_gaussian(plan), np.random.default_rng(5)
    draws = model.prior_draws(3000, rng)
    others = [name for name in draws if name != "effect[limb,high]"]
    draws = draws.assign(**draws[others].median())
    draws["intercept[limb]"] = rng.normal(45.0, 4.0, len(draws))
    draws.insert(0, "chain", np.repeat([0, 1, 2], 1000))
    patients = pd.DataFrame({"patient": ["a", "b"], "arm": ["low", "high"]})
    values = pd.DataFrame({"patient": ["a", "b"], "time": 0.0, "value": 45.0})
    found = power_scaling(plan, draws, model.lay_out(patients, {"limb": values}))
    [row] = found.to_dict("records")
    assert row["to_prior"] > 0.05
    assert row["to_likelihood"] < 0.05
