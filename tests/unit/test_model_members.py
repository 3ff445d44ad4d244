"""Every member of the family has the likelihood of its own definition.

The reference is SciPy's multivariate normal density of each patient's stacked
observations, with mean and covariance written out from the parameters' names; gradients
are held to its central differences.
"""

import itertools
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from alsdecline.marginal_kernel import correlation_cholesky, parameter_gradient
from alsdecline.simulate import DeclineParameters, simulate_outcomes
from alsdecline.structure import OutcomePrior, Structure, prior_vectors
from alsdecline.trial_data import pack_trial, patient_order

STEP = 1e-5
PRIOR = OutcomePrior(45.0, 10.0, -2.2, 0.8, 0.7, 12.0, 2.5, 3.7)

structures = st.builds(
    Structure,
    outcomes=st.sampled_from([("limb",), ("limb", "fvc")]),
    reference=st.just("low"),
    arms=st.sampled_from([(), ("high",), ("middle", "high")]),
    covariates=st.sampled_from([(), ("age",), ("age", "delay")]),
    curved=st.booleans(),
    ratio=st.booleans(),
    variances_by_arm=st.booleans(),
)


def trial(
    structure: Structure, seed: int, n_patients: int = 6
) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Make patients of all arms, with 0 to 5 visits of their own an outcome."""
    rng = np.random.default_rng(seed)
    arms = itertools.cycle([structure.reference, *structure.arms])
    patients = pd.DataFrame(
        {
            "patient": [f"p{i}" for i in range(n_patients)],
            "arm": list(itertools.islice(arms, n_patients)),
            **{name: rng.normal(60, 9, n_patients) for name in structure.covariates},
        }
    )
    observations = {
        outcome: pd.DataFrame(
            [
                (patient, month, rng.normal(40, 5))
                for patient in patients["patient"]
                for month in rng.uniform(0, 9, rng.integers(0, 6))
            ],
            columns=["patient", "month", "value"],
        )
        for outcome in structure.outcomes
    }
    return patients, observations


def point(structure: Structure, seed: int) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    n_scales = len(structure.scale_names)
    return [
        0.4 * rng.standard_normal(len(structure.coefficient_names)),
        np.exp(0.3 * rng.standard_normal(n_scales)),
        rng.uniform(0.2, 0.8, structure.n_partial),
    ]


def patient_moments(
    structure: Structure,
    named: Mapping[str, float],
    correlation: np.ndarray,
    patient: Mapping[str, object],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean and covariance of a patient's coefficients, and the residual SDs."""
    arm, means, factors, spreads, residual = patient["arm"], [], [], [], []
    other = arm != structure.reference
    for k in structure.outcomes:
        for name in structure.coefficients:
            mean = named[f"{name}[{k}]"]
            effect = {"slope": "effect", "curvature": "effect_curvature"}.get(name)
            if effect and other and not structure.ratio:
                mean += named[f"{effect}[{k},{arm}]"]
            for covariate in structure.covariates:
                by = {"intercept": "covariate", "slope": "covariate_slope"}.get(name)
                if by:
                    value = float(str(patient[covariate]))
                    mean += named[f"{by}[{k},{covariate}]"] * value
            later = other and name != "intercept"
            ratio, spread = f"log_ratio[{k},{arm}]", f"log_sd_ratio[{name}:{k},{arm}]"
            factors.append(np.exp(named.get(ratio, 0.0)) if later else 1.0)
            spreads.append(np.exp(named.get(spread, 0.0)) if later else 1.0)
            spreads[-1] *= named[f"sd_{name}[{k}]"]
            means.append(mean)
        more = named.get(f"log_sd_ratio[residual:{k},{arm}]", 0.0)
        residual.append(named[f"sd_residual[{k}]"] * np.exp(more))
    scale = np.array(factors) * np.array(spreads)
    covariance = scale[:, None] * correlation * scale
    return np.array(factors) * np.array(means), covariance, np.array(residual)


def stacked_densities(
    structure: Structure,
    patients: pd.DataFrame,
    observations: Mapping[str, pd.DataFrame],
    at: list[np.ndarray],
) -> np.ndarray:
    """Log density of each patient's stacked observations, by patient."""
    names = structure.coefficient_names + structure.scale_names
    named = dict(zip(names, np.concatenate(at[:2]), strict=True))
    factor = correlation_cholesky(at[2])
    centred = patients.copy()
    for name in structure.covariates:
        centred[name] -= centred[name].mean()
    m, result = structure.n_coefficients, []
    for patient in centred.to_dict("records"):
        mean, covariance, residual = patient_moments(
            structure, named, factor @ factor.T, patient
        )
        rows, values, noise = [], [], []
        for k, outcome in enumerate(structure.outcomes):
            frame = observations[outcome]
            mine = frame[frame["patient"] == patient["patient"]]
            design = np.zeros((len(mine), mean.size))
            powers = mine["month"].to_numpy()[:, None] ** np.arange(m)
            design[:, k * m : k * m + m] = powers
            rows.append(design)
            values.append(mine["value"].to_numpy())
            noise += [residual[k] ** 2] * len(mine)
        z, y = np.vstack(rows), np.concatenate(values)
        total = z @ covariance @ z.T + np.diag(noise)
        result.append(
            stats.multivariate_normal.logpdf(y, z @ mean, total) if y.size else 0.0
        )
    return np.array(result)


