"""What the report says in words, made from the numbers."""

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
    """Format a p-value."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def listed(words: Sequence[str]) -> str:
    """Join words with commas and a last 'and'."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def answer(
    outcome: str,
    unit: str,
    treated: str,
    reference: str,
    estimate: float,
    limits: tuple[float, float],
    probability: float,
    level: float,
) -> str:
    """Say the primary result in a sentence with its uncertainty.

    Parameters
    ----------
    outcome, unit, treated, reference : str
        Labels.
    estimate : float
        Difference in mean slope, points a month; above 0 is slower decline.
    limits : tuple of float
        Its interval.
    probability : float
        Of slower decline.
    level : float
        Probability of the interval.

    Returns
    -------
    str
    """
    direction = "more slowly" if estimate >= 0 else "faster"
    size = number(abs(estimate))
    return (
        f"{outcome} declined by an estimated {size} {unit} a month {direction} on "
        f"{treated} than on {reference} ({100 * level:g}% credible interval of the "
        f"difference {interval(*limits)}; probability that decline is slower: "
        f"{percent(probability)})."
    )


def certainty(limits: tuple[float, float]) -> str:
    """Say what an interval of a difference leaves open."""
    lower, upper = limits
    if lower > 0:
        return "The interval excludes no difference; all of it is slower decline."
    if upper < 0:
        return "The interval excludes no difference; all of it is faster decline."
    return (
        "The interval includes no difference: the data and the prior together are "
        f"compatible with a decline from {number(-lower)} faster to {number(upper)} "
        "slower a month."
    )


def agreement(intervals: Sequence[tuple[str, float, float]]) -> str:
    """Say whether analyses agree on excluding no difference.

    Parameters
    ----------
    intervals : sequence of (name, lower, upper)
        The analyses.

    Returns
    -------
    str
    """
    excluding = [name for name, low, high in intervals if low > 0 or high < 0]
    including = [name for name, low, high in intervals if low <= 0 <= high]
    if not excluding:
        return "None of the analyses beside each other here excludes no difference."
    if not including:
        return "All of the analyses beside each other here exclude no difference."
    return (
        f"The answer depends on the analysis: {listed(excluding)} "
        f"{'exclude' if len(excluding) > 1 else 'excludes'} no difference, "
        f"{listed(including)} {'do' if len(including) > 1 else 'does'} not."
    )
