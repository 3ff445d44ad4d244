"""What validation and ingest need of the settings, and no more."""

from typing import Literal

from pydantic import Field

from alsdecline.settings.data import Arms, Data, Outcome, Population
from alsdecline.settings.models import Covariate
from alsdecline.settings.scales import Scale
from alsdecline.settings.section import Section
from alsdecline.settings.visits import Visits
from alsdecline.time_units import DAYS_PER, TimeUnit, singular


class DataPlan(Section):
    """The part of the settings that the analysis datasets depend on."""

    study: str = Field(description="Study identifier (STUDYID).")
    data: Data = Field(description="The raw files.")
    arms: Arms = Field(description="The arms.")
    scales: dict[str, Scale] = Field(description="The scales of the outcomes.")
    usual: dict[str, list[float]] = Field(
        default_factory=dict,
        description="By scale what is usual, by the catalogue, of outcomes that do not "
        "say so themselves.",
    )
    outcomes: list[Outcome] = Field(description="The outcomes.")
    visits: Visits = Field(description="The visit schedule.")
    time_origin: Literal["randomisation", "first_dose", "baseline"] = Field(
        description="What time is counted from."
    )
    populations: dict[str, Population] = Field(
        default_factory=dict, description="Populations by flag."
    )
    blinded: bool = Field(default=False, description="Whether no arm may be read.")
    pseudonyms: str = Field(
        default="",
        description="Fingerprint of the key by which patients have pseudonyms; none.",
    )
    covariates: list[Covariate] = Field(
        default_factory=list, description="Characteristics that the models take."
    )

    @property
    def time_column(self) -> str:
        """Our column that tells when a visit was."""
        return f"visit_{self.data.visits.time}"

    @property
    def file_unit(self) -> TimeUnit | None:
        """Unit of the times of the visits file; none where it has dates."""
        units: dict[str, TimeUnit] = {singular(unit): unit for unit in DAYS_PER}
        time = self.data.visits.time
        return "days" if time == "study_day" else units.get(time)

    @property
    def values_with_visits(self) -> bool:
        """Whether visits and measurements stand in one file, a row a value."""
        measured = self.data.measurements
        return measured is not None and measured.place == self.data.visits.place

    @property
    def planned_column(self) -> str | None:
        """Our column that tells which scheduled visit each is; none by its time."""
        column = f"visit_{singular(self.visits.unit)}"
        exact = self.data.visits.time in ("date", "day", "study_day")
        itself = self.time_column.replace("study_day", "day")
        named = exact and not self.visits.windows and column != itself
        return column if named else None