@settings(max_examples=40)
@given(structures, st.integers(0, 2**32 - 1))
def test_density_and_gradient_are_those_of_the_stacked_observations(
    structure: Structure, seed: int
) -> None:
    patients, observations = trial(structure, seed)
    at = point(structure, seed)
    densities, *gradients = parameter_gradient(
        *at, pack_trial(structure, patients, observations)
    )
    expected = stacked_densities(structure, patients, observations, at)
    order = patient_order(structure, patients)
    np.testing.assert_allclose(densities, expected[order], rtol=1e-7)

    flat, splits = np.concatenate(at), np.cumsum([part.size for part in at])[:-1]

    def total(x: np.ndarray) -> float:
        parts = np.split(x, splits)
        return stacked_densities(structure, patients, observations, parts).sum()

    slopes = [
        (total(flat + step) - total(flat - step)) / (2 * STEP)
        for step in STEP * np.eye(flat.size)
    ]
    got = np.concatenate(gradients)
    assert np.abs(got - slopes).max() < 1e-5 * max(1.0, np.abs(slopes).max())


def test_names_say_what_a_member_has() -> None:
    structure = Structure(
        ("limb",), "low", ("high",), ("age",), curved=True, variances_by_arm=True
    )
    assert structure.parameter_names == [
        "intercept[limb]",
        "slope[limb]",
        "curvature[limb]",
        "effect[limb,high]",
        "effect_curvature[limb,high]",
        "covariate[limb,age]",
        "covariate_slope[limb,age]",
        "log_sd_ratio[slope:limb,high]",
        "log_sd_ratio[curvature:limb,high]",
        "log_sd_ratio[residual:limb,high]",
        "sd_intercept[limb]",
        "sd_slope[limb]",
        "sd_curvature[limb]",
        "sd_residual[limb]",
        "correlation[slope:limb,intercept:limb]",
        "correlation[curvature:limb,intercept:limb]",
        "correlation[curvature:limb,slope:limb]",
    ]
    ratio = Structure(("limb",), "low", ("high",), ratio=True)
    assert ratio.coefficient_names == [
        "intercept[limb]",
        "slope[limb]",
        "log_ratio[limb,high]",
    ]


@pytest.mark.parametrize("ratio", [False, True])
def test_priors_stand_where_their_parameters_do(ratio: bool) -> None:
    structure = Structure(("limb",), "low", ("high",), ("age",), ratio=ratio)
    vectors = prior_vectors(structure, {"limb": PRIOR}, 2.0)
    priors = dict(
        zip(
            structure.coefficient_names,
            zip(vectors["coefficient_mean"], vectors["coefficient_sd"], strict=True),
            strict=True,
        )
    )
    assert priors["slope[limb]"] == (-2.2, 0.8)
    assert priors["covariate_slope[limb,age]"] == (0.0, 1.0)
    arm = "log_ratio[limb,high]" if ratio else "effect[limb,high]"
    assert priors[arm] == (0.0, 0.35 if ratio else 0.7)


def test_simulated_outcomes_have_the_moments_of_a_ratio_and_of_variances_by_arm() -> (
    None
):
    """Each of 8 statistics is off by 5 of its standard errors once in 1.7 million."""
    structure = Structure(
        ("limb",), "low", ("high",), ("age",), ratio=True, variances_by_arm=True
    )
    values = {
        "intercept[limb]": 40.0,
        "slope[limb]": -2.0,
        "covariate[limb,age]": 3.0,
        "covariate_slope[limb,age]": 0.2,
        "log_ratio[limb,high]": np.log(0.5),
        "log_sd_ratio[slope:limb,high]": np.log(2.0),
        "log_sd_ratio[residual:limb,high]": np.log(3.0),
        "sd_intercept[limb]": 4.0,
        "sd_slope[limb]": 1.0,
        "sd_residual[limb]": 0.5,
    }
    n = 20_000
    rng = np.random.default_rng(11)
    got = simulate_outcomes(
        structure,
        DeclineParameters.from_names(structure, values),
        ["low"] * n + ["high"] * n,
        np.array([0.0, 4.0]),
        rng,
        {"age": np.full(2 * n, 2.0)},
    )[:, 0]
    # mean at 0 is 40 + 3 x 2; slope is -2 + 0.2 x 2, on high times 0.5; the SD of
    # slopes is 1, on high 0.5 x 2; residual SDs are 0.5 and 1.5
    for arm, slope, residual in ((got[:n], -1.6, 0.5), (got[n:], -0.8, 1.5)):
        first, last = arm.T
        for values_at, mean, variance in (
            (first, 46.0, 16 + residual**2),
            (last - first, 4 * slope, 16 * 1.0 + 2 * residual**2),
        ):
            z = (values_at.mean() - mean) / np.sqrt(variance / n)
            assert abs(z) < 5
            z = (values_at.var(ddof=1) / variance - 1) / np.sqrt(2 / (n - 1))
            assert abs(z) < 5
