"""Which things belong to which rows, by number, for many rows at once."""

import dataclasses

import numpy as np
import pandas as pd


@dataclasses.dataclass(frozen=True)
class Links:
    """Things that belong to each of some rows, as numbers.

    Attributes
    ----------
    starts : ndarray of int
        Where those of each row begin, and where those of the last end.
    things : ndarray of int
        Row by row.
    """

    starts: np.ndarray
    things: np.ndarray

    @classmethod
    def of(cls, rows: np.ndarray, things: np.ndarray, size: int) -> "Links":
        """Take links from pairs of a row and a thing.

        Parameters
        ----------
        rows, things : ndarray of int
            Of equal lengths; a row below zero is none.
        size : int
            How many rows there are.
        """
        known = rows >= 0
        rows, things = rows[known], things[known]
        counts = np.bincount(rows, minlength=size)
        starts = np.concatenate([[0], np.cumsum(counts)])
        return cls(starts, things[np.argsort(rows, kind="stable")])

    def _places(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return where the things of rows stand, and how many are of each row."""
        counts = self.starts[rows + 1] - self.starts[rows]
        before = np.cumsum(counts) - counts
        shift = np.repeat(self.starts[rows] - before, counts)
        return shift + np.arange(len(shift)), counts

    def behind(self, rows: np.ndarray) -> np.ndarray:
        """Return the things of rows, each once, rising."""
        places, _ = self._places(rows)
        return np.unique(self.things[places])

    def through(self, rows: np.ndarray, others: np.ndarray, size: int) -> "Links":
        """Link rows with the things of other rows that belong to them.

        Parameters
        ----------
        rows, others : ndarray of int
            Pairs of a row and one of these links' own.
        size : int
            How many rows there are.
        """
        places, counts = self._places(others)
        return Links.of(np.repeat(rows, counts), self.things[places], size)

    def __add__(self, other: "Links") -> "Links":
        """Join the links of the same rows."""
        size = len(self.starts) - 1
        rows = [
            np.repeat(np.arange(size), np.diff(one.starts)) for one in (self, other)
        ]
        things = np.concatenate([self.things, other.things])
        return Links.of(np.concatenate(rows), things, size)


def pairs(
    left: pd.DataFrame, right: pd.DataFrame, keys: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of rows that have the same keys.

    Parameters
    ----------
    left, right : DataFrame
        With columns `keys`; missing ones are alike.
    keys : list of str

    Returns
    -------
    tuple of ndarray of int
        Places in `left` and in `right`, of equal lengths.
    """
    found = (
        left[keys]
        .assign(left=np.arange(len(left)))
        .merge(right[keys].assign(right=np.arange(len(right))), on=keys)
    )
    return found["left"].to_numpy(), found["right"].to_numpy()
