"""The model of decline written out in PyMC and NumPy, to hold the engine to.

Every patient's random coefficients are parameters here, non-centred; their covariance
has PyMC's own LKJ prior; densities, gradients and callbacks are PyMC's and nutpie's.
Of alsdecline there is nothing but the numbers of the priors.
"""

import dataclasses
import itertools
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import nutpie
import pandas as pd
import pymc as pm
import pytensor
import pytensor.tensor as pt
import xarray as xr

from alsdecline.models.structure import ModelPrior


@dataclasses.dataclass(frozen=True)
class WrittenOut:
    """A member of the family with its data.

    Attributes
    ----------
    outcomes : tuple of str
        K of them.
    arms : tuple of str
        A of them, the reference first.
    covariates : tuple of str
        Numbers of patients, centred over all patients of the table.
    curved, ratio, variances_by_arm : bool
        What the member has beyond lines with a difference in slopes.
    priors : mapping of str to ModelPrior
        The numbers of the priors, by outcome.
    lkj_shape : float
        Of the correlations.
    patients : DataFrame
        ``patient``, ``arm`` and the covariates, N rows.
    rows : DataFrame
        ``patient``, ``outcome``, ``time`` and ``value``, a row an observation.
    """

    outcomes: tuple[str, ...]
    arms: tuple[str, ...]
    covariates: tuple[str, ...]
    curved: bool
    ratio: bool
    variances_by_arm: bool
    priors: Mapping[str, ModelPrior]
    lkj_shape: float
    patients: pd.DataFrame
    rows: pd.DataFrame

    @property
    def powers(self) -> tuple[str, ...]:
        """Coefficients of powers of time, m of them."""
        return ("intercept", "slope", "curvature")[: 3 if self.curved else 2]

    @property
    def random(self) -> list[tuple[str, str]]:
        """A patient's random coefficients, K m of them, with their outcomes."""
        return [(name, k) for k in self.outcomes for name in self.powers]

    def prior(self, number: str) -> np.ndarray:
        """Return a number of the outcomes' priors, shape (K,)."""
        return np.array([getattr(self.priors[k], number) for k in self.outcomes])


def _padded(by_arm: pt.TensorVariable) -> pt.TensorVariable:
    """Put zeros for the reference arm before what the other arms have."""
    return pt.concatenate([pt.zeros_like(by_arm[:1]), by_arm])


def declare(member: WrittenOut) -> pm.Model:
    """Declare the model; vectors are over outcomes last, or over what `labels` says."""
    n_others, n_outcomes = len(member.arms) - 1, len(member.outcomes)
    m, p = len(member.powers), len(member.random)
    arm = member.patients["arm"].map(member.arms.index).to_numpy()
    x = member.patients[list(member.covariates)].to_numpy(dtype=float)
    x = x - x.mean(axis=0)
    position = {name: i for i, name in enumerate(member.patients["patient"])}
    i = member.rows["patient"].map(position).to_numpy()
    k = member.rows["outcome"].map(member.outcomes.index).to_numpy()
    time = member.rows["time"].to_numpy()[:, None] ** np.arange(m)
    prior = member.prior
    of_arms, of_covariates = (n_others, n_outcomes), (x.shape[1], n_outcomes)
    scales = [getattr(member.priors[o], f"sd_{name}") for name, o in member.random]
    with pm.Model() as model:
        factor, _, _ = pm.LKJCholeskyCov(
            "between",
            n=p,
            eta=member.lkj_shape,
            sd_dist=pm.HalfNormal.dist(scales, shape=p),
            store_in_trace=False,
        )
        means = [
            pm.Normal("intercept", prior("intercept_mean"), prior("intercept_sd")),
            pm.Normal("slope", prior("slope_mean"), prior("slope_sd")),
        ]
        if member.curved:
            means += [pm.Normal("curvature", 0, prior("curvature_sd"))]
        coefficients = [pt.tile(mean, (len(x), 1)) for mean in means]
        if not member.ratio:
            sds = [prior("effect_sd"), prior("effect_curvature_sd")][: m - 1]
            for at, sd in enumerate(sds, start=1):
                name = ("effect", "effect_curvature")[at - 1]
                by = pm.Normal(name, 0, sd, shape=of_arms)
                coefficients[at] += _padded(by)[arm]
        if member.covariates:
            for at, name in enumerate(("covariate", "covariate_slope")):
                by = pm.Normal(name, 0, prior(f"{name}_sd"), shape=of_covariates)
                coefficients[at] += (x[:, :, None] * by).sum(axis=1)
        mean = pt.stack(coefficients, axis=-1)  # patient, outcome, power
        standard = pm.Normal("standard", shape=(len(x), p))
        deviation = (standard @ factor.T).reshape((len(x), n_outcomes, m))
        residual = pm.HalfNormal("sd_residual", prior("sd_residual"))[k]
        if member.variances_by_arm:
            sd = prior("log_sd_ratio_sd")[:, None]
            shape = (n_others, n_outcomes, m)
            # of the slope and later powers, and last of the residual
            logs = _padded(pm.Normal("log_sd_ratio", 0, sd, shape=shape))[arm]
            deviation = pt.concatenate(
                [deviation[..., :1], deviation[..., 1:] * pt.exp(logs[..., :-1])],
                axis=-1,
            )
            residual *= pt.exp(logs[i, k, -1])
        own = mean + deviation
        if member.ratio:
            sd = prior("log_ratio_sd")
            log_ratio = _padded(pm.Normal("log_ratio", 0, sd, shape=of_arms))[arm]
            factors = pt.exp(log_ratio)[..., None]
            own = pt.concatenate([own[..., :1], own[..., 1:] * factors], axis=-1)
        pm.Normal(
            "y",
            (own[i, k] * time).sum(axis=-1),
            residual,
            observed=member.rows["value"].to_numpy(),
        )
    return model


