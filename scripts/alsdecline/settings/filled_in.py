"""What a configuration may leave out, and what stands there then.

The settings themselves are complete and strict; whoever uses them asks for no default.
What a person leaves out is filled in before they are checked, by
:mod:`alsdecline.settings.completion`, with a word on where each value came from.
"""

import copy
import dataclasses
from collections.abc import Mapping
from typing import Any

from alsdecline.plain_yaml import Location

PROPOSED = "proposed"
"""The source of a prior that nobody has confirmed: first word of its basis."""

FIXED: dict[str, dict[str, Any]] = {
    "sampler": {
        "chains": 4,
        "tune": 1000,
        "draws": 4000,
        "target_accept": 0.9,
        "retry_target_accept": 0.99,
        "seed": 1,
    },
    "gates": {
        "r_hat": 1.01,
        "ess": 400,
        "divergences": 0,
        "e_bfmi": 0.3,
    },
    "summaries": {
        "interval": 0.95,
        "ratio_thresholds": [0.9, 0.75],
        "ratio_needs_decline": 0.99,
    },
    "figures": {"formats": ["svg", "png"], "width_inches": 8, "dpi": 150},
}
"""Sections of which every key has a value that suits any trial."""

CORRELATION_LKJ = 2

ALTERNATIVES: dict[str, dict[str, float]] = {
    "weak": {"effect": 10},
    "sceptical": {"effect": 0.333},
    "diffuse": {
        "baseline": 10,
        "slope": 10,
        "effect": 10,
        "between": 3,
        "residual": 3,
    },
}
ALTERNATIVES_OF_ONE_ARM: dict[str, dict[str, float]] = {
    "weak": {"slope": 10},
    "diffuse": {"baseline": 10, "slope": 10, "between": 3, "residual": 3},
}

EVENTS = [
    {"event": "any but death", "strategy": "treatment policy"},
    {"event": "death", "strategy": "while alive"},
]
"""What is carried out where an estimand says nothing of events."""

_PROPOSED = "proposed from baseline values"
_DESIGN = "the median of its prior"

FILLED_IN: dict[str, str] = {
    "Settings.visits": "from the visits file",
    "Settings.time_origin": "randomisation with dates, else baseline",
    "Settings.estimands": "one: the first outcome's slope",
    "Settings.primary": "the first estimand",
    "Settings.models": "single: all outcomes",
    "Settings.priors": "proposed",
    "Settings.sampler": "as below",
    "Settings.gates": "as below",
    "Settings.summaries": "as below",
    "Settings.figures": "as below",
    "Settings.design": "from the priors",
    "Trial.title": "the id",
    "Data.subjects": "the visits file",
    "Data.visits": "the subjects file",
    "Subjects.file": "that of the visits",
    "Subjects.one_row_a_patient": "true; false of the file of the visits",
    "VisitsTable.file": "that of the subjects",
    "VisitsTable.time": "the first of these that the file has",
    "Arms.reference": "the arm, where there is one alone",
    "Arm.label": "the id",
    "Scale.name": "the outcome's label",
    "Scale.unit": "points",
    "Scale.source": "config.yaml",
    "Outcome.label": "the id",
    "Outcome.parameter": "the id",
    "Outcome.scale": "the id, if `scales` has it",
    "Outcome.column": "the id, without `items` and `sum_of`",
    "Visits.window_days": "half the shortest interval, with dates",
    "Estimand.label": "of outcome and summary",
    "Estimand.treatment": "the one arm that is compared",
    "Estimand.intercurrent_events": "treatment policy; while alive of death",
    "Estimand.summary": "slope_difference; mean_slope of one arm",
    "Estimand.model": "the first that gives the outcome",
    "Priors.correlation_lkj": f"{CORRELATION_LKJ}",
    "Priors.outcomes": _PROPOSED,
    "Priors.alternatives": ", ".join(ALTERNATIVES),
    **{
        f"OutcomePriors.{key}": _PROPOSED
        for key in (
            "baseline",
            "slope",
            "effect_sd",
            "sd_baseline",
            "sd_slope",
            "sd_residual",
        )
    },
    **{f"Design.{key}": _DESIGN for key in ("sd_slope", "sd_residual", "effect")},
    **{
        f"{section.capitalize()}.{key}": str(value)
        for section, values in FIXED.items()
        for key, value in values.items()
    },
}
"""Keys that may be left out, ``Section.key``, and in short what is filled in."""


@dataclasses.dataclass
class Filled:
    """A configuration that is being completed.

    Attributes
    ----------
    content : dict
        A copy of what was written, with what is filled in.
    origins : dict of Location to str
        Where each value that is filled in came from; of a mapping all that is in it.
    faults : list of tuple of Location and str
        What cannot be filled in, and why.
    """

    content: dict[str, Any]
    origins: dict[Location, str] = dataclasses.field(default_factory=dict)
    faults: list[tuple[Location, str]] = dataclasses.field(default_factory=list)

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> "Filled":
        """Begin with what was written."""
        return cls(copy.deepcopy(dict(written)))

    def at(self, *location: str | int) -> Any:
        """Return what stands somewhere; None where nothing does."""
        part: Any = self.content
        for key in location:
            if isinstance(part, dict):
                part = part.get(key)
            elif isinstance(part, list) and isinstance(key, int) and key < len(part):
                part = part[key]
            else:
                return None
        return part

    def fill(self, location: Location, value: Any, origin: str) -> None:
        """Put a value where there is none, and keep where it came from."""
        part: Any = self.content
        for key in location[:-1]:
            if isinstance(part, dict) and part.get(key) is None:
                part[key] = {}
            part = part[key]
        if not isinstance(part, dict) or part.get(location[-1]) is not None:
            return
        part[location[-1]] = copy.deepcopy(value)
        self.origins[location] = origin

    def refuse(self, location: Location, why: str) -> None:
        """Say what cannot be filled in."""
        self.faults.append((location, why))
