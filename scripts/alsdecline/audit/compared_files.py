"""Whether two files say the same, as far as another platform may make it.

Numbers, also those that a page or a drawing prints, are compared to a tolerance; all
else has to be the same.
"""

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.image import imread

from alsdecline.digests import canonical_json
from alsdecline.jobs.records import SOFTWARE
from alsdecline.stable_files import read_parquet

TOLERANCE = 1e-8
"""Relative and absolute, of numbers that follow from the same draws."""

PIXEL_TOLERANCE = 2 / 255
"""Of a drawing's colours, of which each is 0 to 1: edges are smoothed."""

PLATFORM_OF_RECORD = ("environment", "versions")

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_VERSION = re.compile(rf"\b(python|{'|'.join(SOFTWARE)}) \d[\w.]*\w", re.IGNORECASE)


def _near(first: str, second: str) -> bool:
    if first == second:
        return True
    if not {".", "e", "E"} & {*first, *second}:
        return False  # counts
    a, b = float(first), float(second)
    return math.isfinite(a) and math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def texts_agree(first: str, second: str) -> bool:
    """Tell whether two texts have the same words, and numbers to :data:`TOLERANCE`.

    Parameters
    ----------
    first, second : str
        Tables, pages, vector drawings. Versions of the software may differ.

    Returns
    -------
    bool
    """
    first, second = (_VERSION.sub(r"\1", text) for text in (first, second))
    if _NUMBER.split(first) != _NUMBER.split(second):
        return False
    pairs = zip(_NUMBER.findall(first), _NUMBER.findall(second), strict=True)
    return all(_near(a, b) for a, b in pairs)


def frames_agree(first: pd.DataFrame, second: pd.DataFrame) -> bool:
    """Tell whether two tables agree, their numbers to :data:`TOLERANCE`."""
    try:
        pd.testing.assert_frame_equal(first, second, rtol=TOLERANCE, atol=TOLERANCE)
    except AssertionError:
        return False
    return True


def _images_agree(first: Path, second: Path) -> bool:
    a, b = imread(first), imread(second)
    same_size = a.shape == b.shape
    return same_size and bool(np.max(np.abs(a - b), initial=0) <= PIXEL_TOLERANCE)


def _without_digests(path: Path, *, of_fit: bool) -> str:
    """Return what a record says, but for digests of what the job read and wrote."""
    record: dict[str, Any] = json.loads(path.read_bytes())
    for key in (*PLATFORM_OF_RECORD, *(("gates",) if of_fit else ())):
        record.pop(key)
    for key in ("inputs", "outputs"):
        record[key] = sorted(record[key])
    return canonical_json(record)


def records_agree(first: Path, second: Path, *, of_fit: bool) -> bool:
    """Tell whether two records say the same, but for digests, lock and versions.

    Parameters
    ----------
    first, second : Path
        Records of the same job.
    of_fit : bool
        Whether the job samples; then the verdicts of its gates are not compared.

    Returns
    -------
    bool
        False where one is no record.
    """
    try:
        return texts_agree(
            _without_digests(first, of_fit=of_fit),
            _without_digests(second, of_fit=of_fit),
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return False


def _text_of(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return None


def files_agree(first: Path, second: Path) -> bool | None:
    """Tell whether two files say the same.

    Parameters
    ----------
    first, second : Path
        Results of the same name; the second is what the first should be.

    Returns
    -------
    bool or None
        None where files of their kind cannot be compared but by bytes.
    """
    try:
        if first.suffix == ".parquet":
            return frames_agree(read_parquet(first), read_parquet(second))
        if first.suffix == ".png":
            return _images_agree(first, second)
        text = _text_of(second)
        return None if text is None else texts_agree(first.read_text("utf-8"), text)
    except (OSError, ValueError, TypeError, SyntaxError):  # damaged
        return False
