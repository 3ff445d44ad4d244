"""The model that is sampled is the model of the docstrings, priors and likelihood.

Its log density is held to SciPy's densities of the parameters, the Jacobians of log and
logit, and the multivariate normal density of each patient's stacked observations.
"""

import dataclasses

import numpy as np
import pandas as pd
import pymc as pm
import pytest
from scipy import special, stats

from alsdecline.models.gaussian.declaration import declare_model
from alsdecline.models.gaussian.packing import pack_trial
from alsdecline.models.points import constrain
from alsdecline.models.prior_vectors import prior_vectors, start_point
from alsdecline.models.sampling import CompiledModel, compile_model
from alsdecline.models.structure import ModelPrior, Structure
from support.stacked_observations import stacked_densities

STRUCTURE = Structure(("limb", "fvc"), "low", ("middle", "high"))
LKJ_SHAPE = 2.0
PRIORS = {
    "limb": ModelPrior(45.0, 10.0, -2.2, 0.8, 0.7, 12.0, 2.5, 3.7),
    "fvc": ModelPrior(85.0, 15.0, -2.5, 1.0, 0.8, 22.0, 3.3, 8.2),
}
# Coefficients in the order of the point: mean and SD of the normal priors above.
NORMAL = [
    (45.0, 10.0),
    (-2.2, 0.8),
    (0.0, 0.7),
    (0.0, 0.7),
    (85.0, 15.0),
    (-2.5, 1.0),
    (0.0, 0.8),
    (0.0, 0.8),
]
# SDs of intercept and slope, outcome by outcome, then residual SDs.
HALF_NORMAL = [12.0, 2.5, 22.0, 3.3, 3.7, 8.2]
# LKJ(2) of 4 x 4, row by row: given 0, 1 or 2 others, Beta(b, b) with
# b = 2 + (4 - 1 - k) / 2 for k = 1, 2, 3 (Lewandowski, Kurowicka and Joe 2009).
BETA = [3.0, 3.0, 2.5, 3.0, 2.5, 2.0]
ARMS = ["low", "low", "middle", "middle", "high", "high"]
PATIENTS = pd.DataFrame({"patient": list("abcdef"), "arm": ARMS})


def observations(seed: int) -> dict[str, pd.DataFrame]:
    """Visits of their own for each patient; the first has no FVC, the second one."""
    rng = np.random.default_rng(seed)
    result = {}
    for outcome, level in (("limb", 45.0), ("fvc", 85.0)):
        counts = {"a": 5, "b": 3, "c": 4, "d": 4, "e": 1, "f": 6}
        if outcome == "fvc":
            counts |= {"a": 0, "b": 1}
        frames = [
            pd.DataFrame(
                {
                    "patient": patient,
                    "time": np.sort(rng.uniform(0, 9.2, n)),
                    "value": level + rng.normal(0, 10, n),
                }
            )
            for patient, n in counts.items()
        ]
        result[outcome] = pd.concat(frames, ignore_index=True)
    return result


def correlation_matrix(partial: np.ndarray) -> np.ndarray:
    """4 x 4, by the textbook formula of a partial correlation, applied upwards."""
    r = np.eye(4)
    (
        r[1, 0],
        r[2, 0],
        given0_21,
        r[3, 0],
        given0_31,
        given01_32,
    ) = partial

    def without(x: float, one: float, other: float) -> float:
        return x * np.sqrt((1 - one**2) * (1 - other**2)) + one * other

    r[2, 1] = without(given0_21, r[2, 0], r[1, 0])
    r[3, 1] = without(given0_31, r[3, 0], r[1, 0])
    given0_32 = without(given01_32, given0_31, given0_21)
    r[3, 2] = without(given0_32, r[3, 0], r[2, 0])
    return np.tril(r) + np.tril(r, -1).T


def log_density(point: np.ndarray, data: dict[str, pd.DataFrame]) -> float:
    """Of an unconstrained point: coefficients, log SDs, logits of (1 + partial) / 2."""
    coefficient, log_sd, logit = point[:8], point[8:14], point[14:]
    sd, share = np.exp(log_sd), special.expit(logit)
    mean, scale = np.array(NORMAL).T
    priors = (
        stats.norm.logpdf(coefficient, mean, scale).sum()
        + stats.halfnorm.logpdf(sd, scale=HALF_NORMAL).sum()
        + stats.beta.logpdf(share, BETA, BETA).sum()
    )
    # d sd / d log sd = sd; d share / d logit = share (1 - share)
    jacobian = log_sd.sum() + np.log(share * (1 - share)).sum()
    densities = stacked_densities(STRUCTURE, PATIENTS, data, [coefficient, sd, share])
    return float(priors + jacobian + densities.sum())


