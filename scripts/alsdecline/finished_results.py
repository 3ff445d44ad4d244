"""Results of a finished run, which may have been damaged since it ended."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from alsdecline.faults import DataError


def read_finished[T](read: Callable[[Path], T], path: Path) -> T:
    """Read a dataset or table that a run left.

    Parameters
    ----------
    read : callable
        Reads it where it is as it was written.
    path : Path
        The file, which is there.

    Returns
    -------
    object
        What `read` returns.

    Raises
    ------
    DataError
        If it is damaged.
    FileNotFoundError
        If it is not there.
    """
    try:
        return read(path)
    except FileNotFoundError:
        raise
    except (ValueError, OSError, pa.ArrowException):  # what pandas and Arrow raise
        raise DataError(f"{path}: cannot be read; see `audit.py verify`") from None
