"""Shares of simulated trials as marks with Monte Carlo errors, a row a scenario."""

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from alsdecline.figures.style import (
    BLACK,
    COLOURS,
    DASHES,
    MARKERS,
    light_grid,
    tell,
)
from alsdecline.settings.members import FAMILY
from alsdecline.settings.simulated_design import METHODS, TWO_SIDED

APART = 0.13
"""Between two marks of a row, in rows; less where there are many."""

METHOD_LABELS = {
    "t_on_slopes": "Student's t of slopes",
    "welch": "Welch's t of slopes",
    "permutation": "Permutation of slopes",
    "mixed_model": "Mixed model (Kenward-Roger)",
    "ancova": "ANCOVA of the last value",
    **{name: f"Model, {name}" for name in FAMILY},
}

type Look = dict[str, Any]
"""Arguments of a line."""


def looks(
    names: Iterable[str], known: Sequence[Sequence[str]] = (METHODS, tuple(FAMILY))
) -> dict[str, Look]:
    """Return how each is drawn: in a colour, or a model in ink, with open marks.

    A method or model looks the same in every figure.

    Parameters
    ----------
    names : iterable of str
        Of methods, models or rules, as the tables have them.
    known : sequence of sequence of str
        Names that have looks of their own, whichever of them are drawn.

    Returns
    -------
    dict of str to dict
        Arguments of a line by name, each once.
    """
    found: dict[str, Look] = {}
    for name in dict.fromkeys(names):
        fitted = bool(known) and name in FAMILY
        order = next((some for some in known if name in some), [*found, name])
        nth = order.index(name)
        found[name] = {
            "color": BLACK if fitted else COLOURS[nth % len(COLOURS)],
            "marker": MARKERS[nth % len(MARKERS)],
            "linestyle": DASHES[(nth + fitted) % 4],
            "markersize": 4.5,
        }
        if fitted:
            found[name]["markerfacecolor"] = "white"
    return found


@dataclasses.dataclass(frozen=True)
class Rows:
    """The rows of a figure, and what is drawn in each.

    Attributes
    ----------
    keys : list of str
        Columns of the table whose values tell rows apart.
    places : dict of tuple to int
        From the top, by these values.
    by : str
        Column of what is drawn in each row.
    looks : dict of str to dict
        How, by its values.
    labels : mapping of str to str
        What these are called.
    """

    keys: list[str]
    places: dict[tuple[str, ...], int]
    by: str
    looks: dict[str, Look]
    labels: Mapping[str, str]

    @classmethod
    def of(
        cls,
        table: pd.DataFrame,
        keys: Sequence[str],
        by: str,
        labels: Mapping[str, str] = METHOD_LABELS,
        drawn: dict[str, Look] | None = None,
    ) -> Self:
        """Take the rows of a table in its order.

        Parameters
        ----------
        table : DataFrame
            The table.
        keys : sequence of str
            Columns that tell rows apart, the scenario first.
        by : str
            Column of what is drawn in each row.
        labels : mapping of str to str
            What these are called.
        drawn : dict of str to dict, optional
            How they are; as :func:`looks` has it if not given.
        """
        columns = [table[key] for key in keys]
        found = dict.fromkeys(zip(*columns, strict=True))
        places = {row: place for place, row in enumerate(found)}
        return cls(list(keys), places, by, drawn or looks(table[by]), labels)

    def height(self, of_row: float) -> float:
        """Return the height of all rows in inches; more where there are many marks."""
        return max(of_row, 0.085 * len(self.looks)) * len(self.places)

    def at(self, part: pd.DataFrame, name: str) -> list[float]:
        """Return at which heights the marks of one of those drawn lie."""
        nth, of = list(self.looks).index(name), len(self.looks)
        aside = min(APART, 0.8 / of) * (nth - (of - 1) / 2)
        rows = zip(*(part[key] for key in self.keys), strict=True)
        return [self.places[row] + aside for row in rows]

    def told(self, part: pd.DataFrame) -> dict[str, Iterable[Any]]:
        """Return what each mark is of, as the SVG says it."""
        return {key: part[key] for key in self.keys}

    def finish(self, axes: Axes) -> None:
        """Set the limits of a panel's rows, the first at the top."""
        light_grid(axes, "x")
        axes.set_ylim(len(self.places) - 0.4, -0.6)

    def name_rows(self, axes: Axes, more: Mapping[tuple[str, ...], str]) -> None:
        """Write the rows' names beside a panel, leaving out what all share."""
        differ = [
            k for k in range(1, len(self.keys)) if len({r[k] for r in self.places}) > 1
        ]
        axes.set_yticks(
            range(len(self.places)),
            [
                ", ".join([row[0], *(row[k] for k in differ)]) + more.get(row, "")
                for row in self.places
            ],
        )

    @property
    def handles(self) -> list[Line2D]:
        """What a legend shows."""
        return [
            Line2D([], [], label=self.labels[name], **look | {"linestyle": "-"})
            for name, look in self.looks.items()
        ]


def share_panel(axes: Axes, table: pd.DataFrame, column: str, rows: Rows) -> None:
    """Draw one share with 95% Monte Carlo intervals.

    Parameters
    ----------
    axes : Axes
        The panel.
    table : DataFrame
        With the share and, in ``<column>_error``, its Monte Carlo error.
    column : str
        The share; none is drawn where it is missing.
    rows : Rows
        Where, and how.
    """
    for name, look in rows.looks.items():
        mine = table[table[rows.by] == name]
        at = rows.at(mine, name)
        errors = TWO_SIDED * mine[f"{column}_error"]
        for y, share, error in zip(at, mine[column], errors, strict=True):
            if math.isfinite(error):
                ends = [max(0.0, share - error), min(1.0, share + error)]
                axes.plot(ends, [y, y], color=look["color"], linewidth=1.2)
        (marks,) = axes.plot(mine[column], at, **look | {"linestyle": ""})
        tell(
            marks,
            {rows.by: rows.labels[name]},
            rows.told(mine)
            | {column: mine[column], "Monte Carlo error": mine[f"{column}_error"]},
        )
    rows.finish(axes)