def points(n: int) -> np.ndarray:
    """Points about the middle of the prior."""
    rng = np.random.default_rng(20050727)
    vectors = prior_vectors(STRUCTURE, PRIORS, LKJ_SHAPE)
    spread = np.concatenate([vectors["coefficient_sd"], np.full(12, 0.7)])
    draws: np.ndarray = start_point(vectors) + spread * rng.standard_normal((n, 20))
    return draws


def evaluate(
    compiled: CompiledModel, point: np.ndarray, **updates: np.ndarray
) -> tuple[float, np.ndarray]:
    """Value and gradient of what the sampler calls."""
    vectors = compiled.shared | updates
    arguments = [vectors[name] for name in compiled.shared_names]
    value, gradient = compiled.log_density(point, *arguments)
    return float(value), gradient


@pytest.fixture(scope="module")
def data() -> dict[str, pd.DataFrame]:
    return observations(1)


@pytest.fixture(scope="module")
def model(data: dict[str, pd.DataFrame]) -> pm.Model:
    vectors = prior_vectors(STRUCTURE, PRIORS, LKJ_SHAPE)
    return declare_model(STRUCTURE, vectors, pack_trial(STRUCTURE, PATIENTS, data))


@pytest.fixture(scope="module")
def compiled(model: pm.Model) -> CompiledModel:
    return compile_model(model)


def test_effects_of_an_arm_are_multivariate_normal_a_priori(
    data: dict[str, pd.DataFrame],
) -> None:
    """As benefits they correlate by 0.4; on one of the two scales lower is better."""
    priors = PRIORS | {"fvc": dataclasses.replace(PRIORS["fvc"], benefit=-1)}
    vectors = prior_vectors(STRUCTURE, priors, LKJ_SHAPE, 0.4)
    packed = pack_trial(STRUCTURE, PATIENTS, data)
    compiled = compile_model(declare_model(STRUCTURE, vectors, packed))
    sds = np.array([0.7, 0.8])
    together = stats.multivariate_normal(
        cov=np.outer(sds, sds) * [[1, -0.4], [-0.4, 1]]
    )
    excess = []
    for point in points(20):
        # of limb and FVC, for the middle dose and for the high one
        effects = point[[[2, 6], [3, 7]]]
        apart = stats.norm.logpdf(effects, 0, sds).sum()
        expected = log_density(point, data) - apart + together.logpdf(effects).sum()
        excess.append(evaluate(compiled, point)[0] - expected)
    assert np.ptp(excess) < 1e-9 * np.abs(expected)


def test_log_density_is_that_of_priors_jacobians_and_stacked_observations(
    compiled: CompiledModel, data: dict[str, pd.DataFrame]
) -> None:
    for point in points(20):
        value, _ = evaluate(compiled, point)
        assert value == pytest.approx(log_density(point, data), rel=1e-9)


def test_gradient_is_that_of_the_log_density(
    compiled: CompiledModel, data: dict[str, pd.DataFrame]
) -> None:
    step = 1e-5
    for point in points(3):
        expected = [
            (log_density(point + step * e, data) - log_density(point - step * e, data))
            / (2 * step)
            for e in np.eye(point.size)
        ]
        _, gradient = evaluate(compiled, point)
        # rounding of the reference, its value times epsilon / step, about 1e-8
        size = np.abs(expected).max()
        np.testing.assert_allclose(gradient, expected, rtol=1e-5, atol=1e-7 * size)


def test_pymc_evaluates_the_same_density_outside_a_numba_graph(
    model: pm.Model, data: dict[str, pd.DataFrame]
) -> None:
    function = model.compile_logp(mode="FAST_COMPILE")
    point = points(1)[0]
    named = {
        "coefficient": point[:8],
        "scale_log__": point[8:14],
        "partial_logodds__": point[14:],
    }
    assert set(named) == set(model.initial_point())
    assert function(named) == pytest.approx(log_density(point, data), rel=1e-9)


