"""Members with explicit patients' effects are the models of their docstrings.

Log densities are held to SciPy's of the parameters and values, written out from the
parameters' names, with the Jacobians of log and logit; posteriors to the truth they
were simulated from, and to the Gaussian member's, whose effects are integrated out.
"""

import dataclasses
import itertools
from typing import Any

import arviz_stats
import numpy as np
import pandas as pd
import pytensor
import pytest
from scipy import stats
from scipy.special import expit, logit

from alsdecline.faults import DataError
from alsdecline.fits.diagnostics import diagnose
from alsdecline.fits.posterior_draws import ModelFit, fit_model
from alsdecline.models.explicit.checked import CheckedExplicit
from alsdecline.models.explicit.declaration import declare_explicit
from alsdecline.models.explicit.layout import explicit_priors, lay_out
from alsdecline.models.explicit.member import ExplicitMember, parameter_names
from alsdecline.models.explicit.points import explicit_start, named_draws
from alsdecline.models.explicit.simulate import simulate_explicit
from alsdecline.models.gaussian.declaration import declare_model
from alsdecline.models.gaussian.packing import pack_trial
from alsdecline.models.layout import TrialLayout
from alsdecline.models.points import constrain
from alsdecline.models.prior_vectors import prior_vectors, start_point
from alsdecline.models.sampling import POINT, CompiledModel, compile_model, sample
from alsdecline.models.structure import ModelPrior, Structure

SEED = 20050727
LIMB = ModelPrior(45.0, 10.0, -2.2, 0.8, 0.73, 12.0, 2.55, 3.75)
PRIORS = {
    "limb": LIMB,
    "bulbar": ModelPrior(30.0, 6.0, -0.8, 0.4, 0.3, 6.0, 1.1, 2.2),
}
MAXIMA = {"limb": 63, "bulbar": 39}
LARGE = Structure(("limb", "bulbar"), "low", ("mid", "high"), ("age",), curved=True)
SINGLE = Structure(("limb",), "low", ("high",))
LIKELIHOODS = ("robust", "bounded")
TRUE = {
    "robust": {
        "intercept[limb]": 45.0,
        "slope[limb]": -2.2,
        "effect[limb,high]": 0.6,
        "sd_intercept[limb]": 8.0,
        "sd_slope[limb]": 1.7,
        "sd_residual[limb]": 2.0,
        "degrees_of_freedom[limb]": 4.0,
        "correlation[slope:limb,intercept:limb]": 0.3,
    },
    "bounded": {
        "logit_intercept[limb]": 0.9,
        "logit_slope[limb]": -0.17,
        "logit_effect[limb,high]": 0.05,
        "logit_sd_intercept[limb]": 0.7,
        "logit_sd_slope[limb]": 0.13,
        "overdispersion[limb]": 0.15,
        "correlation[slope:limb,intercept:limb]": 0.3,
    },
}


def member_of(likelihood: Any, structure: Structure = SINGLE) -> ExplicitMember:
    return ExplicitMember(structure, likelihood, PRIORS, MAXIMA)


def patients_of(structure: Structure, n: int) -> pd.DataFrame:
    arms = itertools.cycle([structure.reference, *structure.arms])
    frame = pd.DataFrame({"patient": [f"p{i:02d}" for i in range(n)]})
    frame["arm"] = list(itertools.islice(arms, n))
    return frame.assign(age=np.linspace(40.0, 70.0, n))


def ragged_trial(member: ExplicitMember, n: int = 6) -> TrialLayout:
    """Lay out whole points at 1 to 5 visits of each patient, the last with none."""
    rng = np.random.default_rng(SEED)
    patients = patients_of(member.structure, n)
    observations = {
        k: pd.DataFrame(
            [
                (patient, month, float(rng.integers(0, MAXIMA[k] + 1)))
                for i, patient in enumerate(patients["patient"][:-1])
                for month in rng.uniform(0, 9, 1 + i % 5)
            ],
            columns=["patient", "time", "value"],
        )
        for k in member.structure.outcomes
    }
    return lay_out(member, patients, observations)


