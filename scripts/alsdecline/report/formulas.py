"""The models as formulas, written from their declaration: what each has, and no more.

What a model is stands in :mod:`alsdecline.models.structure` and, for the members that
are not Gaussian, in :mod:`alsdecline.models.explicit.declaration`. Patient i, outcome
k where there are several, value j at the time t.
"""

import dataclasses

from markupsafe import Markup

from alsdecline.models.structure import Structure
from alsdecline.report.plan import ReportPlan
from alsdecline.report.words import listed
from alsdecline.settings.members import FAMILY, Member

FIXED = {
    "intercept": "a",
    "slope": "b",
    "curvature": "c",
    "effect": "d",
    "effect_curvature": "f",
    "covariate": "\N{GREEK SMALL LETTER GAMMA}",
    "covariate_slope": "\N{GREEK SMALL LETTER DELTA}",
}
"""Symbols of the fixed effects, by the names of their parameters."""

OWN = {"intercept": "u", "slope": "v", "curvature": "w"}
"""Symbols of what is a patient's own, by the coefficient that it is added to."""

BETWEEN = "\N{GREEK SMALL LETTER TAU}"
WITHIN = "\N{GREEK SMALL LETTER SIGMA}"
RATIO = "\N{GREEK SMALL LETTER THETA}"
SD_RATIO = "\N{GREEK SMALL LETTER LAMDA}"
FREEDOM = "\N{GREEK SMALL LETTER NU}"
OVERDISPERSION = "\N{GREEK SMALL LETTER OMEGA}"
CONCENTRATION = "\N{GREEK SMALL LETTER PHI}"

MEANINGS = {
    FIXED["intercept"]: "mean at time zero",
    FIXED["slope"]: "mean slope on {reference}",
    FIXED["curvature"]: "mean term in the square of time on {reference}",
    FIXED["effect"]: "difference in mean slope of the patient's arm, 0 on {reference}",
    FIXED["effect_curvature"]: "the same in the term in the square of time",
    FIXED["covariate"]: "effect of a covariate on the value at time zero",
    FIXED["covariate_slope"]: "effect of a covariate on the slope",
    RATIO: "logarithm of the factor of the patient's arm, 0 on {reference}",
    "x": "a covariate less its mean, or whether the patient has a level of it",
    "u, v": "what is the patient's own in intercept and slope",
    "u, v, w": "what is the patient's own in intercept, slope and the last term",
    BETWEEN: "their SDs between patients",
    "R": "their correlations{over}",
    WITHIN: "residual SD",
    SD_RATIO: "logarithms of the factors of SDs of the patient's arm, 0 on {reference}",
    FREEDOM: "degrees of freedom; the residual scale is then not the SD",
    "n": "maximum of the scale",
    "q": "the mean share of it",
    OVERDISPERSION: "overdispersion",
    "t": "time since {origin}, in {unit}",
}
"""What each symbol is, where a model has it."""


def _symbol(letter: str, index: str = "") -> Markup:
    below = Markup("<sub>{}</sub>").format(index) if index else ""
    return Markup("<i>{}</i>{}").format(letter, below)


@dataclasses.dataclass(frozen=True)
class Formulas:
    """A model as formulas.

    Attributes
    ----------
    model : str
        Its name.
    of : str
        The outcomes it is fitted to, as they are labelled.
    lines : list of Markup
        Its formulas: likelihood, then what is the patient's own.
    meanings : list of tuple
        Symbols that they have, each with what it is.
    sums : str
        Which outcomes are sums of its own; empty for none.
    """

    model: str
    of: str
    lines: list[Markup]
    meanings: list[tuple[Markup, str]]
    sums: str = ""