def test_constraining_a_point_is_pymcs_own_transform(model: pm.Model) -> None:
    point = points(1)[0]
    values = {}
    for variable, part in (("scale", point[8:14]), ("partial", point[14:])):
        transform = model.rvs_to_transforms[model[variable]]
        inputs = model[variable].owner.inputs
        values[variable] = transform.backward(part, *inputs).eval()
    correlation = correlation_matrix(2 * values["partial"] - 1)
    expected = {
        "intercept[limb]": point[0],
        "slope[limb]": point[1],
        "effect[limb,middle]": point[2],
        "effect[limb,high]": point[3],
        "intercept[fvc]": point[4],
        "slope[fvc]": point[5],
        "effect[fvc,middle]": point[6],
        "effect[fvc,high]": point[7],
        "sd_intercept[limb]": values["scale"][0],
        "sd_slope[limb]": values["scale"][1],
        "sd_intercept[fvc]": values["scale"][2],
        "sd_slope[fvc]": values["scale"][3],
        "sd_residual[limb]": values["scale"][4],
        "sd_residual[fvc]": values["scale"][5],
        "correlation[slope:limb,intercept:limb]": correlation[1, 0],
        "correlation[intercept:fvc,intercept:limb]": correlation[2, 0],
        "correlation[intercept:fvc,slope:limb]": correlation[2, 1],
        "correlation[slope:fvc,intercept:limb]": correlation[3, 0],
        "correlation[slope:fvc,slope:limb]": correlation[3, 1],
        "correlation[slope:fvc,intercept:fvc]": correlation[3, 2],
    }
    (row,) = constrain(STRUCTURE, point[None]).to_dict("records")
    assert row == pytest.approx(expected, rel=1e-12)


def test_the_start_is_the_centre_of_the_priors() -> None:
    (row,) = constrain(
        STRUCTURE, start_point(prior_vectors(STRUCTURE, PRIORS, LKJ_SHAPE))[None]
    ).to_dict("records")
    assert row["slope[fvc]"] == -2.5
    assert row["effect[limb,high]"] == 0.0
    assert row["sd_residual[limb]"] == pytest.approx(3.7)
    assert row["correlation[slope:fvc,slope:limb]"] == 0.0


def test_other_data_in_a_compiled_model_give_the_density_of_those_data(
    compiled: CompiledModel,
) -> None:
    other = observations(2)
    trial = pack_trial(STRUCTURE, PATIENTS, other)
    for point in points(3):
        value, _ = evaluate(compiled, point, trial=trial)
        assert value == pytest.approx(log_density(point, other), rel=1e-9)


def test_other_priors_in_a_compiled_model_give_the_density_of_those_priors(
    compiled: CompiledModel,
) -> None:
    """A prior of the effect that is half as wide, and residual SDs twice as wide."""
    priors = {
        name: dataclasses.replace(
            p, effect_sd=p.effect_sd / 2, sd_residual=p.sd_residual * 2
        )
        for name, p in PRIORS.items()
    }
    vectors = prior_vectors(STRUCTURE, priors, LKJ_SHAPE)
    effects, residuals = [2, 3, 6, 7], [12, 13]
    sd = np.array(NORMAL)[effects, 1]
    scale = np.array(HALF_NORMAL)[4:]
    for point in points(3):
        value, _ = evaluate(compiled, point, **vectors)
        before, _ = evaluate(compiled, point)
        residual_sd = np.exp(point[residuals])
        expected = (
            stats.norm.logpdf(point[effects], 0, sd / 2)
            - stats.norm.logpdf(point[effects], 0, sd)
        ).sum() + (
            stats.halfnorm.logpdf(residual_sd, scale=2 * scale)
            - stats.halfnorm.logpdf(residual_sd, scale=scale)
        ).sum()
        assert value - before == pytest.approx(expected, rel=1e-9)


def test_a_patient_of_an_arm_that_the_structure_does_not_have_is_refused(
    data: dict[str, pd.DataFrame],
) -> None:
    patients = PATIENTS.assign(arm="placebo")
    with pytest.raises(ValueError, match="does not have: placebo"):
        pack_trial(STRUCTURE, patients, data)