def trial_of(member: ExplicitMember, values: np.ndarray) -> TrialLayout:
    """Lay out values (N, T) of the limb, at T times from 0 to 9 months."""
    n, visits = values.shape
    patients = patients_of(member.structure, n)
    frame = pd.DataFrame(
        {
            "patient": np.repeat(patients["patient"], visits),
            "time": np.tile(np.linspace(0, 9, visits), n),
            "value": values.ravel().astype(np.float64),
        }
    )
    return lay_out(member, patients, {"limb": frame})


def density_of(member: ExplicitMember, data: TrialLayout) -> Any:
    """Value and gradient of the declared model at a point, not compiled."""
    model = declare_explicit(
        member, explicit_priors(member), data.vectors, data.n_patients
    )
    # rewrites merge more terms than NumPy's functions take
    plain = pytensor.compile.mode.Mode(linker="py", optimizer=None)
    function = model.logp_dlogp_function(ravel_inputs=True, mode=plain)
    function.set_extra_values({})
    return function


def log_prior(member: ExplicitMember, named: pd.Series) -> float:
    """Log density of the parameters and the Jacobians of their logarithms, by SciPy."""
    structure, total = member.structure, 0.0
    pre = "logit_" if member.bounded else ""
    for k in structure.outcomes:
        prior, unit, sd = PRIORS[k], 1.0, PRIORS[k].sd_residual
        centre = prior.intercept_mean
        if member.bounded:
            share = centre / MAXIMA[k]
            unit = MAXIMA[k] * share * (1 - share)  # points a logit is worth
            sd = sd / (MAXIMA[k] * np.sqrt(share * (1 - share)))
            centre = logit(share) * unit
        normals = {
            f"intercept[{k}]": (centre, prior.intercept_sd),
            f"slope[{k}]": (prior.slope_mean, prior.slope_sd),
            f"curvature[{k}]": (0.0, prior.curvature_sd),
            f"covariate[{k},age]": (0.0, prior.covariate_sd),
            f"covariate_slope[{k},age]": (0.0, prior.covariate_slope_sd),
        }
        for arm in structure.arms:
            normals[f"effect[{k},{arm}]"] = (0.0, prior.effect_sd)
            normals[f"effect_curvature[{k},{arm}]"] = (0.0, prior.effect_curvature_sd)
        for name, (mean, spread) in normals.items():
            density = stats.norm.logpdf(named[pre + name], mean / unit, spread / unit)
            total += density
        scales = {
            f"{pre}sd_{c}[{k}]": getattr(prior, f"sd_{c}") / unit
            for c in structure.coefficients
        }
        scales[f"{'overdispersion' if member.bounded else 'sd_residual'}[{k}]"] = sd
        for name, scale in scales.items():
            total += stats.halfnorm.logpdf(named[name], scale=scale)
            total += np.log(named[name])  # Jacobian of the log
        if not member.bounded:
            nu, gamma = named[f"degrees_of_freedom[{k}]"], stats.gamma(2, scale=10)
            total += gamma.logpdf(nu) - gamma.logsf(2) + np.log(nu - 2)
    return total


def log_effects(member: ExplicitMember, data: TrialLayout, point: np.ndarray) -> float:
    """Log density of the standard effects and of the partial correlations."""
    structure, p = member.structure, member.structure.n_random
    n_z, n_partial = p * data.n_patients, structure.n_partial
    total = stats.norm.logpdf(point[-n_z:]).sum()
    stop = len(structure.parameter_names)
    partial = expit(point[stop - n_partial : stop])
    levels = [j + 1 for i in range(p) for j in range(i)]
    for share, level in zip(partial, levels, strict=True):
        b = 2.0 + (p - 1 - level) / 2
        total += stats.beta.logpdf(share, b, b) + np.log(share * (1 - share))
    return float(total)


