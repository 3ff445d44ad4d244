"""Priors that are proposed where a configuration gives none.

They rest on what is known before the trial's outcomes are: the catalogue's slope of a
scale in the trial's disease, and else the spread of the baseline values. What nobody
has confirmed with a source of its own is marked by the first word of its source.
"""

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

import pydantic

from alsdecline.settings.filled_in import PROPOSED
from alsdecline.settings.models import Basis
from alsdecline.time_units import DAYS_PER, DAYS_PER_MONTH, TimeUnit, singular

BASELINE_MEAN = 2.5
"""Baseline SDs that the prior of the mean at time zero has as its own, so that it is
weak although it is centred at the data (the scaling of rstanarm's default priors)."""

BETWEEN = 1.5
"""Times an SD that the half-normal prior of an SD between patients has as its scale:
with the plain SD it pulls the SD down, and intervals cover too little."""

SHARE_OF_SLOPE = 0.5
"""SD of the prior of a mean slope that the catalogue has, of that slope: an assumption
on how far populations differ."""

MEDIAN_OF_HALF_NORMAL = statistics.NormalDist().inv_cdf(0.75)

FEWEST = 3
"""Baseline values without which no SD is taken."""


class KnownSlope(pydantic.BaseModel):
    """What is known of a scale's slope in a disease, per month."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    mean: float
    sd_slope: float | None = None
    sd_residual: float | None = None
    source: str


def is_proposed(basis: Basis) -> bool:
    """Tell whether a prior rests on nothing but its proposal."""
    first = basis.source.split(maxsplit=1)[:1]
    return bool(first) and first[0].rstrip(":;,.").casefold() == PROPOSED


def rounded(value: float, digits: int = 2) -> float | int:
    """Round to significant digits, so that a corrected value seldom moves it."""
    if not value:
        return 0
    found = round(value, digits - 1 - math.floor(math.log10(abs(value))))
    return int(found) if found == int(found) else found


def no_spread(values: Sequence[float]) -> str:
    """Say why baseline values have no SD to go by; empty where they have."""
    if len(values) < FEWEST:
        return f"{len(values)} of its baseline values can be read, {FEWEST} are needed"
    if rounded(statistics.stdev(values)) == 0:
        return "all of its baseline values are the same"
    return ""


def proposed_priors(
    values: Sequence[float],
    duration: float,
    unit: TimeUnit,
    known: KnownSlope | None,
    given: Mapping[str, Any],
) -> dict[str, tuple[Any, str]]:
    """Propose the priors of an outcome.

    Parameters
    ----------
    values : sequence of float
        Its baseline values, one a patient, of all arms.
    duration : float
        From time zero to the last scheduled visit.
    unit : str
        The unit of time that slopes are per, and in which `duration` is.
    known : KnownSlope or None
        What the catalogue has of its slope.
    given : mapping
        What the configuration gives of its priors.

    Returns
    -------
    dict of str to tuple of object and str
        Value and reason by key, also of the keys that are given.
    """
    sd = statistics.stdev(values)
    mean = statistics.fmean(values)
    a_unit = f"a {singular(unit)}"
    spread = f"SD {sd:.3g} of {len(values)} baseline values"
    s = sd / duration
    s_is = f"s, the {spread} / {duration:.3g} {unit} planned"
    proposed: dict[str, tuple[Any, str]] = {
        "baseline": (
            {"mean": rounded(mean, 3), "sd": rounded(BASELINE_MEAN * sd)},
            f"Their mean, and {BASELINE_MEAN:g} times the {spread}.",
        ),
        "slope": ({"mean": 0, "sd": rounded(s)}, f"Normal(0, s) {a_unit}; {s_is}."),
        "sd_baseline": (rounded(BETWEEN * sd), f"{BETWEEN:g} times the {spread}."),
        "sd_slope": (rounded(BETWEEN * s), f"{BETWEEN:g} times {s_is}."),
        "sd_residual": (rounded(sd), f"The {spread}."),
    }
    if known is not None:
        proposed |= _known(known, DAYS_PER[unit] / DAYS_PER_MONTH)
    slope = given.get("slope") or proposed["slope"][0]
    effect = max(abs(float(slope["mean"])), float(slope["sd"]))
    proposed["effect_sd"] = (
        rounded(effect),
        "The size of the mean slope, or the SD of its prior where that is larger.",
    )
    if known is None and "slope" not in given:
        proposed["effect_sd"] = (rounded(s), f"Normal(0, s) {a_unit}; {s_is}.")
    return proposed


def _known(known: KnownSlope, months: float) -> dict[str, tuple[Any, str]]:
    """Return the priors that follow from the catalogue, per `months` months."""
    mean = known.mean * months
    share = f"{SHARE_OF_SLOPE:.0%} of it as SD, an assumption"
    found: dict[str, tuple[Any, str]] = {
        "slope": (
            {"mean": rounded(mean, 3), "sd": rounded(SHARE_OF_SLOPE * abs(mean))},
            f"The catalogue's mean slope ({known.source}); {share}.",
        )
    }
    for key, value, per in (
        ("sd_slope", known.sd_slope, months),
        ("sd_residual", known.sd_residual, 1.0),
    ):
        if value is not None:
            reason = f"{BETWEEN:g} times the catalogue's SD ({known.source})."
            found[key] = (rounded(BETWEEN * value * per, 3), reason)
    return found


def proposed_design(prior: Mapping[str, Any]) -> dict[str, float | int]:
    """Return what the design assumes: medians of the priors of the primary outcome."""
    medians = {
        "sd_slope": prior["sd_slope"],
        "sd_residual": prior["sd_residual"],
        "effect": prior["effect_sd"],
    }
    return {
        key: rounded(MEDIAN_OF_HALF_NORMAL * float(scale))
        for key, scale in medians.items()
    }
