"""Random numbers of simulated trials, which depend on no other trial.

Philox is a generator by counter: its numbers are a function of a key, here the seed and
the trial's number, and of a counter, whose upper words are here what the numbers are
for. So a trial is the same in whichever batch it is drawn, and turning one thing off
leaves all other draws as they were.
"""

import enum

import numpy as np
import numpy.typing as npt

type Floats = npt.NDArray[np.float64]
type Integers = npt.NDArray[np.int64]
type Booleans = npt.NDArray[np.bool_]

_LARGEST = 2**64 - 1


class Purpose(enum.IntEnum):
    """What random numbers are for; a number once given stays."""

    EFFECTS = 0
    RESIDUALS = 1
    ENROLMENT = 2
    STRATA = 3
    ALLOCATION = 4
    VISIT_TIMES = 5
    MISSED_VISITS = 6
    MISSING_VALUES = 7
    WITHDRAWALS = 8
    DEATHS = 9
    ITEMS = 10
    ITEM_NOISE = 11
    POSTERIOR = 12
    TRUE_EFFECTS = 13


class Streams:
    """The random numbers of some trials.

    Parameters
    ----------
    seed : int
        Of all trials of a scenario, from 0 and below 2**64.
    trials : array_like of int, shape (B,)
        Their numbers, from 0; in any order, and not all there are.

    Raises
    ------
    ValueError
        If the seed or a number is out of range.
    """

    def __init__(self, seed: int, trials: npt.ArrayLike) -> None:
        self.trials: Integers = np.asarray(trials, dtype=np.int64)
        if not 0 <= seed <= _LARGEST:
            raise ValueError(f"seed {seed}: from 0 and below 2**64")
        if self.trials.ndim != 1 or (self.trials < 0).any():
            raise ValueError("numbers of trials: a list, each from 0")
        self._seed = np.uint64(seed)
        self._philox = np.random.Philox(key=0)
        self._generator = np.random.Generator(self._philox)
        self._state = self._philox.state

    def generator(
        self, trial: int, purpose: Purpose, part: int = 0
    ) -> np.random.Generator:
        """Return the generator of one trial and purpose, until the next is asked for.

        Parameters
        ----------
        trial : int
            Its number.
        purpose : Purpose
            What the numbers are for.
        part : int
            Of which of several alike, such as outcomes.

        Returns
        -------
        numpy.random.Generator
        """
        # set anew: eight times faster than to construct one
        self._state["state"]["key"][:] = (self._seed, np.uint64(trial))
        self._state["state"]["counter"][:] = (0, 0, part, purpose)
        self._state["buffer_pos"] = 4  # empty
        self._state["has_uint32"] = 0
        self._philox.state = self._state
        return self._generator

    def normal(self, purpose: Purpose, shape: tuple[int, ...], part: int = 0) -> Floats:
        """Draw standard normal numbers, shape (B, ...), by trial."""
        drawn = np.empty((self.trials.size, *shape))
        for numbers, trial in zip(drawn, self.trials, strict=True):
            self.generator(int(trial), purpose, part).standard_normal(out=numbers)
        return drawn

    def uniform(
        self, purpose: Purpose, shape: tuple[int, ...], part: int = 0
    ) -> Floats:
        """Draw numbers from 0 to below 1, shape (B, ...), by trial."""
        drawn = np.empty((self.trials.size, *shape))
        for numbers, trial in zip(drawn, self.trials, strict=True):
            self.generator(int(trial), purpose, part).random(out=numbers)
        return drawn