def log_values(
    member: ExplicitMember, data: TrialLayout, named: pd.Series, own: pd.Series
) -> float:
    """Log density of the values about the patients' courses, one by one, by SciPy."""
    structure, total = member.structure, 0.0
    pre = "logit_" if member.bounded else ""
    for visit in data.visits.to_dict("records"):
        k, month = visit["outcome"], visit["time"]
        at = data.patients["patient"] == visit["patient"]
        arm, age = data.patients.loc[at, ["arm", "age"]].iloc[0]
        course = 0.0
        for power, c in enumerate(structure.coefficients):
            u = own[f"{c}:{k}[{visit['patient']}]"] + named[f"{pre}{c}[{k}]"]
            kind = {"slope": "effect", "curvature": "effect_curvature"}.get(c)
            if kind and arm != "low":
                u += named[f"{pre}{kind}[{k},{arm}]"]
            of = {"intercept": "covariate", "slope": "covariate_slope"}.get(c)
            if of:
                u += named[f"{pre}{of}[{k},age]"] * age
            course += u * month**power
        if member.bounded:
            phi = named[f"overdispersion[{k}]"] ** -2
            a, b = expit(course) * phi, expit(-course) * phi
            total += stats.betabinom.logpmf(visit["value"], MAXIMA[k], a, b)
        else:
            freedom = named[f"degrees_of_freedom[{k}]"]
            scale = named[f"sd_residual[{k}]"]
            total += stats.t.logpdf(visit["value"], freedom, course, scale)
    return float(total)


def written_out(member: ExplicitMember, data: TrialLayout, point: np.ndarray) -> float:
    """Log density at an unconstrained point, from the names of parameters."""
    frame, effects = named_draws(member, data.patients, point[None])
    named, own = frame.iloc[0], effects.iloc[0]
    values = log_values(member, data, named, own)
    return log_prior(member, named) + log_effects(member, data, point) + values


@pytest.mark.parametrize("likelihood", LIKELIHOODS)
def test_density_is_that_written_out_and_its_gradient_that_of_differences(
    likelihood: str,
) -> None:
    member = member_of(likelihood, LARGE)
    data = ragged_trial(member)
    density, rng = density_of(member, data), np.random.default_rng(SEED)
    start = explicit_start(member, data.n_patients)
    for _ in range(5):
        point = start + rng.uniform(-0.5, 0.5, start.size)
        value, gradient = density(point)
        assert value == pytest.approx(written_out(member, data, point), abs=1e-7)
    step = 1e-5
    slopes = [
        (density(point + h)[0] - density(point - h)[0]) / (2 * step)
        for h in step * np.eye(start.size)
    ]
    tolerance = 1e-6 * np.abs(gradient).max()
    np.testing.assert_allclose(gradient, slopes, atol=tolerance, rtol=1e-5)


def test_effects_have_the_correlations_of_the_draws() -> None:
    """The effects of z = columns of the identity are the factor of the covariance."""
    member, n = member_of("robust", LARGE), LARGE.n_random
    point = explicit_start(member, n)
    stop = len(LARGE.parameter_names)
    point[:stop] += np.random.default_rng(SEED).uniform(-1, 1, stop)
    point[-n * n :] = np.eye(n).ravel()
    patients = patients_of(LARGE, n)
    frame, effects = named_draws(member, patients, point[None])
    factor = effects.to_numpy().reshape(n, n).T
    covariance = factor @ factor.T
    sd = np.sqrt(np.diag(covariance))
    names = [f"sd_{c}[{k}]" for k in LARGE.outcomes for c in LARGE.coefficients]
    np.testing.assert_allclose(frame[names].iloc[0], sd)
    rows, columns = np.tril_indices(n, -1)
    np.testing.assert_allclose(
        frame[LARGE.correlation_names].iloc[0],
        (covariance / np.outer(sd, sd))[rows, columns],
    )