def _labels(member: WrittenOut) -> Iterator[tuple[str, list[str]]]:
    """Yield each vector that has a prior, with the names of its entries in C order."""
    others, outcomes = member.arms[1:], member.outcomes
    varying = (*member.powers[1:], "residual")
    for name in (*member.powers, "sd_residual"):
        yield name, [f"{name}[{k}]" for k in outcomes]
    for name in ("effect", "effect_curvature", "log_ratio"):
        yield name, [f"{name}[{k},{a}]" for a, k in itertools.product(others, outcomes)]
    for name in ("covariate", "covariate_slope"):
        pairs = itertools.product(member.covariates, outcomes)
        yield name, [f"{name}[{k},{c}]" for c, k in pairs]
    triples = itertools.product(others, outcomes, varying)
    yield "log_sd_ratio", [f"log_sd_ratio[{v}:{k},{a}]" for a, k, v in triples]


def named_draws(member: WrittenOut, draws: xr.Dataset) -> xr.Dataset:
    """Name draws as a table of results does; SDs and correlations from the factor."""
    result = {}
    for variable, names in _labels(member):
        if variable not in draws:
            continue
        values = draws[variable].to_numpy()
        values = values.reshape(*values.shape[:2], -1)
        result |= {name: values[..., j] for j, name in enumerate(names)}
    packed, p = draws["between"].to_numpy(), len(member.random)
    factor = np.zeros((*packed.shape[:2], p, p))
    rows, columns = np.tril_indices(p)
    factor[:, :, rows, columns] = packed
    covariance = factor @ factor.swapaxes(-1, -2)
    sd = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    for a, (name, k) in enumerate(member.random):
        result[f"sd_{name}[{k}]"] = sd[..., a]
        for b, (other, j) in enumerate(member.random[:a]):
            correlation = covariance[..., a, b] / (sd[..., a] * sd[..., b])
            result[f"correlation[{name}:{k},{other}:{j}]"] = correlation
    return xr.Dataset({n: (("chain", "draw"), v) for n, v in result.items()})


def sampled(member: WrittenOut, seed: int, draws: int) -> xr.Dataset:
    """Draw from the posterior of all parameters, 4 chains."""
    # else PyMC compiles draws of the LKJ prior in C, to start from
    with pytensor.config.change_flags(cxx=""):
        compiled = nutpie.compile_pymc_model(declare(member))
    trace = nutpie.sample(
        compiled,
        seed=seed,
        chains=4,
        tune=1000,
        draws=draws,
        target_accept=0.95,
        cores=2,
        progress_bar=False,
    )
    return named_draws(member, trace["posterior"].to_dataset())


def lkj_matrix(dimension: int, shape: float, rng: np.random.Generator) -> np.ndarray:
    """Draw a correlation matrix by the onion method.

    Lewandowski, Kurowicka and Joe 2009, section 3.2; the engine has their vine.
    """
    b = shape + (dimension - 2) / 2
    result = np.eye(dimension)
    for k in range(1, dimension):
        if k == 1:
            new = np.array([2 * rng.beta(b, b) - 1])
        else:
            b -= 0.5
            direction = rng.standard_normal(k)
            direction /= np.linalg.norm(direction)
            radius = np.sqrt(rng.beta(k / 2, b))
            new = np.linalg.cholesky(result[:k, :k]) @ (radius * direction)
        result[k, :k] = result[:k, k] = new
    return result


def prior_draw(
    priors: Mapping[str, ModelPrior],
    arms: Sequence[str],
    lkj_shape: float,
    rng: np.random.Generator,
) -> dict[str, float]:
    """Draw the parameters of lines with a difference in slopes from their prior.

    Parameters
    ----------
    priors : mapping of str to ModelPrior
        By outcome.
    arms : sequence of str
        The arms but the reference.
    lkj_shape : float
        Of the correlations between all outcomes' intercepts and slopes.
    rng : numpy.random.Generator
        Source.

    Returns
    -------
    dict of str to float
        By name.
    """
    result = {}
    for k, prior in priors.items():
        result[f"intercept[{k}]"] = rng.normal(prior.intercept_mean, prior.intercept_sd)
        result[f"slope[{k}]"] = rng.normal(prior.slope_mean, prior.slope_sd)
        for arm in arms:
            result[f"effect[{k},{arm}]"] = rng.normal(0, prior.effect_sd)
        result[f"sd_intercept[{k}]"] = abs(rng.normal(0, prior.sd_intercept))
        result[f"sd_slope[{k}]"] = abs(rng.normal(0, prior.sd_slope))
        result[f"sd_residual[{k}]"] = abs(rng.normal(0, prior.sd_residual))
    random = [f"{name}:{k}" for k in priors for name in ("intercept", "slope")]
    correlation = lkj_matrix(len(random), lkj_shape, rng)
    for a, name in enumerate(random):
        for b, other in enumerate(random[:a]):
            result[f"correlation[{name},{other}]"] = correlation[a, b]
    return {name: float(value) for name, value in result.items()}


def observation_frames(
    values: np.ndarray,
    outcomes: Sequence[str],
    patients: Sequence[str],
    months: np.ndarray,
) -> dict[str, pd.DataFrame]:
    """Lay out values of shape (N, K, T) as a frame for each outcome."""
    return {
        outcome: pd.DataFrame(
            {
                "patient": np.repeat(patients, months.size),
                "time": np.tile(months, len(patients)),
                "value": values[:, k].ravel(),
            }
        )
        for k, outcome in enumerate(outcomes)
    }
