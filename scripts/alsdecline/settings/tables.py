"""Settings of the raw files: their names, columns, values, and how they are written.

The descriptions are what a wrong setting's message shows, so they say what is
permitted.
"""

import dataclasses
from typing import Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from alsdecline.settings.section import Section
from alsdecline.table_files.dialect import Dialect
from alsdecline.time_units import DAYS_PER, singular


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
        "follow. 'excel', 'excel1904', 'sas' or 'unix' (R): numbers of days as these "
        "keep dates.",
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
            if key not in {*DIALECT, "one_of"}
            or value != fields[key].get_default(call_default_factory=True)
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
    not_after: str | None = Field(
        default=None,
        min_length=1,
        description="Of a number: the column of another that it is never more than, as "
        "age at onset and age at entry; a warning tells where it is.",
    )

    @model_serializer(mode="wrap")
    def _without_no_order(self, whole: SerializerFunctionWrapHandler) -> Any:
        """Leave out an order that is not given, as records of runs before it do."""
        fields: dict[str, Any] = whole(self)
        return {k: v for k, v in fields.items() if k != "not_after" or v is not None}


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
    one_of: dict[str, list[str]] = Field(
        default_factory=dict,
        description="A new column: the columns of the file of which each row has one "
        "filled in, as items 5a (without gastrostomy) and 5b (with it) of ALSFRS-R. "
        "The new name is used as any column's.",
    )


class RecordsTable(Table):
    """Records of what happened to patients on a day."""

    time: Time = Field(
        default="date",
        description="What its dates are: 'date', or times since the time origin (with "
        "dates of visits, since randomisation): 'day', 'week', 'month', 'year', which "
        "begin at `visits: time_zero:` as those of visits do, or 'study_day', of which "
        "1 is that day.",
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
