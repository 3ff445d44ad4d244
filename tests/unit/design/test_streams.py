"""Each trial's random numbers are those of a Philox of its own, whatever others are."""

import numpy as np
import pytest
from scipy import stats

from alsdecline.design.streams import Purpose, Streams

FALSE_ALARM = 1e-5


@pytest.mark.parametrize("seed", [0, 2582618673, 2**64 - 1])
def test_they_are_those_of_numpys_philox(seed: int) -> None:
    """Key of seed and trial, counter of part and purpose, whatever was drawn before."""
    streams = Streams(seed, [5, 0])
    streams.generator(5, Purpose.DEATHS).integers(0, 2, 3, dtype=np.uint32)
    drawn = streams.normal(Purpose.ITEMS, (3,), part=2)
    for numbers, trial in zip(drawn, (5, 0), strict=True):
        key = np.array([seed, trial], dtype=np.uint64)
        counter = np.array([0, 0, 2, Purpose.ITEMS], dtype=np.uint64)
        own = np.random.Generator(np.random.Philox(key=key, counter=counter))
        assert numbers.tobytes() == own.standard_normal(3).tobytes()


def test_trials_and_seeds_are_independent_of_each_other() -> None:
    """Sums over the first 20 trials of 2,000 seeds vary as of independent numbers."""
    drawn = np.array(
        [
            Streams(int(seed), range(20)).normal(Purpose.EFFECTS, (2,))
            for seed in np.random.default_rng(5).integers(0, 2**32, 2000)
        ]
    )
    for sums in (drawn.sum(axis=1), (drawn**2 - 1).sum(axis=1) / 2**0.5):
        assert abs(sums.mean()) * 4000**0.5 < stats.norm.isf(FALSE_ALARM / 2) * 20**0.5
    spread = drawn.sum(axis=1).var() / 20 * 4000
    low, high = stats.chi2(3999).ppf([FALSE_ALARM / 2, 1 - FALSE_ALARM / 2])
    assert low < spread < high


@pytest.mark.parametrize(
    ("seed", "trials", "message"),
    [(-1, [0], "seed -1"), (2**64, [0], "seed 1844"), (1, [-1], "each from 0")],
)
def test_what_is_out_of_range_is_refused(
    seed: int, trials: list[int], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Streams(seed, trials)
