"""What every part of the configuration is made of, and what a job is given of it."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from alsdecline.digests import read_spec


class Section(BaseModel):
    """A part of the configuration; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class JobSettings(Section):
    """What a job is given of the settings, from which alone it reads them."""

    @classmethod
    def of(cls, job: Any) -> Self:
        """Read them from the job's ``spec`` param; a key too many or few is refused."""
        return cls.model_validate(read_spec(job.params.spec))
