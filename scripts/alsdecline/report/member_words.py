"""What the report says of each member of the family, a member an entry.

What a member is stands in :mod:`alsdecline.settings.members`, which fits depend on and
no words.
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class PriorWords:
    """A prior that one member alone has.

    Attributes
    ----------
    of, distribution : str
        What it is of, and which it is; the latter may name the setting's value.
    setting : str
        The key of the outcome's priors that it has its value from; none is fixed.
    """

    of: str
    distribution: str
    setting: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class MemberWords:
    """A member in words.

    Attributes
    ----------
    does : str
        What it does, after 'which' or 'it'.
    course : str
        What course it gives the patients, and what of it varies, before 'between
        patients'; ``{origin}`` is what time is counted from.
    arms : str
        How arms differ, after 'the arms share the mean at time zero and'.
    residuals : str
        How values lie about the courses.
    terms : str
        The patients' own terms.
    priors : tuple of PriorWords
        Of an outcome, beside those of all members.
    on_priors, on_comparison : str
        Sentences, if any, beside the priors, and on its predictive density.
    on_small_variation : str
        Sentence, if any, on values that vary less about the patients' courses than it
        has them vary; 'Here they do' may follow.
    """

    does: str
    course: str = (
        "Every patient's values follow a straight line in time from {origin}. "
        "Intercepts and slopes vary"
    )
    arms: str = "differ in the mean slope"
    residuals: str = "residuals are normal and independent"
    terms: str = "intercepts and slopes"
    priors: tuple[PriorWords, ...] = ()
    on_priors: str = ""
    on_comparison: str = ""
    on_small_variation: str = ""


WORDS = {
    "joint": MemberWords(
        does="takes the measured outcomes together",
        residuals="residuals are normal and independent, also between outcomes",
    ),
    "single": MemberWords(does="takes each outcome by itself"),
    "ratio": MemberWords(
        does="has an arm multiply the patients' slopes in place of adding to them",
        arms="differ by the factor that multiplies their patients' slopes",
        priors=(PriorWords("log ratio", "Normal(0, {:g})", "log_ratio_sd"),),
    ),
    "curved": MemberWords(
        does="lets the patients' courses bend: a term in the square of time, with its "
        "own effect of the arm and its own variation between patients",
        course="Every patient's values follow a parabola in time from {origin}. "
        "Intercepts, slopes and the terms in the square of time vary",
        arms="differ in the means of the other terms",
        terms="intercepts, slopes and terms in the square of time",
        priors=(
            PriorWords(
                "term in the square of time, and each difference in it",
                "Normal(0, {:g})",
                "curvature_sd",
            ),
            PriorWords("its SD between patients", "Half-normal({:g})", "sd_curvature"),
        ),
    ),
    "robust": MemberWords(
        does="has residuals of Student's t, on which single odd values weigh less",
        residuals="residuals have Student's t distribution and are independent",
        priors=(PriorWords("degrees of freedom", "Gamma(2, 0.1), above 2"),),
    ),
    "bounded": MemberWords(
        does="takes a score as beta-binomial on its scale, with a course that is "
        "straight on the logit scale, and so never leaves floor and ceiling",
        course="Every patient's score is beta-binomial from 0 to the maximum of the "
        "scale; the logit of its mean share follows a straight line in time from "
        "{origin}. Intercepts and slopes of these lines vary",
        arms="differ in the mean slope of the logit",
        residuals="values are independent given these lines",
        on_priors="Priors of the bounded model are the same in points, carried to "
        "logits at the prior mean at time zero.",
        on_comparison="Of the bounded model it is a probability of whole points, of "
        "the others a density, which for whole points is about the same.",
        on_small_variation="A beta-binomial score cannot vary less about a patient's "
        "course than a binomial one: where values vary less, the intervals of the "
        "bounded model are too wide.",
    ),
}
"""By the members' names."""
