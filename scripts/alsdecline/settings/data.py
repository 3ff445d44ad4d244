"""Settings of the data: raw files, arms, outcomes, visits and populations.

The descriptions are what a wrong setting's message shows, so they say what is
permitted. Long, for what a raw file holds and what is made of it refer to each other.
"""

import dataclasses
import datetime
from typing import Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from alsdecline.settings.section import Section
from alsdecline.table_files.dialect import Dialect
from alsdecline.time_units import DAYS_PER, DAYS_PER_WEEK, SAME_WEEK, TimeUnit, singular


class Table(Section):
    """A raw file and the names that its columns have there."""

    file: str = Field(
        min_length=1,
        description="Path of a raw file, relative to the trial's folder: text (.csv, "
        ".tsv, .txt), Excel (.xlsx), Parquet, SAS (.xpt, .sas7bdat) or CDISC "
        "Dataset-JSON (.json, .ndjson); any of them gzipped or not (.gz).",
    )
    columns: dict[str, str] = Field(
        default_factory=dict,
        description="Our column name: the name in the file. Columns that have our name "
        "already need no entry.",
    )
    where: dict[str, list[str]] = Field(
        default_factory=dict,
        description="Column of the file: the values of the rows that are kept.",
    )
    recode: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        description="Our column name: {value in the file: what it stands for}; '*' "
        "stands for every other value that is not empty.",
    )
    missing: list[str] = Field(
        default_factory=list,
        description="Cells that say that there is no value, beside those of `data: "
        "missing:`; they are as empty ones in all columns but `patient`. A number is "
        "the same however it is written (-9, -9.0); what `recode` names goes before.",
    )
    drop: list[str] = Field(
        default_factory=list,
        description="Columns of the file that nothing sees, as names and birth dates.",
    )
    no_identifier: dict[str, str] = Field(
        default_factory=dict,
        description="Column of the file that is taken for one by which a patient can "
        "be known, and is none: the reason.",
    )
    separator: str = Field(
        default="",
        pattern=r'^(tab|space|[^A-Za-z0-9"\r\n])?$',
        description="What separates the cells of a text file: ';', '|', 'tab' and so "
        "on. Where it is not given, a first line `sep=;` says it, else it is a comma.",
    )
    decimal: Literal[".", ","] = Field(
        default=".", description="The decimal mark of its numbers."
    )
    thousands: Literal["", ",", ".", " ", "'"] = Field(
        default="", description="What groups the digits of its numbers: 1,234 has ','."
    )
    encoding: str = Field(
        default="",
        description="Encoding of its text where that is not UTF-8 and no byte order "
        "mark tells: cp1252, latin-1, cp932 and so on.",
    )
    date_format: str = Field(
        default="",
        description="Form of its dates where that is not YYYY-MM-DD: DD/MM/YYYY, "
        "MM/DD/YY, DDMONYYYY and so on, or in codes (%d/%m/%Y); a time of day may "
        "follow. 'excel', 'excel1904' or 'sas': numbers of days as these keep dates.",
    )
    header_row: int | None = Field(
        default=None,
        ge=1,
        description="Row of the header where titles stand above it, as a spreadsheet "
        "or an editor counts.",
    )
    row_names: bool = Field(
        default=False,
        description="true: the first column holds names of rows below no name of its "
        "own, as R writes them. It is called row_names. Where the header has one cell "
        "fewer than all rows, this is seen.",
    )
    sheet: str = Field(
        default="",
        description="Sheet of an Excel workbook that has several with cells.",
    )

    @model_serializer(mode="wrap")
    def _without_usual_cells(self, whole: SerializerFunctionWrapHandler) -> Any:
        """Leave out what is as usual, as records of runs before these keys do."""
        fields = type(self).model_fields
        return {
            key: value
            for key, value in whole(self).items()
            if key not in DIALECT or value != fields[key].default
        }

    @property
    def place(self) -> str:
        """What findings call the file: a sheet has its own rows."""
        return f"{self.file} [{self.sheet}]" if self.sheet else self.file

    @property
    def dialect(self) -> Dialect:
        """How the file writes its cells."""
        return Dialect.of(self.model_dump(include=DIALECT))


DIALECT = {field.name for field in dataclasses.fields(Dialect)}
"""The keys of a table that say how its file writes cells."""


