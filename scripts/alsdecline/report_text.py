"""What the report says in words, made from the numbers."""

import dataclasses
import math
from collections.abc import Sequence

MINUS = "\N{MINUS SIGN}"
KEEP = "\N{NO-BREAK SPACE}"


def number(value: float | None, digits: int = 2) -> str:
    """Format a number with a true minus sign; a dash where there is none."""
    if value is None or math.isnan(value):
        return "\N{EN DASH}"
    if math.isinf(value):
        return f"{MINUS if value < 0 else ''}\N{INFINITY}"
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def interval(lower: float, upper: float, digits: int = 2) -> str:
    """Format an interval."""
    return f"{number(lower, digits)}{KEEP}to{KEEP}{number(upper, digits)}"


def percent(probability: float | None) -> str:
    """Format a probability in whole percent, never as certainty."""
    if probability is None or math.isnan(probability):
        return "\N{EN DASH}"
    if probability > 0.99:
        return "> 99%"
    return "< 1%" if probability < 0.01 else f"{100 * probability:.0f}%"


def p_value(p: float) -> str:
    """Format a p-value with its sign."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def listed(words: Sequence[str]) -> str:
    """Join words with commas and a last 'and'."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def digits_for(lower: float, upper: float) -> int:
    """Return decimals that show two digits of an interval's width, at least 2."""
    width = upper - lower
    if not math.isfinite(width) or width <= 0:
        return 2
    return max(2, 1 - math.floor(math.log10(width)))


def verb(better: str) -> str:
    """Return how a scale that runs this way moves when patients get worse."""
    return "declined" if better == "higher" else "worsened"


@dataclasses.dataclass(frozen=True)
class Compared:
    """A difference in mean slopes between two arms, as sentences need it.

    Attributes
    ----------
    outcome, unit, treated, reference, better : str
        Labels; and which direction of the scale is better.
    estimate, lower, upper : float
        Points a month; above 0 is slower worsening.
    probability : float
        Of slower worsening.
    level : float
        Probability of the interval.
    """

    outcome: str
    unit: str
    treated: str
    reference: str
    better: str
    estimate: float
    lower: float
    upper: float
    probability: float
    level: float


def answer(primary: Compared) -> str:
    """Say the primary result in a sentence with its uncertainty."""
    direction = "more slowly" if primary.estimate >= 0 else "faster"
    digits = digits_for(primary.lower, primary.upper)
    noun = "decline" if primary.better == "higher" else "worsening"
    return (
        f"{primary.outcome} {verb(primary.better)} by an estimated "
        f"{number(abs(primary.estimate), digits)} {primary.unit} a month {direction} "
        f"on {primary.treated} than on {primary.reference} "
        f"({100 * primary.level:g}% credible interval of the difference "
        f"{interval(primary.lower, primary.upper, digits)}; probability that {noun} is "
        f"slower: {percent(primary.probability)})."
    )


def certainty(primary: Compared) -> str:
    """Say what the interval of the primary difference leaves open."""
    lower, upper, unit = primary.lower, primary.upper, primary.unit
    digits = digits_for(lower, upper)
    if lower > 0:
        return "The whole interval lies on the side of the slower course."
    if upper < 0:
        return "The whole interval lies on the side of the faster course."
    return (
        "The interval contains zero: the data and the prior together are compatible "
        f"with a course from {number(-lower, digits)} {unit} a month faster to "
        f"{number(upper, digits)} slower."
    )


def agreement(analyses: Sequence[tuple[str, float, float, float]]) -> str:
    """Compare analyses: the range of estimates, and whose intervals contain zero.

    Parameters
    ----------
    analyses : sequence of (name, estimate, lower, upper)
        Those with bounded intervals.

    Returns
    -------
    str
    """
    estimates = [estimate for _, estimate, _, _ in analyses]
    spread = interval(min(estimates), max(estimates))
    contain = [name for name, _, low, high in analyses if low <= 0 <= high]
    apart = [name for name, _, low, high in analyses if not low <= 0 <= high]
    if not apart:
        verdict = "all their intervals contain zero."
    elif not contain:
        verdict = "none of their intervals contains zero."
    else:
        does = "does" if len(apart) == 1 else "do"
        verdict = (
            f"the interval of {listed(contain)} contains zero, that of "
            f"{listed(apart)} {does} not: the answer depends on the analysis."
        )
    return f"Their estimates run from {spread}; {verdict}"


def weight(share: float) -> str:
    """Say how much of an estimate is the data's, as far as a share can tell."""
    return percent(share) if share > 0 else "hardly any"
