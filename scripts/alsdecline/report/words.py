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


def two_digits(value: float) -> str:
    """Format a number with one decimal, or two digits where it is smaller than 1."""
    small = 0 < abs(value) < 1
    return number(value, 1 - math.floor(math.log10(abs(value))) if small else 1)


def interval(lower: float, upper: float, digits: int | tuple[int, int] = 2) -> str:
    """Format an interval, its ends with decimals of their own if two are given."""
    low, high = (digits, digits) if isinstance(digits, int) else digits
    return f"{number(lower, low)}{KEEP}to{KEEP}{number(upper, high)}"


def counted(n: float, one: str, several: str = "") -> str:
    """Return a count with its noun; where there are several, with an s unless told."""
    return f"{n:.0f} {one if n == 1 else several or f'{one}s'}"


def percent(probability: float | None) -> str:
    """Format a probability in whole percent, never as certainty."""
    if probability is None or math.isnan(probability):
        return "\N{EN DASH}"
    if probability > 0.99:
        return "> 99%"
    return "< 1%" if probability < 0.01 else f"{100 * probability:.0f}%"


def whole_percent(share: float) -> str:
    """Format a percentage of a count without decimals; some is not none, nor all.

    Parameters
    ----------
    share : float
        From 0 to 100.
    """
    if 0 < share < 0.5:
        return "< 1%"
    return "> 99%" if 99.5 < share < 100 else f"{share:.0f}%"


def p_value(p: float) -> str:
    """Format a p-value with its sign."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def listed(words: Sequence[str]) -> str:
    """Join words with commas and a last 'and'."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def places(error: float) -> int:
    """Return decimals up to the leading digit of a Monte Carlo standard error."""
    return max(0, -math.floor(math.log10(error)))


def digits_for(lower: float, upper: float) -> int:
    """Return decimals that show two digits of an interval's width, at least 2."""
    width = upper - lower
    if not math.isfinite(width) or width <= 0:
        return 2
    return max(2, 1 - math.floor(math.log10(width)))


def agreement(analyses: Sequence[tuple[str, float, float, float]]) -> str:
    """Compare analyses: the range of estimates, and whose intervals contain zero.

    Parameters
    ----------
    analyses : sequence of (name, estimate, lower, upper)
        All that are shown; ends may be infinite.

    Returns
    -------
    str
        Empty where there are not two of them.
    """
    if len(analyses) < 2:
        return ""
    estimates = [estimate for _, estimate, _, _ in analyses]
    low, high = number(min(estimates)), number(max(estimates))
    spread = (
        f"Their estimates are {low}"
        if low == high
        else f"Their estimates run from {interval(min(estimates), max(estimates))}"
    )
    contain = [name for name, _, low, high in analyses if low <= 0 <= high]
    apart = [name for name, _, low, high in analyses if not low <= 0 <= high]
    two = len(analyses) == 2
    if not apart:
        verdict = f"{'both' if two else 'all'} their intervals contain zero."
    elif not contain:
        verdict = f"{'neither' if two else 'none'} of their intervals contains zero."
    else:
        does = "does" if len(apart) == 1 else "do"
        verdict = (
            f"the interval of {listed(contain)} contains zero, that of "
            f"{listed(apart)} {does} not: the answer depends on the analysis."
        )
    return f"{spread}; {verdict}"
