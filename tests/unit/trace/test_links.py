"""Things that belong to rows, by number."""

import numpy as np
import pandas as pd

from alsdecline.trace.links import Links, pairs

LINKS = Links.of(np.array([2, 0, -1, 2, 0]), np.array([7, 5, 9, 6, 5]), 4)
"""Row 0 has 5 twice, row 2 has 6 and 7, rows 1 and 3 have nothing; 9 has no row."""


def test_the_things_of_rows_come_once_and_rising() -> None:
    assert LINKS.behind(np.array([2, 0])).tolist() == [5, 6, 7]
    assert LINKS.behind(np.array([1, 3])).tolist() == []
    assert LINKS.behind(np.array([], dtype=int)).tolist() == []


def test_rows_have_what_other_rows_of_theirs_have() -> None:
    sums = LINKS.through(np.array([1, 0, 1]), np.array([0, 3, 2]), 3)
    assert [sums.behind(np.array([row])).tolist() for row in range(3)] == [
        [],
        [5, 6, 7],
        [],
    ]


def test_links_of_the_same_rows_join() -> None:
    more = LINKS + Links.of(np.array([1, 2]), np.array([3, 8]), 4)
    assert [more.behind(np.array([row])).tolist() for row in range(4)] == [
        [5],
        [3],
        [6, 7, 8],
        [],
    ]


def test_missing_keys_are_alike() -> None:
    left = pd.DataFrame({"visit": [1.0, float("nan")], "patient": ["A", "A"]})
    right = pd.DataFrame({"visit": [float("nan"), 2.0], "patient": ["A", "A"]})
    rows, places = pairs(left, right, ["patient", "visit"])
    assert (rows.tolist(), places.tolist()) == ([1], [0])
