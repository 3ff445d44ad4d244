"""The engine's posterior is that of the model with its random effects written out.

The reference is :mod:`support.explicit_reference`: plain PyMC, PyMC's own LKJ prior and
gradients. Of all parameters, posterior means and SDs are compared in units of their
combined Monte Carlo errors. Over all comparisons of this file, a right program fails
once in 5,000 runs: each of the members has an equal share of that, divided by its
number of comparisons (Bonferroni), which puts the limits at 4.7 to 5.1 errors.
"""

import dataclasses
import itertools
from typing import Any

import arviz_stats
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy import stats

from alsdecline.models.gaussian.declaration import declare_model
from alsdecline.models.gaussian.packing import pack_trial
from alsdecline.models.points import constrain
from alsdecline.models.prior_vectors import prior_vectors, start_point
from alsdecline.models.sampling import POINT, compile_model, sample
from alsdecline.models.structure import ModelPrior, Structure
from support.explicit_reference import WrittenOut, sampled

SEED = 20050727
N_PATIENTS = 30
LEAST_ESS = 400
"""Of every mean, SD, bulk and tail, as many as the gates of a trial's fits ask for.

The hardest member has 700 to 1,500, another number on each processor.
"""

FALSE_ALARM = 2e-4
"""Of the whole file."""

LKJ_SHAPE = 2.0
PRIORS = {
    "limb": ModelPrior(
        intercept_mean=45.0,
        intercept_sd=10.0,
        slope_mean=-2.2,
        slope_sd=0.8,
        effect_sd=0.73,
        sd_intercept=8.0,
        sd_slope=1.5,
        sd_residual=5.0,
        covariate_sd=0.5,
        covariate_slope_sd=0.05,
        curvature_sd=0.2,
        effect_curvature_sd=0.2,
        sd_curvature=0.2,
    ),
    "bulbar": ModelPrior(
        intercept_mean=32.0,
        intercept_sd=6.0,
        slope_mean=-0.9,
        slope_sd=0.4,
        effect_sd=0.28,
        sd_intercept=5.0,
        sd_slope=0.8,
        sd_residual=3.0,
    ),
    "fvc": ModelPrior(
        intercept_mean=85.0,
        intercept_sd=15.0,
        slope_mean=-2.5,
        slope_sd=1.0,
        effect_sd=0.83,
        sd_intercept=15.0,
        sd_slope=1.6,
        sd_residual=8.0,
        covariate_sd=0.7,
        covariate_slope_sd=0.07,
        curvature_sd=0.25,
        effect_curvature_sd=0.25,
        sd_curvature=0.2,
    ),
}
# level, slope a month, and SDs of level, slope and residual of the made-up patients
COURSES = {
    "limb": (45.0, -2.2, 6.0, 1.0, 4.0),
    "bulbar": (32.0, -0.9, 4.0, 0.5, 2.5),
    "fvc": (85.0, -2.5, 10.0, 1.1, 6.0),
}
CURVATURE_SD = 0.4
COVARIATES = {"age": (60.0, 9.0), "delay": (12.0, 5.0)}


@dataclasses.dataclass(frozen=True)
class Case:
    """A member of the family, and what is particular about its data.

    Attributes
    ----------
    unequal : bool
        Whether patients come at times of their own, 1 to 7 of them; else at 6 common
        ones.
    absent : tuple of (int, str)
        Patients, by position, without any value of an outcome.
    draws : int
        Of each chain.
    """

    outcomes: tuple[str, ...]
    arms: tuple[str, ...] = ("low", "high")
    covariates: tuple[str, ...] = ()
    curved: bool = False
    ratio: bool = False
    variances_by_arm: bool = False
    unequal: bool = True
    absent: tuple[tuple[int, str], ...] = ()
    draws: int = 4000


THREE_ARMS = ("low", "middle", "high")
CASES = {
    "single": Case(("limb",), absent=((3, "limb"),)),
    "joint_of_three": Case(
        ("limb", "bulbar", "fvc"), unequal=False, absent=((3, "fvc"),)
    ),
    "curved": Case(("limb",), curved=True),
    "covariates": Case(("limb",), THREE_ARMS, ("age", "delay")),
    "all_at_once": Case(
        ("limb", "fvc"),
        THREE_ARMS,
        ("age",),
        curved=True,
        ratio=True,
        variances_by_arm=True,
        absent=((5, "fvc"), (4, "limb")),
        draws=2000,  # each takes three times as long as of the others
    ),
}


def months_of(case: Case, patient: int, rng: np.random.Generator) -> np.ndarray:
    if not case.unequal:
        return np.arange(6) * 1.84
    return np.sort(rng.uniform(0, 9.2, 1 + patient % 7))