@pytest.mark.parametrize("value", [0, 30, 63])
def test_a_bounded_score_that_does_not_vary_has_a_finite_density(value: int) -> None:
    member = member_of("bounded")
    data = trial_of(member, np.full((2, 4), value))  # one patient an arm
    density = density_of(member, data)
    start = explicit_start(member, 2)
    far, binomial = start.copy(), start.copy()
    far[0] = 2000.0  # logits, where shares round to 1
    binomial[5] = np.log(1e-7)  # overdispersion
    for point in (start, far, -far, binomial):
        result, gradient = density(point)
        assert np.isfinite(result)
        assert np.isfinite(gradient).all()


def test_one_patient_an_arm_has_a_finite_robust_density() -> None:
    member = member_of("robust")
    data = trial_of(member, np.array([[40.0, 40.0, 40.0], [41.0, 39.0, 41.0]]))
    start = explicit_start(member, 2)
    for shift in (0.0, 5.0, -5.0):
        result, gradient = density_of(member, data)(start + shift)
        assert np.isfinite(result)
        assert np.isfinite(gradient).all()


@pytest.mark.parametrize(
    ("likelihood", "values", "message"),
    [
        ("robust", np.zeros((4, 3)), "limb: every patient's values lie exactly"),
        ("robust", np.array([[1.0, 2.0, np.nan]]), "must be finite numbers"),
        ("bounded", np.array([[1.0, 64.0]]), "value 64.0 of patient p00 at time 9.00"),
        ("bounded", np.array([[1.5, 3.0]]), "whole numbers from 0 to 63"),
    ],
)
def test_data_without_a_proper_posterior_are_refused_in_a_line(
    likelihood: str, values: np.ndarray, message: str
) -> None:
    with pytest.raises(DataError, match=message) as caught:
        trial_of(member_of(likelihood), values)
    assert "\n" not in str(caught.value)


def test_what_members_do_not_have_is_refused() -> None:
    for change in ({"ratio": True}, {"variances_by_arm": True}):
        with pytest.raises(ValueError, match="Gaussian members alone"):
            member_of("robust", dataclasses.replace(SINGLE, **change))
    with pytest.raises(ValueError, match="no maximum of 'limb'"):
        ExplicitMember(SINGLE, "bounded", PRIORS)
    with pytest.raises(ValueError, match="not between 0 and 40"):
        ExplicitMember(SINGLE, "bounded", PRIORS, {"limb": 40})


def simulated(likelihood: str, **changes: float) -> TrialLayout:
    """Make 40 patients of 10 visits."""
    member, rng = member_of(likelihood), np.random.default_rng(SEED)
    arms = list(patients_of(SINGLE, 40)["arm"])
    true = TRUE[likelihood] | {f"{k}[limb]": v for k, v in changes.items()}
    values = simulate_explicit(member, true, arms, np.linspace(0, 9, 10), rng)
    return trial_of(member, values[:, 0])


RUN = {"seed": SEED, "chains": 4, "tune": 500, "target_accept": 0.9, "cores": 2}


@pytest.fixture(scope="module")
def robust() -> tuple[TrialLayout, CompiledModel]:
    data = simulated("robust")
    return data, CheckedExplicit(member_of("robust")).compile(data)


def assert_recovered(likelihood: str, fit: ModelFit) -> None:
    names = parameter_names(member_of(likelihood))
    assert list(fit.draws) == names
    assert fit.divergences == 0
    by_chain = {name: fit.by_chain(fit.draws[name].to_numpy()) for name in names}
    assert diagnose(by_chain, fit.divergences, fit.energy)["r_hat"] < 1.05
    for name, true in TRUE[likelihood].items():
        drawn = fit.draws[name]
        assert abs(drawn.mean() - true) < 4 * drawn.std(), name


