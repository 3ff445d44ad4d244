"""A rating scale: its range, its direction and whether its points are whole."""

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

    def without_words(self) -> "Scale":
        """Leave out what is only printed: name, unit and source."""
        return self.model_copy(update={"name": "", "unit": "", "source": ""})
