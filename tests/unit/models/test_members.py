"""Every member of the family has the likelihood of its own definition.

The reference is SciPy's multivariate normal density of each patient's stacked
observations, with mean and covariance written out from the parameters' names; gradients
are held to its central differences.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alsdecline.models.gaussian.kernel import parameter_gradient
from alsdecline.models.gaussian.packing import pack_trial, patient_order
from alsdecline.models.prior_vectors import prior_vectors
from alsdecline.models.simulate import DeclineParameters, simulate_outcomes
from alsdecline.models.structure import ModelPrior, Structure
from support.stacked_observations import point, stacked_densities, trial

STEP = 1e-5
PRIOR = ModelPrior(45.0, 10.0, -2.2, 0.8, 0.7, 12.0, 2.5, 3.7)

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


@settings(max_examples=25)
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
