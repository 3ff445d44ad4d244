"""The catalogue of rules on raw data: each by its id, and how severe its findings are.

Below each stands what it finds. What remedies it. Of that docs/findings.md is made
(``make docs``), and the page of findings, whose rule names this file as what it prints;
to the digest of any other job it is a docstring.
"""

import enum
from typing import Literal, Self

Severity = Literal["fatal", "warning", "note"]
"""A note is listed, and no reason for doubt: what the configuration did to the rows."""


class Rule(enum.StrEnum):
    """A rule on raw data.

    Attributes
    ----------
    severities : tuple of {"fatal", "warning", "note"}
        What its findings may be; the first, where nothing else is said.
    """

    severities: tuple[Severity, ...]

    def __new__(cls, name: str, *severities: Severity) -> Self:
        """Make a rule of its id and severities."""
        rule = str.__new__(cls, name)
        rule._value_ = name
        rule.severities = severities
        return rule

    # files and their headers

    UNREADABLE = "unreadable", "fatal"
    """The file cannot be opened. Correct its permissions."""

    GZIP = "gzip", "fatal"
    """The file is packed by gzip but not called so, cannot be unpacked, or unpacks to
    more than tables do. Let its name end in .gz, pack it again, or unpack it."""

    FOREIGN_FORMAT = "foreign_format", "fatal"
    """The file is of another format than its name says, or of one that is not read
    (SPSS, Stata, Excel 97 and others, a page, an archive). Let its name end as its
    format's do, or save the table as CSV, and name that file."""

    TRANSPORT = "transport", "fatal"
    """The file is no SAS transport file of version 5 or 8, is cut off, or holds several
    datasets. Export it again."""

    DAMAGED = "damaged", "fatal"
    """The file cannot be read as what its name says (Excel, Parquet, SAS,
    Dataset-JSON), is cut off, or unpacks to more than tables do. Export it again."""

    SHEET = "sheet", "fatal"
    """A workbook has several sheets with cells, or not the one that is named. Say by
    `sheet:` which is read."""

    FORMULA = "formula", "fatal"
    """A formula in a column that is used, of which the workbook holds no result. Open
    it in a spreadsheet and save it."""

    MERGED_CELLS = "merged_cells", "fatal"
    """Cells in a column that is used are merged, so that only the first has a value.
    Unmerge them, and fill in each that has it."""

    ENCODING = "encoding", "fatal"
    """A text is not UTF-8, or not of the encoding that is declared. Say by `encoding:`
    in which it is (cp1252, cp932), or save the file as UTF-8 (in Excel: CSV UTF-8)."""

    FILE_EMPTY = "file_empty", "fatal"
    """The file has neither header nor rows. Export it again."""

    SEPARATOR = "separator", "fatal"
    """Columns are separated by semicolons, tabs or bars, and no `sep=` line says so.
    Say by `separator:` which it is, and by `decimal:` whether numbers have commas."""

    QUOTES = "quotes", "fatal"
    """A row cannot be read as CSV. Check its quotes."""

    HEADER_REPEATED = "header_repeated", "fatal"
    """The header has a column more than once. Keep one."""

    HEADER_UNNAMED = "header_unnamed", "fatal"
    """The header has a column without a name that has cells. Name it or remove it;
    where it holds names of rows, say `row_names: true`."""

    HEADER_RESERVED = "header_reserved", "fatal"
    """A column has a name that is used inside the pipeline. Rename it."""

    ROW_CELLS = "row_cells", "fatal"
    """A row has more or fewer cells than the header. Write decimal points, quote the
    cell that has the separator, or write those that are missing."""

    NO_ROWS = "no_rows", "fatal", "warning"
    """The file has a header alone. Add its rows; only a warning where nothing may have
    happened, which is but of subjects, allocation and visits."""

    COLUMN_MISSING = "column_missing", "fatal"
    """The file lacks a column that is needed or configured, or its header stands below
    other rows. Say under `columns:` what it is called; a file without dates has `time:
    week` and `time_origin: baseline`."""

    WIDE_COLUMN = "wide_column", "warning"
    """A column fits a pattern of columns, but tells no time, and is not used. Say by
    `recode:` which time it stands for, if it is a visit."""

    JOINED_COLUMN = "joined_column", "warning"
    """A column is called as programs call the second of one name (.1, _x, .y), and has
    other values than the one that is used. Look up which is right."""

    HEADER_AGAIN = "header_again", "warning"
    """The header stands again among the rows, as where two exports were put together.
    Such rows are left out; look whether others are there twice."""

    COLUMN_EMPTY = "column_empty", "fatal"
    """No cell of an outcome is filled in. Enter the values, or leave the outcome
    out."""

    # who patients are

    IDENTIFIER = "identifier", "fatal"
    """A column holds what tells who a patient is: a name, a date of birth, an address,
    an e-mail address, a telephone number, a record or national number or a postcode, by
    its name or by its cells, which are not shown. Leave it out of the file or `drop:`
    it; take names out of texts at their source; say by `no_identifier:` why it is
    none."""

    DROPPED_COLUMN = "dropped_column", "warning"
    """A column that `drop:` leaves out is not in the file, so what was meant may still
    be read. Correct its name, or take it out of `drop:`."""

    # rows that the configuration selects

    NONE_SELECTED = "none_selected", "fatal", "warning"
    """`where:` leaves no row. Correct it; only a warning where nothing may have
    happened, as of `no_rows`."""

    WHERE_VALUE = "where_value", "warning"
    """No row has a value that `where:` selects. Correct it if it is misspelt."""

    ROWS_LEFT_OUT = "rows_left_out", "note"
    """How many rows `where:` leaves out, by their values, and those of patients whom it
    leaves out of the subjects. Check that it is what is meant."""

    NEAR_SELECTED = "near_selected", "fatal", "warning"
    """A row is left out whose value differs from one that `where:` selects by capitals,
    blanks, dashes or quotes alone; a warning where by a letter or two. Select it too if
    it means the same."""

    NEAR_KEY = "near_key", "fatal", "warning"
    """A value differs from one that `recode:` translates by capitals, blanks, dashes or
    quotes alone, and is not translated; a warning where by a letter or two. Translate
    it too; to itself, if it is right."""

    SWALLOWED = "swallowed", "fatal", "warning"
    """A value is taken for what `"*"` stands for, and is nearly a key of `recode:` or
    one of the other meanings, or a word for it, as Death for died; a warning where it
    is but like it. Say below `recode:` what it stands for."""

    OTHER_VALUES = "other_values", "note"
    """All values that `"*"` stands for, with their numbers. Check that none of them has
    another meaning."""

    UNUSED_KEY = "unused_key", "warning", "note"
    """`recode:` translates a value that no row has; a note where the file has no value
    that is left as it is. Correct it if it is misspelt."""

    # cells

    REQUIRED = "required", "fatal"
    """A cell that every row needs is empty. Fill it in if it is known; patients who
    were not randomised, rows without it and visits of unknown date are left out by
    `where:`."""

    NOT_A_NUMBER = "not_a_number", "fatal"
    """A cell is not a number. Decimal commas are declared by `decimal:`, marks of
    thousands by `thousands:`; what stands for no value has `missing:`. A comma that may
    mean two things is told with both."""

    NOT_A_DATE = "not_a_date", "fatal"
    """A cell is not a date, a day that no calendar has, or one that says that there is
    none (1900-01-01, 9999-12-31). Say by `date_format:` how the file writes dates, or
    write YYYY-MM-DD; `missing:` says which is none. A date that is known in part has
    `partial_dates:` of doses and events, and is not to be made up."""

    DATE_AFTER_CUTOFF = "date_after_cutoff", "fatal"
    """A date is later than the data cutoff. Correct the date, or `cutoff:`."""

    TIME_ZONE = "time_zone", "warning"
    """Dates have times with a zone (Z, +09:00). Each is taken as the day that is
    written; where another zone than the patient's is, that may be a day off: export
    local times."""

    DISTANT_CUTOFF = "distant_cutoff", "warning"
    """The data cutoff is many years later than any date, as if left from another trial.
    Correct `cutoff:`."""

    RANGE = "range", "fatal"
    """A number is beyond the limits of its scale or item. Correct it if it is wrong;
    say by `recode:` what stands for no value; name the scale that has its limits."""

    WHOLE_POINTS = "whole_points", "fatal"
    """A number must be whole, and is not. Correct it, or define a scale without
    `whole_points`."""

    NOT_PERMITTED = "not_permitted", "fatal"
    """A value is none of those that the column may have. Correct it, or say under
    `recode:` what it stands for."""

    ERROR_CELL = "error_cell", "fatal"
    """A text is the error of a spreadsheet's formula (#N/A, #REF!). Correct the formula
    and save the file again, or say under `recode:` what it stands for; in numbers and
    dates it is told as no number or date."""

    CONTROL_CHARACTER = "control_character", "fatal"
    """A text has a control character, which no page, figure or table can show. Remove
    it; line ends and tabs are none."""

    MARKER = "marker", "fatal", "warning"
    """A text says that there is no value (NA, null, ., -, ND), and would be a level, a
    patient or a visit of its own; a warning where it may be a level (unknown, none) or
    is but a reason or a term. Say so by `missing:`, or by `recode:` what it means."""

    SENTINEL = "sentinel", "warning"
    """A number as programs write them for no value (-9, 999), far from all others of
    its column. Say so by `recode:` if it is none."""

    # files with many rows a patient

    PARAMETER_MISSING = "parameter_missing", "fatal"
    """No row of the measurements has an outcome's parameter. Correct the outcomes, or
    leave this one out."""

    NEAR_PARAMETER = "near_parameter", "fatal", "warning"
    """Measurements are not used whose parameter differs from an outcome's by capitals,
    blanks, dashes or quotes alone; a warning where by a letter or two. Say by `recode:`
    that it is the same, if so."""

    UNKNOWN_VISIT = "unknown_visit", "fatal"
    """A measurement is of a visit that the visits file lacks. Add the visit if its date
    is known, or correct the measurement; what is not analysed is left out by
    `where:`."""

    VISIT_DATE = "visit_date", "warning"
    """A measurement has another date than its visit, whose date is used. Correct
    one."""

    DUPLICATE_VALUE = "duplicate_value", "fatal"
    """A patient has a parameter several times at a visit. Say by `visits: repeats:`
    which counts, if it was measured repeatedly; one entered in error goes."""

    REPEATED_VALUE = "repeated_value", "warning"
    """A patient has several values of a visit or day, of which `visits: repeats:`
    chooses. Check that the protocol has this rule."""

    SUBJECT_DIFFERS = "subject_differs", "fatal"
    """What is the patient's differs between rows of the patient. Correct it if it is
    wrong; what changes from visit to visit is no column of the subjects."""

    # patients and their records

    UNKNOWN_PATIENT = "unknown_patient", "fatal"
    """A record is of a patient whom the subjects file lacks. Add the patient, or
    correct the identifier; one who was not randomised is listed and left out by
    `where:`."""

    ALIKE_PATIENTS = "alike_patients", "warning"
    """Two patients' identifiers differ by capitals, leading zeros, dashes or blanks
    alone. Correct one if they are one, or say so by `recode:`."""

    ALIKE_LEVELS = "alike_levels", "warning"
    """Two levels of a characteristic, or names of visits, terms or reasons, differ by
    capitals, blanks, dashes or quotes alone; or one of few patients is of nearly the
    letters of another. Say by `recode:` that they are one, if so."""

    DUPLICATE_PATIENT = "duplicate_patient", "fatal"
    """A patient is in two rows of the subjects file. Write `one_row_a_patient: false`
    where it has several rows a patient; else one that was entered in error goes."""

    DUPLICATE_VISIT = "duplicate_visit", "fatal"
    """A patient has two visits of one name or at one time. Say by `visits: repeats:`
    which values count, if the visit was repeated; `windows:` choose between dates; one
    entered in error goes."""

    DUPLICATE_ALLOCATION = "duplicate_allocation", "fatal"
    """A patient has two allocations. Select by `where:` the one that counts, if both
    are true; one entered in error goes."""

    DUPLICATE_EVENT = "duplicate_event", "fatal"
    """A patient's participation ends twice. Select by `where:` the one that ends it, if
    both are true (withdrawal and later death); one entered in error goes."""

    DUPLICATE_RECORD = "duplicate_record", "warning"
    """Two doses of a patient, or adverse events of one name, start on one day; both are
    counted. Remove one if it was entered twice."""

    NO_ALLOCATION = "no_allocation", "fatal"
    """The allocation file lacks a patient. Add the patient there."""

    EMPTY_ARM = "empty_arm", "fatal"
    """No patient is in an arm of the plan. Say by `recode:` how the file calls it, or
    take it out of the plan."""

    POOLED_LABEL = "pooled_label", "fatal"
    """A group is called as those are that are pooled. Choose another `label`."""

    COVARIATE = "covariate", "fatal"
    """A patient lacks a covariate of the models, or has none of its levels. Enter it if
    it is known, say by `recode:` what it means, or take the covariate out of `models:
    covariates:`."""

    # totals

    SUM = "sum", "fatal"
    """A recorded total is not what its parts or items give. Correct the part or the
    sum if one is wrong, or leave `column:` out, by which it is checked."""

    UNUSED_TOTAL = "unused_total", "warning"
    """A total is recorded whose parts are missing, so it is not used. Enter the parts
    if they are known."""

    NO_TOTAL = "no_total", "fatal"
    """No visit has the items that a total needs. Enter them, or leave the outcome
    out."""

    ITEMS_MISSING = "items_missing", "warning"
    """A visit has some items of a total, and not those that it needs, so it has no
    total. Enter them if they were asked, or write `missing_items: prorate`."""

    SCALE_VERSION = "scale_version", "warning"
    """The same two or more items of a patient lack visit after visit, as if another
    version of the scale had been used. Check which was; totals of two versions are no
    one outcome."""

    ITEM_REVERSED = "item_reversed", "warning"
    """An item becomes better in most patients in whom the other items become worse.
    Check how it is coded; what its numbers mean is said by `recode:`."""

    # visits

    NO_VISITS = "no_visits", "warning"
    """A patient has no visit and is in no analysis. Enter the visits if there are
    any."""

    NO_VALUES = "no_values", "warning"
    """A patient has no value of an outcome and is in no analysis of it. Enter the
    values if they were measured."""

    NO_BASELINE = "no_baseline", "warning"
    """A patient has no baseline, or nobody has, so there is no change from it. Enter it
    if it was measured, or name the column of the subjects that has it."""

    BASELINE_DIFFERS = "baseline_differs", "warning"
    """A baseline in a column of the subjects is not what was measured up to time zero,
    which is used. Correct one of them."""

    NO_FOLLOW_UP = "no_follow_up", "warning"
    """A patient has no value after time zero, and says nothing of a slope. Enter the
    values if they were measured."""

    UNSCHEDULED_VISIT = "unscheduled_visit", "warning"
    """A visit after time zero is at no week of the schedule, has none, or is in no
    window. Check it; the models use it at its day."""

    VISIT_WINDOW = "visit_window", "warning"
    """A visit is far from its scheduled day, or planned before time zero and after it;
    it is kept at its day. Check its date."""

    BEFORE_SCREENING = "before_screening", "fatal"
    """A visit is earlier than screening may begin, as by a slip in the year. Ask where
    the data were entered; if it is right, say so by `visits: screening_days:`."""

    FAR_VISIT = "far_visit", "warning"
    """A visit is half a year after the last scheduled one, in whose window without an
    end it is. Check its date."""

    VISIT_ORDER = "visit_order", "warning"
    """A patient's visits have dates in another order than was planned, or, where no
    plan tells, than in the file. Check both dates."""

    YEAR_SLIP = "year_slip", "fatal"
    """A date is about a year off the plan, of which the patient's other visits are
    near; or all visits are so of a date of randomisation. Look up the year, and correct
    it if it is wrong; if it is right, accept it by a decision."""

    # plausibility

    UNUSUAL = "unusual", "warning"
    """A number is possible, and outside what is usual. Check it against its source;
    leave it if it stands there, or set `usual:` of the outcome or characteristic."""

    OUTLIER = "outlier", "warning"
    """A value is far from the patient's own before and after it. Check it against its
    source, and leave it if it stands there."""

    GAIN = "gain", "warning"
    """A patient is better from a visit on by more than anybody gains. Check whose
    values these are, and on which version of the scale."""

    UNIT_CHANGED = "unit_changed", "warning"
    """Some values of a patient are a multiple of the patient's others, as if in another
    unit. Check them against their source, and give all in one unit."""

    UNIT_DIFFERS = "unit_differs", "warning"
    """All values of a patient, an arm or a site are a multiple of the others', as if in
    another unit. Check them against their source, and give all in one unit."""

    COLUMNS_EXCHANGED = "columns_exchanged", "warning"
    """Values beyond their scale are within another outcome's, and its values within
    this one's. Check `column:` of both, and the file."""

    COPIED_VISITS = "copied_visits", "warning"
    """Two patients have the same values at visits in a row, more than chance has. Check
    whose they are, and leave out the rows that are another's."""

    PATIENTS_ALIKE = "patients_alike", "warning"
    """Two patients agree in all that is known of them at the start, more than chance
    has. If one was entered twice, keep the records under one identifier."""

    # doses and dates

    DOSE_OF_ARM = "dose_of_arm", "fatal", "warning"
    """A dose is another arm's, or, a warning, of no arm. Correct the dose or the arm,
    or name the dose under `titration:` of the arm; one that was given in error is
    accepted by a decision."""

    NO_END_DATE = "no_end_date", "warning"
    """A period of dosing has no end and counts as one day. Enter the end if it is
    known."""

    END_BEFORE_START = "end_before_start", "fatal"
    """A period of dosing or an adverse event ends before it starts. Correct the
    date."""

    BEFORE_RANDOMISATION = "before_randomisation", "fatal"
    """A dose, or the end of participation, is before the patient's randomisation.
    Correct the date if it is wrong; doses of a run-in are left out by `where:`."""

    AFTER_DEATH = "after_death", "fatal"
    """A visit, dose or adverse event is after the patient's death. Correct one of the
    dates."""

    AFTER_END = "after_end", "warning", "note"
    """A visit or dose is after the end of the patient's participation. Correct one if
    it is wrong; a note of visits after withdrawal, by which patients are followed."""

    EARLY_EVENT = "early_event", "warning"
    """An adverse event starts before screening may begin, as by a slip in the year.
    Look up its date; what was there before the trial is no adverse event of it, and is
    left out by `where:`."""

    BEFORE_CONSENT = "before_consent", "fatal", "warning"
    """A randomisation or dose is before the patient's consent (`consent_date` among the
    columns of the subjects); a warning of a visit or adverse event. Correct one of the
    dates if it is wrong."""

    # decisions on the data

    SEVERITY = "severity", "fatal"
    """`severities:` names no rule, or would make a warning of findings with which
    nothing can be analysed. Correct the rule, or take it out there."""

    DECISION_FORM = "decision_form", "fatal"
    """A row of the decisions file does not say what is decided, or who decided it, when
    and why. Fill it in; `data: decisions:` has the columns."""

    DECISION_UNFIT = "decision_unfit", "fatal", "warning"
    """A decision does not fit the raw files: there is no such patient, row or column,
    several, or the cell has another value; or, a warning, a finding that was accepted
    is found no more. Correct the decision, or take it out."""

    DECISION_REPEATED = "decision_repeated", "fatal"
    """Two decisions are of one cell, row or patient. Keep the right one."""