@pytest.mark.slow
def test_robust_finds_the_truth(robust: tuple[TrialLayout, CompiledModel]) -> None:
    """4 posterior SDs of each of 8 parameters: wrong once in 2000 data sets."""
    data, compiled = robust
    fit = fit_model(
        CheckedExplicit(member_of("robust")), data, compiled, draws=400, **RUN
    )
    assert_recovered("robust", fit)


@pytest.mark.slow
def test_bounded_finds_the_truth() -> None:
    """4 posterior SDs of each of 7 parameters: wrong once in 2000 data sets."""
    data, member = simulated("bounded"), member_of("bounded")
    compiled = CheckedExplicit(member).compile(data)
    run = RUN | {"tune": 400, "chains": 2}
    fit = fit_model(CheckedExplicit(member), data, compiled, draws=400, **run)
    assert_recovered("bounded", fit)
    rng = np.random.default_rng(SEED)
    same = CheckedExplicit(member).own_replicates(fit, data, rng)
    new = CheckedExplicit(member).replicates(fit.draws, data, rng)
    value = data.visits["value"].to_numpy()
    assert same.shape == new.shape == (800, 400)
    assert np.all((same >= 0) & (same <= 63) & (same == np.round(same)))
    # the same patients' replicates follow them; new patients' know nothing of them
    assert np.corrcoef(same.mean(axis=0), value)[0, 1] > 0.9
    assert np.corrcoef(new.mean(axis=0), value)[0, 1] < 0.7


@pytest.mark.slow
def test_draws_do_not_depend_on_the_cores(
    robust: tuple[TrialLayout, CompiledModel],
) -> None:
    data, compiled = robust
    fits = [
        fit_model(
            CheckedExplicit(member_of("robust")),
            data,
            compiled,
            draws=50,
            **RUN | {"tune": 100, "chains": 2, "cores": cores},
        )
        for cores in (1, 2)
    ]
    pd.testing.assert_frame_equal(fits[0].draws, fits[1].draws, check_exact=True)
    pd.testing.assert_frame_equal(fits[0].effects, fits[1].effects, check_exact=True)


@pytest.mark.slow
def test_robust_of_many_degrees_of_freedom_is_the_gaussian_member(
    robust: tuple[TrialLayout, CompiledModel],
) -> None:
    """Within 4 Monte Carlo errors, false once in 2000, and 0.01 posterior SDs.

    The allowance is for degrees of freedom that are about 20,000, not infinite.
    """
    _, compiled = robust
    member = dataclasses.replace(member_of("robust"), freedom_rate=1e-4)
    data = simulated("robust", degrees_of_freedom=1e9)
    fit = fit_model(CheckedExplicit(member), data, compiled, draws=1000, **RUN)

    vectors = prior_vectors(SINGLE, PRIORS, 2.0)
    packed = pack_trial(SINGLE, data.patients, {"limb": data.visits})
    trace = sample(
        compile_model(declare_model(SINGLE, vectors, packed)),
        start=start_point(vectors),
        draws=2000,
        **RUN,
    )
    points = trace["posterior"][POINT].to_numpy()
    gaussian = constrain(SINGLE, points.reshape(-1, points.shape[-1]))
    for name in SINGLE.parameter_names:
        both = [
            frame[name].to_numpy().reshape(4, -1) for frame in (fit.draws, gaussian)
        ]
        error = np.hypot(*[arviz_stats.mcse(drawn) for drawn in both])
        difference = abs(both[0].mean() - both[1].mean())
        assert difference < 4 * error + 0.01 * both[1].std(), name


def test_a_compiled_model_of_other_patients_is_refused(
    robust: tuple[TrialLayout, CompiledModel],
) -> None:
    _, compiled = robust
    member = member_of("robust")
    data = trial_of(member, np.array([[40.0, 38.0, 39.0], [41.0, 39.0, 41.0]]))
    with pytest.raises(ValueError, match="number of patients"):
        fit_model(CheckedExplicit(member), data, compiled, draws=10, **RUN)
