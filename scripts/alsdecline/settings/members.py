"""The members of the family of decline models, by the names that settings give them."""

from typing import Literal

Member = Literal["joint", "single", "ratio", "curved", "robust", "bounded"]

BY_OUTCOME: tuple[Member, ...] = ("single", "ratio", "curved", "robust", "bounded")
"""Those that take one outcome by itself, in the order in which they are shown."""

NOT_GAUSSIAN: tuple[Member, ...] = ("robust", "bounded")
"""Those whose residuals are not normal, and whose patients' effects are parameters."""

HORIZON_MATTERS: tuple[Member, ...] = ("curved", "bounded")
"""Those whose course is no straight line: their mean slope is one to the horizon."""

WORDS: dict[str, str] = {
    "joint": "takes the measured outcomes together",
    "single": "takes each outcome by itself",
    "ratio": "has an arm multiply the patients' slopes in place of adding to them",
    "curved": "lets the patients' courses bend: a term in the square of time, with its "
    "own effect of the arm and its own variation between patients",
    "robust": "has residuals of Student's t, on which single odd values weigh less",
    "bounded": "takes a score as beta-binomial on its scale, with a course that is "
    "straight on the logit scale, and so never leaves floor and ceiling",
}
"""What each does, after 'which' or 'it'."""
