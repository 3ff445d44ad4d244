"""The catalogue of rating scales: range, direction and whether points are whole."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Scale(BaseModel):
    """A rating scale or measurement."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(description="Name as printed.")
    unit: str = Field(description="Unit of a value, for axes and tables.")
    minimum: float = Field(description="Lowest possible value.")
    maximum: float | None = Field(
        default=None, description="Highest possible value; none where there is none."
    )
    whole_points: bool = Field(
        default=False, description="Whether only whole numbers are possible."
    )
    better: Literal["higher", "lower"] = Field(
        description="Which direction is better for the patient."
    )
    item_maxima: list[float] = Field(
        default_factory=list,
        description="Highest points of each item, in order; the lowest are 0.",
    )
    source: str = Field(description="Where range and direction come from.")


CATALOGUE_VERSION = "2"

CATALOGUE: dict[str, Scale] = {
    "norris_limb": Scale(
        name="modified Norris, limb",
        unit="points",
        minimum=0,
        maximum=63,
        whole_points=True,
        better="higher",
        item_maxima=[3.0] * 21,
        source="21 items of 0-3; the usual description, an assumption: the 1974 "
        "original has 34 items and another total",
    ),
    "norris_bulbar": Scale(
        name="modified Norris, bulbar",
        unit="points",
        minimum=0,
        maximum=39,
        whole_points=True,
        better="higher",
        item_maxima=[3.0] * 13,
        source="13 items of 0-3; the usual description, an assumption",
    ),
    "norris_total": Scale(
        name="modified Norris, total",
        unit="points",
        minimum=0,
        maximum=102,
        whole_points=True,
        better="higher",
        source="limb + bulbar",
    ),
    "alsfrs_r": Scale(
        name="ALSFRS-R",
        unit="points",
        minimum=0,
        maximum=48,
        whole_points=True,
        better="higher",
        item_maxima=[4.0] * 12,
        source="Cedarbaum et al. 1999: 12 items of 0-4",
    ),
    "fvc_percent": Scale(
        name="forced vital capacity",
        unit="% predicted",
        minimum=0,
        maximum=None,
        better="higher",
        source="may pass 100",
    ),
    "adas_cog_11": Scale(
        name="ADAS-Cog (11)",
        unit="points",
        minimum=0,
        maximum=70,
        better="lower",
        item_maxima=[10, 5, 5, 5, 5, 8, 12, 5, 5, 5, 5],
        source="Rosen et al. 1984: items 1, 2, 4 to 8 and 11 to 14, in this order",
    ),
}


def scale_named(name: str, more: Mapping[str, Scale]) -> Scale:
    """Return a scale of the catalogue, or one of those configured beside it."""
    return CATALOGUE.get(name) or more[name]
