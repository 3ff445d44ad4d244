"""A trial's posterior of its effects, as mixtures of normal ones, with their errors."""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy import optimize, special

from alsdecline.design.importance import NoModeError, importance_sample
from alsdecline.design.integrated_lines import LinesData, LinesPrior, given_spreads
from alsdecline.design.streams import Floats

LARGEST_SHAPE = 0.7
"""Of Pareto, beyond which weights cannot be relied on (Vehtari and others 2024)."""

LARGEST_ERROR = 0.01
"""Monte Carlo SD of a posterior probability that is good enough."""

ENDS = (0.025, 0.975)
"""Of the intervals whose Monte Carlo errors are held to a limit, as those of fits."""

PROBABILITIES = (*ENDS, 0.25, 0.5, 0.75)
"""At whose quantiles the error of the distribution function is looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class NormalMixture:
    """A weighted mixture of S normal distributions.

    Attributes
    ----------
    weights, means, sds : ndarray, shape (S,)
        Weights of sum 1; SDs above 0.
    """

    weights: Floats
    means: Floats
    sds: Floats

    def times(self, factor: int) -> Self:
        """Return the distribution of the variable times 1 or -1."""
        return type(self)(self.weights, factor * self.means, self.sds)

    @property
    def mean(self) -> float:
        """Its mean."""
        return float(self.weights @ self.means)

    @property
    def sd(self) -> float:
        """Its SD."""
        apart = self.means - self.mean
        return math.sqrt(float(self.weights @ (self.sds**2 + apart**2)))

    def above(self, value: float) -> float:
        """Return the probability above a value."""
        return float(self.weights @ special.ndtr((self.means - value) / self.sds))

    def error_of_above(self, value: float) -> float:
        """Return the Monte Carlo SD of it, of weights from importance sampling."""
        each = special.ndtr((self.means - value) / self.sds)
        return float(
            np.sqrt(np.square(self.weights * (each - self.above(value))).sum())
        )

    def density(self, value: float) -> float:
        """Return the density at a value."""
        standard = (value - self.means) / self.sds
        each = np.exp(-(standard**2) / 2.0) / (self.sds * math.sqrt(2.0 * math.pi))
        return float(self.weights @ each)

    def quantile(self, probability: float) -> float:
        """Return the value below which a probability lies."""
        width = 10.0 * self.sd

        def beyond(value: float) -> float:
            return 1.0 - probability - self.above(value)

        # by Chebyshev no quantile of 0.01 or more lies further out than 10 SDs
        return float(
            optimize.brentq(
                beyond, self.mean - width, self.mean + width, xtol=1e-10 * width
            )
        )


@dataclass(frozen=True, slots=True, eq=False)
class MarginalFit:
    """Effects of one trial.

    Attributes
    ----------
    effects : tuple of NormalMixture
        Of each arm but the reference, points/time.
    pareto_shape : float
        Of the importance weights.
    """

    effects: tuple[NormalMixture, ...]
    pareto_shape: float

    def is_good(self, interval_error: float) -> bool:
        """Say whether weights and Monte Carlo errors are good enough.

        Parameters
        ----------
        interval_error : float
            Largest error of a 95% interval's ends, in posterior SDs.
        """
        if not self.pareto_shape <= LARGEST_SHAPE:  # also of none
            return False
        for effect in self.effects:
            at = [effect.quantile(probability) for probability in PROBABILITIES]
            errors = [effect.error_of_above(value) for value in (0.0, *at)]
            if max(errors) > LARGEST_ERROR:
                return False
            for value in at[: len(ENDS)]:
                apart = effect.error_of_above(value) / effect.density(value)
                if apart > interval_error * effect.sd:
                    return False
        return True


def marginal_fit(
    data: LinesData, prior: LinesPrior, generator: np.random.Generator, points: int
) -> MarginalFit | None:
    """Fit one trial.

    Parameters
    ----------
    data : LinesData
        The trial.
    prior : LinesPrior
        Priors.
    generator : numpy.random.Generator
        Of the points.
    points : int
        Importance sampled.

    Returns
    -------
    MarginalFit or None
        None where the posterior's mode is not found.
    """

    def log_density(spreads: Floats) -> Floats:
        return given_spreads(data, prior, spreads).log_posterior

    try:
        weighted = importance_sample(log_density, prior.start(), generator, points)
    except NoModeError:
        return None
    given = given_spreads(data, prior, weighted.points)
    return MarginalFit(
        tuple(
            NormalMixture(weighted.weights, mean, sd)
            for mean, sd in zip(given.mean.T, given.sd.T, strict=True)
        ),
        weighted.pareto_shape,
    )