class Characteristic(Section):
    """A baseline characteristic to be described."""

    column: str = Field(min_length=1, description="Column in the subjects file.")
    label: str = Field(min_length=1, description="Label in tables, with its unit.")
    kind: Literal["number", "category"] = Field(
        description="'number' (mean, SD, median, range) or 'category' (counts)."
    )
    usual: list[float] | None = Field(
        default=None,
        min_length=2,
        max_length=2,
        description="Of a number: the least and the most that are usual; a warning "
        "tells of others.",
    )


class Pooling(Section):
    """A grouping of patients whose small groups are put together."""

    column: str = Field(
        pattern=r"^[A-Z][A-Z0-9_]{0,7}$",
        description="Name of the pooled grouping: at most 8 capitals, digits, '_'.",
    )
    of: str = Field(min_length=1, description="Column of the subjects file.")
    fewest: int = Field(
        ge=2, description="Groups with fewer patients than this in any arm are pooled."
    )
    label: str = Field(min_length=1, description="What the pooled group is called.")


class Subjects(Table):
    """One row a patient, or a long file that repeats what is the patient's."""

    one_row_a_patient: bool = Field(
        default=True,
        description="false: the file has many rows a patient, which agree in the "
        "columns used here.",
    )
    characteristics: list[Characteristic] = Field(
        default_factory=list, description="Columns described by arm, in this order."
    )
    pooled: list[Pooling] = Field(
        default_factory=list,
        description="Groupings (sites, countries) made of a column by pooling.",
    )


Time = Literal["date", "day", "week", "month", "year", "study_day"]

RELATIVE_DAYS = {singular(unit): days for unit, days in DAYS_PER.items()}
"""Days of each time that is no date and no study day."""


class VisitsTable(Table):
    """One row a visit, or one a patient with a column for each visit.

    Of such a file a name below ``columns`` is a pattern, as norris_limb_w{week}.
    """

    time: Time = Field(
        default="date",
        description="What tells when a visit was: 'date' (visit_date), 'day' "
        "(visit_day, since the time origin), 'week', 'month' or 'year' (visit_week and "
        "so on), which may have decimals, or 'study_day' (visit_study_day), of which 1 "
        "is the time origin and -1 the day before.",
    )


class RecordsTable(Table):
    """Records of what happened to patients on a day."""

    time: Time = Field(
        default="date",
        description="What its dates are: 'date', or times since the time origin (with "
        "dates of visits, since randomisation): 'day', 'week', 'month', 'year', or "
        "'study_day', of which 1 is that day.",
    )
    partial_dates: Literal["refuse", "first", "last"] = Field(
        default="refuse",
        description="What a date counts as of which the day, or the month, is not "
        "known (2005-06, UN-JUN-2005): the 'first' or the 'last' day that it may be, "
        "flagged in the datasets; 'refuse' tells of it and stops.",
    )


