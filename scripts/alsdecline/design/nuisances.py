"""What happens to the data of a simulated trial outside the model; each can be off."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Departure:
    """An event after which a patient has no more visits.

    Attributes
    ----------
    hazard : float
        Constant hazard per unit of time, of a patient whose slope is the mean one
        without effect; 0 is off.
    hazard_ratios : mapping of str to float
        By outcome: factor on the hazard for each SD between patients by which a
        patient's own slope over all visits, effect and all, lies below that mean. None
        where it does not depend on the course.
    """

    hazard: float = 0.0
    hazard_ratios: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse negative hazards."""
        if not self.hazard >= 0.0 or min(self.hazard_ratios.values(), default=1) <= 0:
            raise ValueError(f"hazard {self.hazard} at least 0, its ratios above 0")


@dataclass(frozen=True, slots=True)
class Items:
    """An outcome that is the sum of items, each rated in whole points.

    Attributes
    ----------
    number : int
        Items.
    points : int
        Most points of each; the least is 0.
    sd_patient : float
        SD of an item's lasting deviation from the mean of the patient's items, points.
    sd_visit : float
        SD of its deviation at a visit, points.
    """

    number: int
    points: int
    sd_patient: float = 0.0
    sd_visit: float = 0.0


@dataclass(frozen=True, slots=True)
class Recording:
    """How one outcome is recorded.

    Attributes
    ----------
    step : float
        Recorded as the nearest multiple of it; 0 is off.
    floor, ceiling : float
        A value beyond is recorded as this.
    items : Items or None
        None where the outcome has none.
    """

    step: float = 0.0
    floor: float = -math.inf
    ceiling: float = math.inf
    items: Items | None = None


@dataclass(frozen=True, slots=True)
class Nuisances:
    """What happens to the data; by default nothing.

    Attributes
    ----------
    withdrawal, death : Departure
        Whichever comes first is seen.
    missed_visit : float
        Probability that a visit after the first is missed.
    missing_value : float
        Probability that one outcome of an attended visit is not recorded.
    recording : mapping of str to Recording
        By outcome; an outcome that is not named is recorded as it is.
    """

    withdrawal: Departure = field(default_factory=Departure)
    death: Departure = field(default_factory=Departure)
    missed_visit: float = 0.0
    missing_value: float = 0.0
    recording: Mapping[str, Recording] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what is no probability."""
        for chance in (self.missed_visit, self.missing_value):
            if not 0.0 <= chance < 1.0:
                raise ValueError(f"probability {chance}: from 0 and below 1")