def make_member(case: Case) -> WrittenOut:
    """Make lines and noise; of other arms, slopes a third less and more spread."""
    rng = np.random.default_rng(SEED)
    ids = [f"p{i:02d}" for i in range(N_PATIENTS)]
    patients = pd.DataFrame(
        {
            "patient": ids,
            "arm": list(itertools.islice(itertools.cycle(case.arms), N_PATIENTS)),
            **{c: rng.normal(*COVARIATES[c], N_PATIENTS) for c in case.covariates},
        }
    )
    frames = []
    for outcome in case.outcomes:
        level, slope, *sds = COURSES[outcome]
        for i, (patient, arm) in enumerate(zip(ids, patients["arm"], strict=True)):
            u, v, scale = sds * np.array([*rng.standard_normal(2), 1.0])
            month = months_of(case, i, rng)
            slowed = 1.0 if arm == case.arms[0] else 0.67
            value = level + u + (slope * slowed + v) * month
            if case.curved:
                # else the SD of curvatures is near 0, and non-centred chains stick
                value += CURVATURE_SD * rng.standard_normal() * month**2
            value += scale * slowed * rng.standard_normal(month.size)
            if (i, outcome) not in case.absent:
                frame = {"patient": patient, "outcome": outcome, "time": month}
                frames.append(pd.DataFrame(frame | {"value": value}))
    shared = {f.name: getattr(case, f.name) for f in dataclasses.fields(Case)}
    return WrittenOut(
        **{n: v for n, v in shared.items() if n not in {"unequal", "absent", "draws"}},
        priors={k: PRIORS[k] for k in case.outcomes},
        lkj_shape=LKJ_SHAPE,
        patients=patients,
        rows=pd.concat(frames, ignore_index=True),
    )


def engine_posterior(member: WrittenOut, draws: int) -> xr.Dataset:
    structure = Structure(
        member.outcomes,
        member.arms[0],
        member.arms[1:],
        member.covariates,
        curved=member.curved,
        ratio=member.ratio,
        variances_by_arm=member.variances_by_arm,
    )
    priors = prior_vectors(structure, member.priors, member.lkj_shape)
    observations = {k: member.rows[member.rows["outcome"] == k] for k in PRIORS}
    data = pack_trial(structure, member.patients, observations)
    trace = sample(
        compile_model(declare_model(structure, priors, data)),
        seed=SEED,
        chains=4,
        tune=1000,
        draws=draws,
        target_accept=0.95,
        start=start_point(priors),
        cores=2,
    )
    points = trace["posterior"][POINT].to_numpy()
    frame = constrain(structure, points.reshape(-1, points.shape[-1]))
    return xr.Dataset(
        {
            name: (("chain", "draw"), frame[name].to_numpy().reshape(4, draws))
            for name in frame
        }
    )


def least_ess(draws: xr.Dataset) -> float:
    """Smallest effective sample size of any parameter's mean, SD, bulk or tail."""
    methods: list[Any] = ["mean", "sd", "bulk", "tail"]
    found = [arviz_stats.ess(draws, method=method) for method in methods]
    return min(float(ess[name]) for ess in found for name in draws)


def standardised_differences(one: xr.Dataset, other: xr.Dataset) -> dict[str, float]:
    """Differences of posterior means and SDs in their combined Monte Carlo errors."""
    assert set(one) == set(other)
    result = {}
    for method, reduction in (("mean", "mean"), ("sd", "std")):
        errors = [arviz_stats.mcse(draws, method=method) for draws in (one, other)]
        summaries = [getattr(draws, reduction)() for draws in (one, other)]
        z = (summaries[0] - summaries[1]) / np.hypot(*errors)
        result |= {f"{method} of {name}": float(z[name]) for name in z}
    return result


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) for name in CASES]
)
def test_posterior_is_that_of_the_model_with_its_random_effects_written_out(
    name: str,
) -> None:
    """Of 14 to 98 means and SDs, none beyond a limit passed once in 25,000 runs."""
    member, draws = make_member(CASES[name]), CASES[name].draws
    reference = sampled(member, SEED, draws)
    got = engine_posterior(member, draws)
    smallest = min(least_ess(reference), least_ess(got))
    z = standardised_differences(got, reference)
    limit = stats.norm.isf(FALSE_ALARM / len(CASES) / 2 / len(z))
    largest = max(z, key=lambda key: abs(z[key]))
    print(
        f"{name}: largest of {len(z)} differences {z[largest]:.2f} ({largest}), "
        f"limit {limit:.2f}; least ESS {smallest:.0f}"
    )
    assert smallest >= LEAST_ESS
    assert {key: value for key, value in z.items() if not abs(value) < limit} == {}
