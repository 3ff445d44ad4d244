"""The design of a trial: arms, visits, accrual and randomisation."""

from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm.

    Attributes
    ----------
    name : str
        As effects and analyses name it.
    patients : int
        Number of them, at least 1.
    dose : float
        In any one unit, at least 0.
    historical_from : float or None
        Of an arm that is not randomised, as controls of an earlier trial are: calendar
        time at which its accrual began, before that of the trial at 0.

    Raises
    ------
    ValueError
        If a number is out of its range.
    """

    name: str
    patients: int
    dose: float = 0.0
    historical_from: float | None = None

    def __post_init__(self) -> None:
        """Refuse an arm that cannot be."""
        if self.patients < 1:
            raise ValueError(f"arm {self.name!r} of {self.patients} patients")
        if not self.dose >= 0.0:
            raise ValueError(f"arm {self.name!r}: dose {self.dose}")


@dataclass(frozen=True, slots=True)
class StratifiedBlocks:
    """Randomisation by permuted blocks within strata.

    The arms' sizes are then those of the blocks that were begun, not of the design.

    Attributes
    ----------
    shares : tuple of float
        Probability of each stratum, S of them, which add up to 1.
    block : tuple of int
        Patients of each randomised arm in a block.

    Raises
    ------
    ValueError
        If they are no probabilities, or a block has no patient.
    """

    shares: tuple[float, ...]
    block: tuple[int, ...]

    def __post_init__(self) -> None:
        """Refuse shares and blocks that cannot be."""
        if min(self.shares) <= 0.0 or abs(sum(self.shares) - 1.0) > 1e-9:
            raise ValueError(f"shares of strata {self.shares}: above 0, 1 together")
        if min(self.block) < 1:
            raise ValueError(f"block {self.block}: a patient at least of each arm")


@dataclass(frozen=True, slots=True)
class TrialDesign:
    """A trial as it is planned; all times are in one unit.

    Attributes
    ----------
    arms : tuple of Arm
        At least one that is randomised.
    visits : tuple of float
        Times from the patient's randomisation, T of them, rising from 0.
    window : float
        Each visit after the first falls up to so much early or late, uniformly.
    accrual : float
        Duration over which patients enter, uniformly; 0 if all at once.
    closes : float or None
        Calendar time after which no visit is seen; None if all are followed to the end.
    strata : StratifiedBlocks or None
        None where the arms have exactly their sizes, and there are no strata.

    Raises
    ------
    ValueError
        If visits could change places, or a part does not agree with another.
    """

    arms: tuple[Arm, ...]
    visits: tuple[float, ...]
    window: float = 0.0
    accrual: float = 0.0
    closes: float | None = None
    strata: StratifiedBlocks | None = None

    def __post_init__(self) -> None:
        """Refuse what does not agree."""
        names = [arm.name for arm in self.arms]
        if len(set(names)) < len(names) or not self.randomised:
            raise ValueError(f"arms {names}: each once, one at least randomised")
        gaps = [later - earlier for earlier, later in pairwise(self.visits)]
        if self.visits[:1] != (0.0,) or min(gaps, default=0.0) <= 0.0:
            raise ValueError(f"visits at {self.visits}: two at least, rising from 0")
        if not 0.0 <= 2.0 * self.window < min(gaps):
            raise ValueError(f"windows of {self.window} would overlap")
        if not self.accrual >= 0.0:
            raise ValueError(f"accrual over {self.accrual}: at least 0")
        if self.strata and len(self.strata.block) != len(self.randomised):
            raise ValueError(
                f"block {self.strata.block} for {len(self.randomised)} randomised arms"
            )

    @property
    def randomised(self) -> tuple[int, ...]:
        """Places of the randomised arms."""
        return tuple(
            place for place, arm in enumerate(self.arms) if arm.historical_from is None
        )

    @property
    def patients(self) -> int:
        """Number of patients of all arms, N."""
        return sum(arm.patients for arm in self.arms)

    @property
    def n_strata(self) -> int:
        """Number of strata, S; 1 where there are none."""
        return len(self.strata.shares) if self.strata else 1

    def arm(self, name: str) -> Arm:
        """Return an arm by its name.

        Raises
        ------
        ValueError
            If there is none of that name.
        """
        for arm in self.arms:
            if arm.name == name:
                return arm
        raise ValueError(f"no arm {name!r} among {[arm.name for arm in self.arms]}")
