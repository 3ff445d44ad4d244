"""How all figures look, and how they are saved so that their bytes are stable."""

import dataclasses
import functools
import io
import json
import math
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib import font_manager
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from pydantic import Field

from alsdecline.drawn_characters import japanese_font
from alsdecline.settings.section import Section
from alsdecline.stable_files import write_whole
from alsdecline.time_units import DAYS_PER, TimeUnit, singular

FloatsT = TypeVar("FloatsT", pd.Series, np.ndarray)

# Okabe and Ito's colours are the arms' alone; markers and dashes tell arms apart
# without any colour. What is of no arm has ink, and vermilion is a warning
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9")
BLACK = "#000000"
VERMILION = "#D55E00"

MARKERS = ("o", "s", "^", "D", "v", "P")
DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 1, 1, 1)), "-", "-")
SYNTHETIC_MARK = "Synthetic data: simulated, no patients"
GREY = "#666666"
FONT_SIZE = 9
POINTS_PER_INCH = 72
LETTER_WIDTH = 0.55
"""Mean width of a letter, as a part of the font size."""

LEGEND_KEY = 8
"""Letters that a legend's line and the space about it are as wide as."""

# an attribute stands in single quotes where it has double ones alone
_FACTS = re.compile(rb"""<g id='(\{[^']*)'|<g id="(\{[^"]*)\"""")


class OutcomeLabel(Section):
    """An outcome as figures name it."""

    id: str = Field(description="Its id.")
    label: str = Field(description="Its label.")
    unit: str = Field(description="Unit of its values.")
    better: Literal["higher", "lower"] = Field(description="Its direction.")


class ArmLabel(Section):
    """An arm as figures name it."""

    id: str = Field(description="Its id.")
    label: str = Field(description="Its label.")


class FigurePlan(Section):
    """The part of the settings that all figures depend on."""

    outcomes: list[OutcomeLabel] = Field(description="Outcomes in display order.")
    arms: list[ArmLabel] = Field(description="Arms in display order.")
    data_kind: Literal["real", "synthetic"] = Field(description="Of the trial.")
    width_inches: float = Field(description="Width of a figure.")
    dpi: int = Field(description="Resolution of PNG.")
    interval: float = Field(description="Probability of intervals.")
    time_unit: TimeUnit = Field(description="Unit of time that slopes are per.")
    schedule_unit: TimeUnit = Field(description="Unit of the visits' schedule.")
    time_zero: float = Field(description="Time zero as the schedule counts.")

    @property
    def per(self) -> str:
        """The unit of time that slopes are per, one of it."""
        return singular(self.time_unit)

    def scheduled_times(self, days: FloatsT) -> FloatsT:
        """Return days from time zero as the schedule counts."""
        return self.time_zero + days / DAYS_PER[self.schedule_unit]

    @property
    def time_label(self) -> str:
        """What an axis of the schedule's times is called."""
        unit = self.schedule_unit.capitalize()
        return unit if self.time_zero else f"{unit} from time zero"

    @property
    def interval_percent(self) -> str:
        """The intervals' probability as printed."""
        return f"{100 * self.interval:g}%"


@dataclasses.dataclass(frozen=True)
class ArmStyle:
    """Colour, marker and dashes of an arm."""

    label: str
    colour: str
    marker: str
    dashes: Any


def arm_styles(plan: FigurePlan) -> dict[str, ArmStyle]:
    """Return how each arm is drawn, by its place in the display order."""
    return {
        arm.id: ArmStyle(
            arm.label,
            COLOURS[i % len(COLOURS)],
            MARKERS[i % len(MARKERS)],
            DASHES[i % len(DASHES)],
        )
        for i, arm in enumerate(plan.arms)
    }


@functools.cache
def _japanese_font() -> str:
    """Return the name of the font that has what the first one lacks."""
    path = japanese_font()
    font_manager.fontManager.addfont(path)
    return font_manager.get_font(path).family_name


