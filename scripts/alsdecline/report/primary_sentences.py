"""The primary result in sentences that follow the directions of scale and courses."""

import dataclasses
from typing import Literal

from alsdecline.report.words import interval, number, percent

Way = Literal["worsening", "steady", "improving"]
"""How a course went; steady where the interval of its slope contains zero."""


NOUNS = {"higher": "decline", "lower": "worsening"}
"""What a course for the worse is called, by which direction of a scale is better."""


@dataclasses.dataclass(frozen=True)
class MeanSlope:
    """The mean slope of an arm.

    Attributes
    ----------
    arm : str
        Its label; empty where there is no other.
    estimate, lower, upper : float
        As the scale runs.
    """

    arm: str
    estimate: float
    lower: float
    upper: float


@dataclasses.dataclass(frozen=True)
class Digits:
    """Decimals that an estimate and the ends of its interval are printed with."""

    estimate: int
    lower: int
    upper: int


def way_of(slope: MeanSlope, better: str) -> Way:
    """Tell how a course went on a scale on which this direction is better."""
    if slope.lower <= 0 <= slope.upper:
        return "steady"
    return "improving" if (slope.lower > 0) == (better == "higher") else "worsening"


def _verb(way: Way, better: str) -> str:
    return {
        "worsening": "declined" if better == "higher" else "worsened",
        "steady": "did not clearly change",
        "improving": "improved",
    }[way]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Estimated:
    """A primary estimate, as sentences need it.

    Attributes
    ----------
    outcome, unit, better : str
        Label of the outcome, its unit, and which direction of its scale is better.
    per : str
        Unit of time that slopes are per.
    estimate, lower, upper : float
        In units of the outcome a unit of time.
    probability : float
        Of a better course on the treated arm; of one arm's slope, that it worsens.
    level : float
        Probability of the interval.
    digits : Digits
        Of the three numbers.
    """

    outcome: str
    unit: str
    per: str
    better: str
    estimate: float
    lower: float
    upper: float
    probability: float
    level: float
    digits: Digits

    @property
    def rate(self) -> str:
        """What slopes are in."""
        return f"{self.unit} a {self.per}"

    @property
    def size(self) -> str:
        """The estimate as printed, without its sign."""
        return number(abs(self.estimate), self.digits.estimate)

    @property
    def interval(self) -> str:
        """The interval as printed."""
        digits = (self.digits.lower, self.digits.upper)
        return interval(self.lower, self.upper, digits)

    @property
    def credible(self) -> str:
        """What kind of interval it is."""
        return f"{100 * self.level:g}% credible interval"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Compared(Estimated):
    """A difference in mean slopes between two arms; above 0 is a better course.

    Attributes
    ----------
    treated, reference : MeanSlope
        The arms.
    """

    treated: MeanSlope
    reference: MeanSlope

    @property
    def ways(self) -> tuple[Way, Way]:
        """How the treated and the reference arm went."""
        return way_of(self.treated, self.better), way_of(self.reference, self.better)

    @property
    def side_words(self) -> tuple[str, str]:
        """What a difference above zero is, and one below."""
        if self.ways == ("worsening", "worsening"):
            return "slower", "faster"
        if self.ways == ("improving", "improving"):
            return "faster", "slower"
        return "better", "worse"

    @property
    def sides(self) -> tuple[str, str]:
        """What a difference below zero means, and one above."""
        above, below = self.side_words
        nouns = {
            ("worsening", "worsening"): NOUNS[self.better],
            ("improving", "improving"): "improvement",
        }
        noun = nouns.get(self.ways, "")
        return f"{below} {noun}".strip(), f"{above} {noun}".strip()

    @property
    def above_zero(self) -> str:
        """What a difference above zero means."""
        return self.sides[1]

    @property
    def turned(self) -> bool:
        """Whether the sentence has the contrary of what the probability is of."""
        return self.estimate < 0

    def _probability(self, noun: str) -> str:
        """Say the probability of the direction that the sentence names."""
        above, below = self.side_words
        favours = not self.turned
        probability = self.probability if favours else 1 - self.probability
        return (
            f"({self.credible} of the difference {self.interval}; probability that "
            f"{noun} is {above if favours else below}: {percent(probability)})."
        )

    def answer(self) -> str:
        """Say the primary result in a sentence with its uncertainty."""
        treated, reference = self.treated.arm, self.reference.arm
        ways, favours = self.ways, self.estimate >= 0
        if ways[0] == ways[1] != "steady":
            worse = ways[0] == "worsening"
            manner = "more slowly" if favours == worse else "faster"
            noun = NOUNS[self.better] if worse else "improvement"
            return (
                f"{self.outcome} {_verb(ways[0], self.better)} by an estimated "
                f"{self.size} {self.rate} {manner} on {treated} than on "
                f"{reference} {self._probability(noun)}"
            )
        if ways[0] == ways[1]:
            courses = f"did not clearly change on {treated} or on {reference}"
        else:
            did = [_verb(way, self.better) for way in ways]
            courses = f"{did[0]} on {treated} and {did[1]} on {reference}"
        side = "better" if favours else "worse"
        return (
            f"{self.outcome} {courses}: by an estimated {self.size} {self.rate} "
            f"the course was {side} on {treated} "
            f"{self._probability('it')}"
        )

    def certainty(self) -> str:
        """Say what the interval of the primary difference leaves open."""
        above, below = self.side_words
        if self.lower > 0 or self.upper < 0:
            side = above if self.lower > 0 else below
            what = "improvement" if self.ways == ("improving",) * 2 else "course"
            return f"The whole interval lies on the side of the {side} {what}."
        what = "an improvement" if self.ways == ("improving",) * 2 else "a course"
        return (
            "The interval contains zero: the data and the prior together are "
            f"compatible with {what} from {number(-self.lower, self.digits.lower)} "
            f"{self.rate} {below} to "
            f"{number(self.upper, self.digits.upper)} {above}."
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

    @property
    def sides(self) -> tuple[str, str]:
        """What a slope below zero means, and one above."""
        words = ("worsening", "improvement")
        return words if self.better == "higher" else (words[1], words[0])

    @property
    def turned(self) -> bool:
        """Whether the sentence has the contrary of what the probability is of."""
        return (self.estimate < 0) != (self.better == "higher")

    def answer(self) -> str:
        """Say the primary result in a sentence with its uncertainty."""
        falls = "declined" if self.better == "higher" else "fell"
        on = f" on {self.arm}" if self.arm else ""
        worse = not self.turned
        probability = self.probability if worse else 1 - self.probability
        return (
            f"{self.outcome} {'rose' if self.estimate >= 0 else falls} by an estimated "
            f"{self.size} {self.rate}{on} "
            f"({self.credible} of the mean slope {self.interval}; probability that it "
            f"{'worsens' if worse else 'improves'}: {percent(probability)})."
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
