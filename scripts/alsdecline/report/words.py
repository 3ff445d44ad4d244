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


def two_digits(value: float) -> str:
    """Format a number with one decimal, or two digits where it is smaller than 1."""
    small = 0 < abs(value) < 1
    return number(value, 1 - math.floor(math.log10(abs(value))) if small else 1)


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


@dataclasses.dataclass(frozen=True, kw_only=True)
class Estimated:
    """A primary estimate, as sentences need it.

    Attributes
    ----------
    outcome, unit, better : str
        Label of the outcome, its unit, and which direction of its scale is better.
    estimate, lower, upper : float
        Points a month.
    probability : float
        Of what the sentence says.
    level : float
        Probability of the interval.
    """

    outcome: str
    unit: str
    better: str
    estimate: float
    lower: float
    upper: float
    probability: float
    level: float

    @property
    def digits(self) -> int:
        """Decimals that the estimate and its interval are printed with."""
        return digits_for(self.lower, self.upper)

    @property
    def interval(self) -> str:
        """The interval as printed."""
        return interval(self.lower, self.upper, self.digits)

    @property
    def credible(self) -> str:
        """What kind of interval it is."""
        return f"{100 * self.level:g}% credible interval"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Compared(Estimated):
    """A difference in mean slopes between two arms; above 0 is slower worsening.

    Attributes
    ----------
    treated, reference : str
        Labels of the arms.
    """

    treated: str
    reference: str

    def answer(self) -> str:
        """Say the primary result in a sentence with its uncertainty."""
        direction = "more slowly" if self.estimate >= 0 else "faster"
        noun = "decline" if self.better == "higher" else "worsening"
        return (
            f"{self.outcome} {verb(self.better)} by an estimated "
            f"{number(abs(self.estimate), self.digits)} {self.unit} a month "
            f"{direction} on {self.treated} than on {self.reference} "
            f"({self.credible} of the difference {self.interval}; probability that "
            f"{noun} is slower: {percent(self.probability)})."
        )

    def certainty(self) -> str:
        """Say what the interval of the primary difference leaves open."""
        if self.lower > 0:
            return "The whole interval lies on the side of the slower course."
        if self.upper < 0:
            return "The whole interval lies on the side of the faster course."
        return (
            "The interval contains zero: the data and the prior together are "
            f"compatible with a course from {number(-self.lower, self.digits)} "
            f"{self.unit} a month faster to {number(self.upper, self.digits)} slower."
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Course(Estimated):
    """The mean slope of one arm, as the scale runs.

    Attributes
    ----------
    arm : str
        Label of the arm; empty where there is no other.
    """

    arm: str

    def answer(self) -> str:
        """Say the primary result in a sentence with its uncertainty."""
        falls = "declined" if self.better == "higher" else "fell"
        on = f" on {self.arm}" if self.arm else ""
        return (
            f"{self.outcome} {'rose' if self.estimate >= 0 else falls} by an estimated "
            f"{number(abs(self.estimate), self.digits)} {self.unit} a month{on} "
            f"({self.credible} of the mean slope {self.interval}; probability that it "
            f"worsens: {percent(self.probability)})."
        )

    def certainty(self) -> str:
        """Say what the interval of the primary slope leaves open."""
        if self.lower <= 0 <= self.upper:
            return (
                "The interval contains zero: the data and the prior together are "
                "compatible with a course in either direction."
            )
        worse = (self.lower > 0) == (self.better == "lower")
        side = "worsening" if worse else "improvement"
        return f"The whole interval lies on the side of {side}."


def agreement(analyses: Sequence[tuple[str, float, float, float]]) -> str:
    """Compare analyses: the range of estimates, and whose intervals contain zero.

    Parameters
    ----------
    analyses : sequence of (name, estimate, lower, upper)
        Those with bounded intervals.

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


def weight(share: float) -> str:
    """Say how much of an estimate is the data's, as far as a share can tell."""
    return percent(share) if share > 0 else "hardly any"
