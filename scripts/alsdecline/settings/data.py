"""Settings of the data: raw files, arms, outcomes, visits and populations.

The descriptions are what a wrong setting's message shows, so they say what is
permitted.
"""

import datetime
from typing import Literal

from pydantic import Field

from alsdecline.settings.section import Section
from alsdecline.settings.tables import (
    AdverseEventsTable,
    RecordsTable,
    Subjects,
    Table,
    VisitsTable,
)


class OverruledSeverity(Section):
    """How severe findings of a rule are, in place of what the rule says."""

    severity: Literal["fatal", "warning"] = Field(
        description="'fatal' of any rule; 'warning' of one whose findings stop no "
        "analysis."
    )
    reason: str = Field(min_length=1, description="Why; findings and reports say it.")


class Data(Section):
    """The raw files."""

    subjects: Subjects = Field(
        description="Columns patient, arm, randomisation_date; one row a patient. "
        "Beside `allocation`: patient, randomisation_date. consent_date, onset_date "
        "and diagnosis_date are checked where `columns` names them; of the two last a "
        "part may be unknown (2005-06)."
    )
    allocation: Table | None = Field(
        default=None,
        description="Columns patient, arm; one row a patient, where the arms do not "
        "stand in the subjects file.",
    )
    visits: VisitsTable = Field(
        description="Columns patient, visit_date, visit_week and one for each measured "
        "outcome; one row a visit. Beside `measurements`: patient, visit, visit_date."
    )
    measurements: Table | None = Field(
        default=None,
        description="Columns patient, visit, parameter, value; one row a value, where "
        "values do not stand in the visits file. A column date is checked.",
    )
    exposure: RecordsTable | None = Field(
        default=None,
        description="Columns patient, date, dose and, where a row is a period, "
        "end_date.",
    )
    events: RecordsTable | None = Field(
        default=None,
        description="Columns patient, event (completed, withdrawn, died), date, "
        "reason; one row a patient.",
    )
    adverse_events: AdverseEventsTable | None = Field(
        default=None,
        description="Columns patient, term, start_date, end_date, severity, serious, "
        "related; one row an event.",
    )
    preset: Literal["none", "sdtm", "adam"] = Field(
        default="none",
        description="Whose names columns have: 'sdtm' (DM, SV, findings as QS, EX, DS, "
        "AE) or 'adam' (ADSL, BDS, ADEX, ADAE) fill in `columns`, `where` and `recode` "
        "of each table named here by its file's name, where nothing else is written.",
    )
    decisions: str | None = Field(
        default=None,
        min_length=1,
        description="A CSV file of what was decided on the data, a row each: kind "
        "(correction, exclusion, accepted), file, patient, visit, column, value as it "
        "stands, new_value, rule (of an accepted finding), who, when, why. Raw files "
        "stay as they are.",
    )
    severities: dict[str, OverruledSeverity] = Field(
        default_factory=dict,
        description="Rule on raw data: how severe its findings are, and why.",
    )
    missing: list[str] = Field(
        default_factory=list,
        description="Cells of all files that say that there is no value; they are as "
        "empty ones in all columns but `patient`.",
    )
    cutoff: datetime.date | None = Field(
        default=None, description="No date in the data may be later (YYYY-MM-DD)."
    )


class Arm(Section):
    """A treatment arm."""

    id: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$",
        description="The arm as the raw file has it.",
    )
    label: str = Field(min_length=1, description="Label in tables and figures.")
    dose: float | None = Field(
        default=None, ge=0, description="Planned dose; checked against exposure."
    )
    titration: list[float] = Field(
        default_factory=list,
        description="Further doses that the plan permits on the way to this one.",
    )


class Arms(Section):
    """The arms and which of them the others are compared with."""

    reference: str = Field(
        description="Id of the reference arm. Where there is one arm alone, its id."
    )
    dose_unit: str = Field(default="", description="Unit of the doses.")
    groups: list[Arm] = Field(
        min_length=1,
        description="The arms, in display order; one alone is compared with none.",
    )


class RecordedBaseline(Section):
    """A baseline that stands in a column of the subjects file."""

    column: str = Field(min_length=1, description="Column of the subjects file.")
    use: Literal["row", "change"] = Field(
        description="'row' (a value at time zero, which models take too) or 'change' "
        "(change is from it, and no model takes it). As a covariate: name the column "
        "under `models: covariates:`."
    )


class Outcome(Section):
    """A measured or derived outcome."""

    id: str = Field(
        pattern=r"^[a-z][a-z0-9_]*$",
        description="Short name: lower-case letters, digits, '_'.",
    )
    label: str = Field(min_length=1, description="Label in tables and figures.")
    parameter: str = Field(
        pattern=r"^[A-Z][A-Z0-9]{0,7}$",
        description="PARAMCD: at most 8 capitals and digits.",
    )
    scale: str = Field(description="A scale of the catalogue or of `scales`.")
    column: str | None = Field(
        default=None,
        description="Column of the visits file, or parameter of the measurements. That "
        "of a sum or of a total of items is checked, not used.",
    )
    baseline: RecordedBaseline | None = Field(
        default=None,
        description="Where the baseline is no visit, but a column of the subjects. A "
        "patient with a value up to time zero, or at visit 0, has that as baseline.",
    )
    usual: list[float] | None = Field(
        default=None,
        min_length=2,
        max_length=2,
        description="The least and the most that are usual; a warning tells of others. "
        "Without it the catalogue's of the scale, of which the worse end is of first "
        "values alone.",
    )
    sum_of: list[str] = Field(
        default_factory=list,
        description="Ids of the outcomes whose sum this is, visit by visit.",
    )
    items: list[str] = Field(
        default_factory=list,
        description="Columns or parameters of the items whose total this is, in the "
        "order of the scale's item_maxima.",
    )
    missing_items: Literal["missing", "prorate"] = Field(
        default="missing",
        description="Where an item is missing: 'missing' (so is the total) or "
        "'prorate' (sum of the others x scale maximum / sum of their maxima).",
    )
    items_needed: int = Field(
        default=1, ge=1, description="Items without which nothing is prorated."
    )

    @property
    def source_columns(self) -> list[str]:
        """Columns or parameters that its values are made of; none of a sum."""
        if self.sum_of:
            return []
        return self.items or [str(self.column)]


class Population(Section):
    """An analysis population, a part of all randomised patients."""

    label: str = Field(min_length=1, description="Label in tables.")
    dosed: bool = Field(default=False, description="Whether a dose was given.")
    values_after_baseline: list[str] = Field(
        default_factory=list,
        description="Ids of outcomes of each of which there is a value after the "
        "time origin.",
    )
