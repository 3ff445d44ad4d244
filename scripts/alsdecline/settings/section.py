"""What every part of the configuration is made of, and what a job is given of it."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema

from alsdecline.digests import read_spec
from alsdecline.time_units import DAYS_PER, TimeUnit, singular


class Section(BaseModel):
    """A part of the configuration; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class JobSettings(Section):
    """What a job is given of the settings, from which alone it reads them."""

    @classmethod
    def of(cls, job: Any) -> Self:
        """Read them from the job's ``spec`` param; a key too many or few is refused."""
        return cls.model_validate(read_spec(job.params.spec))


def _plural(unit: Any) -> Any:
    return f"{unit}s" if f"{unit}s" in DAYS_PER else unit


GivenTimeUnit = Annotated[
    TimeUnit,
    BeforeValidator(_plural),
    WithJsonSchema({"enum": [*DAYS_PER, *map(singular, DAYS_PER)], "type": "string"}),
]
"""A unit of time as a user may write it, in the singular too."""
