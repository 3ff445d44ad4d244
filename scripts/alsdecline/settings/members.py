"""The members of the family of decline models, by the names that settings give them."""

from typing import Literal

Member = Literal["joint", "single", "ratio", "curved", "robust", "bounded"]

BY_OUTCOME: tuple[Member, ...] = ("single", "ratio", "curved", "robust", "bounded")
"""Those that take one outcome by itself, in the order in which they are shown."""

NOT_GAUSSIAN: tuple[Member, ...] = ("robust", "bounded")
"""Those whose residuals are not normal, and whose patients' effects are parameters."""

HORIZON_MATTERS: tuple[Member, ...] = ("curved", "bounded")
"""Those whose course is no straight line: their mean slope is one to the horizon."""