class AdverseEventsTable(Table):
    """One row an adverse event."""

    time: Time = Field(
        default="date", description="The same of start_date and end_date."
    )
    partial_dates: Literal["keep", "first", "last", "refuse"] = Field(
        default="keep",
        description="The same; 'keep' leaves such a date as it is known, without a "
        "day, and compares it with others where that can be decided.",
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
        "Beside `allocation`: patient, randomisation_date. A consent_date is checked "
        "if `columns` names it."
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


class VisitWindow(Section):
    """The study days that belong to a scheduled visit; the time origin is day 1."""

    week: float = Field(ge=0, description="The scheduled week, from time zero.")
    from_day: int | None = Field(default=None, description="First study day; open.")
    to_day: int | None = Field(default=None, description="Last study day; open.")
    target_day: int = Field(
        description="Study day to be closest to, where there are several values."
    )


class Visits(Section):
    """The visit schedule."""

    weeks: list[float] = Field(
        default_factory=list,
        description="Scheduled visits in weeks from the time origin.",
    )
    days: list[float] = Field(
        default_factory=list,
        description="In place of weeks: scheduled visits in days from the time origin.",
    )
    months: list[float] = Field(
        default_factory=list, description="The same in months of 30.4375 days."
    )
    years: list[float] = Field(
        default_factory=list, description="The same in years of 365.25 days."
    )
    time_zero: float = Field(
        default=0,
        description="Which time of the schedule and of the file is time zero, where "
        "that is not 0, in the schedule's unit: of visits at ages 8, 10 and 12, 8.",
    )
    window_days: int | None = Field(
        default=None,
        ge=0,
        description="Days that a visit may lie from its scheduled day before a finding "
        "tells of it.",
    )
    windows: list[VisitWindow] = Field(
        default_factory=list,
        description="Study days by which values are assigned to the weeks, in place of "
        "the file's visit_week; of several in a window the closest to the target day "
        "is the analysis value, of equally close ones the earlier.",
    )
    screening_days: int = Field(
        default=90,
        ge=0,
        description="Days before time zero that screening may begin: visits since then "
        "are kept at their day, one that is earlier is told and stops the run. A first "
        "window that is open below begins there.",
    )
    repeats: Literal["refuse", "first", "last", "mean", "worst", "best"] = Field(
        default="refuse",
        description="Which of several values of a patient at one visit, or on one day, "
        "counts: 'first' or 'last' in time (else in the file), 'worst' or 'best' by "
        "the scale's direction, or their 'mean', at the day of the first; 'refuse' "
        "tells of them and stops. Items of a total, and parts of a sum, are taken of "
        "one measurement, a complete one if there is any.",
    )
    carry_forward: Literal["none", "post_baseline", "baseline"] = Field(
        default="none",
        description="Scheduled visits without a value get the last analysis value "
        "before (DTYPE LOCF): 'post_baseline' carries values after baseline alone, "
        "'baseline' the baseline too. Models never use them.",
    )
    carried_past_death: bool = Field(
        default=False,
        description="Whether values are carried to visits after death too, to "
        "replicate a published table; the report says so.",
    )

    @property
    def given(self) -> dict[TimeUnit, list[float]]:
        """Each schedule that is given, by its unit; there should be one."""
        schedules: dict[TimeUnit, list[float]] = {
            "weeks": self.weeks,
            "days": self.days,
            "months": self.months,
            "years": self.years,
        }
        return {unit: times for unit, times in schedules.items() if times}

    @property
    def unit(self) -> TimeUnit:
        """Unit of the schedule."""
        return next(iter(self.given), "weeks")

    @property
    def schedule(self) -> list[float]:
        """Scheduled visits in weeks from time zero, however they are given."""
        return [self.week_of(time) for time in self.given.get(self.unit, [])]

    @property
    def earliest_day(self) -> float:
        """Day from time zero before which no visit is believed."""
        first = self.windows[0].from_day if self.windows else None
        return min(-self.screening_days, first or 0)

    @property
    def zero_day(self) -> float:
        """The day that is time zero, as the file counts."""
        return self.time_zero * DAYS_PER[self.unit]

    def week_of(self, time: float) -> float:
        """Return weeks from time zero of a time, as the schedule counts."""
        return (time * DAYS_PER[self.unit] - self.zero_day) / DAYS_PER_WEEK

    def scheduled_week(self, week: float) -> float | None:
        """Return the scheduled week that one written to a few digits means."""
        near = (w for w in self.schedule if abs(w - week) < SAME_WEEK)
        return next(near, None)

    def visit_of(self, week: float) -> float:
        """Return the scheduled week that one means, else itself."""
        scheduled = self.scheduled_week(week)
        return week if scheduled is None else scheduled

    def name_of(self, week: float) -> str:
        """Return the name of a time, as the schedule counts, of weeks from zero."""
        at = self.time_zero + week * DAYS_PER_WEEK / DAYS_PER[self.unit]
        return f"{singular(self.unit)} {at:g}"

    def label(self, week: float) -> str:
        """Return the name of a visit."""
        if week in self.schedule or week < 0:
            return self.name_of(week).capitalize()
        return "Unscheduled" if week else "Time zero"


class Population(Section):
    """An analysis population, a part of all randomised patients."""

    label: str = Field(min_length=1, description="Label in tables.")
    dosed: bool = Field(default=False, description="Whether a dose was given.")
    values_after_baseline: list[str] = Field(
        default_factory=list,
        description="Ids of outcomes of each of which there is a value after the "
        "time origin.",
    )
