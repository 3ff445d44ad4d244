"""What validation and ingest need of the settings, and no more."""

from typing import Literal

from pydantic import Field

from alsdecline.settings.data import Arms, Data, Outcome, Population, Visits
from alsdecline.settings.models import Covariate
from alsdecline.settings.scales import Scale
from alsdecline.settings.section import Section


class DataPlan(Section):
    """The part of the settings that the analysis datasets depend on."""

    study: str = Field(description="Study identifier (STUDYID).")
    data: Data = Field(description="The raw files.")
    arms: Arms = Field(description="The arms.")
    scales: dict[str, Scale] = Field(description="The scales of the outcomes.")
    outcomes: list[Outcome] = Field(description="The outcomes.")
    visits: Visits = Field(description="The visit schedule.")
    time_origin: Literal["randomisation", "first_dose", "baseline"] = Field(
        description="Where months are counted from."
    )
    populations: dict[str, Population] = Field(
        default_factory=dict, description="Populations by flag."
    )
    blinded: bool = Field(default=False, description="Whether no arm may be read.")
    covariates: list[Covariate] = Field(
        default_factory=list, description="Characteristics that the models take."
    )

    @property
    def week_is_recorded(self) -> bool:
        """Whether the visits file says which scheduled visit each is."""
        by_day = self.data.visits.time == "day" and bool(self.visits.days)
        return not self.visits.windows and not by_day
