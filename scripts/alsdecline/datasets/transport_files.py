"""Writing datasets as SAS transport files, XPORT version 5.

Every double from 2**-260 to 2**249 comes back bit for bit: IBM's fraction of 56 bits
has at least 53 behind its leading zeros. A zero loses its sign. (The format goes on to
2**252, of which pyreadstat writes the largest number of all.)
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat

from alsdecline.datasets.exported import Exported
from alsdecline.datasets.variables import (
    LABEL_LENGTH,
    NAME_LENGTH,
    cut_to_bytes,
)
from alsdecline.stable_files import write_whole

TEXT_LENGTH = 200
"""Bytes of a text, of which version 5 holds no more."""

SMALLEST, LARGEST = 2.0**-260, float(np.nextafter(2.0**249, 0))
"""The sizes of numbers that are written whole, but for 0."""

DATE_FORMAT = "DATE9"

_EPOCH = pd.Timestamp("1960-01-01")
_CARD = 80
_STAMPS = (
    (1 * _CARD + 64, 1 * _CARD + 80),
    (2 * _CARD, 2 * _CARD + 16),
    (5 * _CARD + 64, 5 * _CARD + 80),
    (6 * _CARD, 6 * _CARD + 16),
)
"""Where the times of making and changing stand, of library and member (TS-140)."""


def parted(text: str) -> list[str]:
    """Part a text into pieces that a transport file holds.

    No piece but the last ends in a blank, which would be lost; joined, they are the
    text.
    """
    pieces = []
    while len(text.encode()) > TEXT_LENGTH:
        piece = cut_to_bytes(text, TEXT_LENGTH)
        piece = piece.rstrip(" ") or piece
        pieces.append(piece)
        text = text[len(piece) :]
    return [*pieces, text]


def beyond_transport(values: pd.Series) -> pd.Series:
    """Tell which numbers a transport file cannot hold."""
    size = values.abs()
    beyond: pd.Series = (size > LARGEST) | ((size < SMALLEST) & (size > 0))
    return beyond


def _parted_texts(
    dataset: Exported,
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return a dataset and its labels with long texts in several columns."""
    columns: dict[str, pd.Series] = {}
    labels = {}
    for variable in dataset.variables:
        values = dataset.frame[variable.name]
        columns[variable.name], labels[variable.name] = values, variable.label
        if variable.kind != "text":
            continue
        pieces = values.astype(str).map(parted)
        most = max(pieces.map(len), default=1)
        for i in range(most):
            more = str(i) if i else ""
            name = f"{variable.name[: NAME_LENGTH - len(more)]}{more}"
            while name in columns and i:
                name = f"{name[: NAME_LENGTH - len(more) - 1]}_{more}"
            columns[name] = pieces.map(lambda p, i=i: p[i] if i < len(p) else "")
            part = f" ({i + 1} of {most})" if most > 1 else ""
            label = cut_to_bytes(variable.label, LABEL_LENGTH - len(part))
            labels[name] = f"{label}{part}"
    return pd.DataFrame(columns, index=dataset.frame.index), labels


def transport_frame(dataset: Exported) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return a dataset as a transport file holds it.

    Parameters
    ----------
    dataset : Exported
        Any of a trial's.

    Returns
    -------
    DataFrame
        Texts in pieces of :data:`TEXT_LENGTH` bytes, dates as days since 1960-01-01;
        numbers that are :func:`beyond_transport` are missing.
    dict of str to str
        Labels by column.
    """
    frame, labels = _parted_texts(dataset)
    for variable in dataset.variables:
        values = frame[variable.name]
        if variable.kind == "date":
            days = (values - _EPOCH) / pd.Timedelta(days=1)
            frame[variable.name] = days.astype("float64")
        elif variable.kind != "text":
            numbers = values.astype("float64") + 0.0
            frame[variable.name] = numbers.mask(beyond_transport(numbers))
    return frame, labels


def write_transport(path: Path, dataset: Exported, stamp: pd.Timestamp) -> None:
    """Write a dataset as a transport file.

    Parameters
    ----------
    path : Path
        The file.
    dataset : Exported
        Any of a trial's.
    stamp : Timestamp
        Stands for the time of making, which else would be the clock's.
    """
    frame, labels = transport_frame(dataset)
    column_labels: dict[str, str | None] = {**labels}
    dates = [v.name for v in dataset.variables if v.kind == "date"]
    when = stamp.strftime("%d%b%y:%H:%M:%S").upper().encode()

    def write(temporary: Path) -> None:
        pyreadstat.write_xport(
            frame,
            temporary,
            file_label=dataset.label,
            column_labels=column_labels,
            table_name=dataset.name,
            file_format_version=5,
            variable_format=dict.fromkeys(dates, DATE_FORMAT),
        )
        content = bytearray(temporary.read_bytes())
        for start, end in _STAMPS:
            content[start:end] = when
        temporary.write_bytes(content)

    write_whole(path, write)