def new_figure(plan: FigurePlan, height: float) -> Figure:
    """Make an empty figure of the plan's width, without a window system.

    Parameters
    ----------
    plan : FigurePlan
        Width and mark.
    height : float
        Inches.

    Returns
    -------
    Figure
        Marked if the data are synthetic.
    """
    # not what a user's matplotlibrc says
    mpl.rcdefaults()
    mpl.rcParams.update(
        {
            "svg.hashsalt": "als-decline",
            "svg.fonttype": "none",  # texts are found, copied and read aloud
            "text.parse_math": False,
            "font.family": [*mpl.rcParams["font.family"], _japanese_font()],
            "font.size": FONT_SIZE,
            "axes.titlesize": 9.5,
            "axes.titlelocation": "left",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.axisbelow": True,
            "legend.frameon": False,
        }
    )
    figure = Figure(figsize=(plan.width_inches, height), layout="constrained")
    if plan.data_kind == "synthetic":
        # constrained layout keeps clear of a suptitle, not of free text
        figure.suptitle(
            SYNTHETIC_MARK, x=0.995, ha="right", fontsize=FONT_SIZE, color=GREY
        )
    return figure


def light_grid(axes: Axes, axis: Literal["x", "y", "both"]) -> None:
    """Draw a faint grid."""
    axes.grid(visible=True, axis=axis, color="#dddddd", linewidth=0.6)


def wrapped(text: str, inches: float, points: float = 9.5) -> str:
    """Break a text into lines of about a width, at the font size given."""
    most = max(8, int(inches * POINTS_PER_INCH / (LETTER_WIDTH * points)))
    return textwrap.fill(text, most)


def arm_handles(plan: FigurePlan) -> list[Line2D]:
    """Return the legend's entries of the arms."""
    return [
        Line2D(
            [],
            [],
            color=style.colour,
            marker=style.marker,
            linestyle=style.dashes,
            label=style.label,
        )
        for style in arm_styles(plan).values()
    ]


def legend_below(figure: Figure, plan: FigurePlan, handles: list[Line2D]) -> None:
    """Put a legend below a figure, with as many columns as fit its width."""
    longest = max(len(str(handle.get_label())) for handle in handles)
    letters = plan.width_inches * POINTS_PER_INCH / (LETTER_WIDTH * FONT_SIZE)
    fitting = max(1, int(letters // (longest + LEGEND_KEY)))
    columns = min(len(handles), fitting)
    figure.legend(handles=handles, loc="outside lower center", ncols=columns)


def arm_legend(figure: Figure, plan: FigurePlan) -> None:
    """Put a legend of the arms below a figure."""
    legend_below(figure, plan, arm_handles(plan))


def tell(
    artist: Artist, of: Mapping[str, str], at: Mapping[str, Iterable[Any]]
) -> None:
    """Have the SVG say what a line or its marks stand for.

    Parameters
    ----------
    artist : Artist
        A line; its group in the SVG has the facts as JSON, ``data-facts``.
    of : mapping of str to str
        What holds of all its points.
    at : mapping of str to iterable
        What holds of each point, in their order.
    """
    each = {name: [_fact(value) for value in values] for name, values in at.items()}
    facts = {"of": dict(of), "at": each}
    artist.set_gid(json.dumps(facts, ensure_ascii=False, separators=(",", ":")))


def _fact(value: Any) -> Any:
    """Return a value as JSON has it: six digits, and nothing where it is no number."""
    if not isinstance(value, float):
        return value
    return float(f"{value:.6g}") if math.isfinite(value) else None


def _as_facts(group: re.Match[bytes]) -> bytes:
    facts = (group[1] or group[2]).replace(b'"', b"&quot;")
    return b'<g data-facts="' + facts + b'"'


def save_figure(figure: Figure, files: Sequence[Path], dpi: int) -> None:
    """Save a figure in the format of each file's name.

    Parameters
    ----------
    figure : Figure
        What to save.
    files : sequence of Path
        Ending in ``.svg`` or ``.png``.
    dpi : int
        Resolution of PNG.
    """
    for path in files:
        form = path.suffix[1:]
        metadata: dict[str, Any] = {"Date": None} if form == "svg" else {}
        drawn = io.BytesIO()
        figure.savefig(drawn, format=form, dpi=dpi, metadata=metadata)
        content = drawn.getvalue()
        if form == "svg":  # what Matplotlib can write as an id alone is none
            content = _FACTS.sub(_as_facts, content)
        write_whole(path, functools.partial(_write, content))


def _write(content: bytes, path: Path) -> None:
    path.write_bytes(content)