class _Writer:
    """Writes the formulas of one structure, and notes which symbols they have."""

    def __init__(self, structure: Structure, member: Member) -> None:
        self.structure = structure
        self.member = member
        self.k = "k" if len(structure.outcomes) > 1 else ""
        self.used: list[str] = []

    def symbol(self, letter: str, index: str = "", power: str = "") -> Markup:
        """Write a symbol, and note that it is used."""
        if letter not in self.used:
            self.used.append(letter)
        above = Markup("<sup>{}</sup>").format(power) if power else ""
        return _symbol(letter, index) + above

    @property
    def differs(self) -> bool:
        """Whether there are arms, and SDs differ between them."""
        return self.structure.variances_by_arm and bool(self.structure.arms)

    @property
    def arm(self) -> str:
        """The index of the patient's arm, of one outcome of several."""
        return f"{self.k},arm(i)" if self.k else "arm(i)"

    def coefficient(self, number: int) -> Markup:
        """Write one coefficient of a patient: all that is added up in it."""
        structure = self.structure
        names = dict.fromkeys(
            term.name.partition("[")[0]
            for term in structure.terms_of(0)
            if term.coefficient == number
        )
        parts = []
        for name in names:
            letter = FIXED[name]
            if name.startswith("covariate"):
                index = f"{self.k},c" if self.k else "c"
                of = self.symbol(letter, index) + " " + self.symbol("x", "i,c")
                parts.append(
                    Markup("\N{N-ARY SUMMATION}<sub>c</sub>") + " " + Markup(of)
                )
            elif name.startswith("effect"):
                parts.append(self.symbol(letter, self.arm))
            else:
                parts.append(self.symbol(letter, self.k))
        own = OWN[structure.coefficients[number]]
        parts.append(_symbol(own, f"i{self.k}"))
        whole = Markup("(") + Markup(" + ").join(parts) + Markup(")")
        if structure.ratio and structure.arms and number > 0:
            whole += Markup(" exp(") + self.symbol(RATIO, self.arm) + Markup(")")
        return whole

    def course(self) -> Markup:
        """Write the course of a patient."""
        index = f"i{self.k}j"
        times = (
            Markup(""),
            " " + self.symbol("t", index),
            " " + self.symbol("t", index, "2"),
        )
        return Markup(" + ").join(
            self.coefficient(number) + times[number]
            for number in range(self.structure.n_coefficients)
        )

    def residual_sd(self) -> Markup:
        """Write the SD of the residuals."""
        written = self.symbol(WITHIN, self.k)
        if self.differs:
            index = f"e,{self.arm}"
            written += Markup(" exp(") + self.symbol(SD_RATIO, index) + Markup(")")
        return written

    def likelihood(self) -> list[Markup]:
        """Write how values lie about the courses."""
        index = f"i{self.k}j"
        value, error = _symbol("y", index), _symbol("e", index)
        if self.member.bounded:
            top, share = self.symbol("n", self.k), self.symbol("q", index)
            phi = _symbol(CONCENTRATION, self.k)
            d = self.symbol(OVERDISPERSION, self.k, "\N{MINUS SIGN}2")
            return [
                Markup(
                    "{} ~ Beta-binomial({}, {} {}, (1 \N{MINUS SIGN} {}) {})"
                ).format(value, top, share, phi, share, phi),
                Markup("{} = {}").format(phi, d),
                Markup("logit({}) = {}").format(share, self.course()),
            ]
        course = Markup("{} = {} + {}").format(value, self.course(), error)
        if self.member.gaussian:
            square = Markup("<sup>2</sup>")
            sd = self.residual_sd()
            if self.differs:
                sd = Markup("[{}]").format(sd)
            return [course, Markup("{} ~ Normal(0, {}{})").format(error, sd, square)]
        nu = self.symbol(FREEDOM, self.k)
        scaled = Markup("{} / {} ~ Student-t({})").format(error, self.residual_sd(), nu)
        return [course, scaled]

    def own(self) -> list[Markup]:
        """Write how what is the patients' own is distributed."""
        letters = [OWN[name] for name in self.structure.coefficients]
        vector = Markup(", ").join(_symbol(one, "i") for one in letters)
        self.used.append(", ".join(letters))
        lines = [
            Markup("({}) ~ Normal(0, diag({t}) {r} diag({t}))").format(
                vector, t=self.symbol(BETWEEN), r=self.symbol("R")
            )
        ]
        if self.differs:
            for letter in letters[1:]:
                index = f"{letter},{self.k}" if self.k else letter
                lines.append(
                    Markup("SD of {}: {} exp({})").format(
                        _symbol(letter, f"i{self.k}"),
                        self.symbol(BETWEEN, index),
                        self.symbol(SD_RATIO, f"{letter},{self.arm}"),
                    )
                )
        return lines


def formulas_of(structure: Structure, member: Member) -> tuple[list[Markup], list[str]]:
    """Write a model as formulas.

    Parameters
    ----------
    structure : Structure
        Outcomes, arms, covariates and time, as the model takes them.
    member : Member
        Which member of the family it is.

    Returns
    -------
    tuple
        The formulas as HTML, and the symbols that they have, in their order.
    """
    writer = _Writer(structure, member)
    lines = [*writer.likelihood(), *writer.own()]
    return lines, writer.used


def _structure(plan: ReportPlan, model: str, outcomes: list[str]) -> Structure:
    member = FAMILY[model]
    return Structure(
        tuple(outcomes) if member.together else tuple(outcomes[:1]),
        plan.arms.reference,
        tuple(plan.fit.arms),
        tuple(one.column for one in plan.models.covariates),
        curved=member.squared_time,
        ratio=member.arms_multiply,
        variances_by_arm=plan.models.variances_by_arm and member.gaussian,
    )


def model_formulas(plan: ReportPlan) -> list[Formulas]:
    """Write each model that is fitted as formulas, the primary one first.

    Parameters
    ----------
    plan : ReportPlan
        What the report states of the settings.

    Returns
    -------
    list of Formulas
    """
    labels = {outcome.id: outcome.label for outcome in plan.outcomes}
    reference = "the arm" if plan.alone else plan.arm_labels[plan.arms.reference]
    words = {
        "over": "",
        "reference": reference,
        "origin": plan.time_origin.replace("_", " "),
        "unit": plan.time_unit,
    }
    found = []
    for model, outcomes in plan.models.by_member.items():
        if not outcomes:
            continue
        structure = _structure(plan, model, outcomes)
        lines, used = formulas_of(structure, FAMILY[model])
        words["over"] = ", over all outcomes" if len(structure.outcomes) > 1 else ""
        meanings = [
            (
                Markup(", ").join(_symbol(s) for s in one.split(", ")),
                said.format(**words),
            )
            for one, said in MEANINGS.items()
            if one in used
        ]
        sums = plan.fit.sums if model == plan.fit.model else []
        total = "; ".join(
            f"{labels[one.id]} = {' + '.join(labels[part] for part in one.parts)}"
            for one in sums
        )
        of = listed([labels[one] for one in outcomes])
        found.append(Formulas(model, of, lines, meanings, total))
    return sorted(found, key=lambda one: one.model != plan.fit.model)
