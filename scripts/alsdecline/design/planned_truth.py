"""What is true of the outcomes of a configured scenario.

Of one outcome, what the scenario says. Where a model takes several, these are
simulated; they are scaled so that the primary one, which may be the sum of some, is
what the scenario says, and treatment takes the same share of the mean decline of each.
"""

import math

import numpy as np

from alsdecline.design.truth import (
    Difference,
    DrawnDifference,
    Effect,
    OutcomeTruth,
    Ratio,
    Truth,
)
from alsdecline.settings.simulated_design import (
    AssumedCourse,
    AssumedOutcome,
    DesignScenario,
)

type Matrix = tuple[tuple[float, ...], ...]


def _said(given: DesignScenario, assumed: AssumedOutcome) -> AssumedOutcome:
    """Return the primary outcome as a scenario has it."""
    keys = ("slope", "baseline", "sd_baseline", "sd_slope", "sd_residual")
    said = {key: getattr(given, key) for key in keys}
    return assumed.model_copy(update={k: v for k, v in said.items() if v is not None})


def _correlations(n: int, own: float, of_slopes: float) -> Matrix:
    """Lay out those of intercept and slope of each of n outcomes, and of slopes."""
    matrix = np.kron(np.eye(n), np.array([[1.0, own], [own, 1.0]]))
    matrix[1::2, 1::2] += of_slopes * (1.0 - np.eye(n))
    return tuple(tuple(row) for row in matrix.tolist())


def _scaled(
    said: AssumedOutcome, parts: list[AssumedOutcome], of_slopes: float
) -> list[AssumedOutcome]:
    """Scale parts so that their sum is what a scenario says.

    Raises
    ------
    ValueError
        If their mean is 0 where another one is wanted.
    """
    n = len(parts)
    slopes = np.array([part.sd_slope for part in parts])
    among = np.eye(n) + of_slopes * (1.0 - np.eye(n))
    sums = {
        "slope": sum(part.slope for part in parts),
        "baseline": sum(part.baseline for part in parts),
        "sd_baseline": math.hypot(*(part.sd_baseline for part in parts)),
        "sd_slope": math.sqrt(float(slopes @ among @ slopes)),
        "sd_residual": math.hypot(*(part.sd_residual for part in parts)),
    }
    factors = {}
    for key, total in sums.items():
        wanted = getattr(said, key)
        if total == 0.0 != wanted:
            raise ValueError(f"{key} of {said.outcome!r}: no share of 0 is {wanted:g}")
        factors[key] = wanted / total if total else 1.0
    return [
        part.model_copy(
            update={key: factor * getattr(part, key) for key, factor in factors.items()}
        )
        for part in parts
    ]


def _effects(given: DesignScenario, sign: float, share: float) -> dict[str, Effect]:
    """Return effects by arm on an outcome that has a share of the primary one's."""
    on = sign * share
    effects: dict[str, Effect] = {
        arm: Difference(on * value) for arm, value in given.differences.items()
    }
    effects |= {arm: Ratio(value) for arm, value in given.ratios.items()}
    return effects | {
        arm: DrawnDifference(on * prior.mean, on * prior.sd)
        for arm, prior in given.design_prior.items()
    }


def planned_truth(given: DesignScenario, assumed: AssumedCourse) -> Truth:
    """Return what is true in a scenario.

    Parameters
    ----------
    given : DesignScenario
        As it is configured.
    assumed : AssumedCourse
        What it does not say.

    Returns
    -------
    Truth
        In the units of the outcomes and of the configuration's time.

    Raises
    ------
    ValueError
        If the correlations cannot hold together, or of several outcomes no share makes
        what the scenario says.
    """
    said = _said(given, assumed)
    sign = 1.0 if assumed.better == "higher" else -1.0
    outcomes, shares = [said], [1.0]
    if assumed.outcomes:
        parts = assumed.parts
        scaled = {
            part.outcome: part
            for part in _scaled(said, parts, assumed.correlation_of_slopes)
        }
        outcomes = [scaled.get(one.outcome, one) for one in assumed.outcomes]
        # of no decline nothing is a share, so there it is that of the priors'
        declines = outcomes if said.slope else assumed.outcomes
        whole = said.slope or sum(part.slope for part in parts)
        shares = [one.slope / whole for one in declines]
    truths = tuple(
        OutcomeTruth(
            one.outcome,
            intercept=one.baseline,
            slope=one.slope,
            sd_intercept=one.sd_baseline,
            sd_slope=one.sd_slope,
            sd_residual=one.sd_residual,
            effects=_effects(given, sign, share),
        )
        for one, share in zip(outcomes, shares, strict=True)
    )
    sums = {assumed.outcome: tuple(assumed.sum_of)} if assumed.sum_of else {}
    n = len(truths)
    correlation = _correlations(n, given.correlation, assumed.correlation_of_slopes)
    return Truth(truths, correlation, sums=sums)
