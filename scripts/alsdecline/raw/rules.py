"""The catalogue of rules on raw data: each by its id, and how severe its findings are.

What each finds, and what to do about it, stands in ``rule_meanings.yaml`` beside this
module: words that no job but the page of findings prints.
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
    GZIP = "gzip", "fatal"
    FOREIGN_FORMAT = "foreign_format", "fatal"
    TRANSPORT = "transport", "fatal"
    DAMAGED = "damaged", "fatal"
    SHEET = "sheet", "fatal"
    FORMULA = "formula", "fatal"
    MERGED_CELLS = "merged_cells", "fatal"
    ENCODING = "encoding", "fatal"
    FILE_EMPTY = "file_empty", "fatal"
    SEPARATOR = "separator", "fatal"
    QUOTES = "quotes", "fatal"
    HEADER_REPEATED = "header_repeated", "fatal"
    HEADER_UNNAMED = "header_unnamed", "fatal"
    HEADER_RESERVED = "header_reserved", "fatal"
    ROW_CELLS = "row_cells", "fatal"
    NO_ROWS = "no_rows", "fatal", "warning"
    COLUMN_MISSING = "column_missing", "fatal"
    WIDE_COLUMN = "wide_column", "warning"
    JOINED_COLUMN = "joined_column", "warning"
    HEADER_AGAIN = "header_again", "warning"
    COLUMN_EMPTY = "column_empty", "fatal"

    # who patients are
    IDENTIFIER = "identifier", "fatal"
    DROPPED_COLUMN = "dropped_column", "warning"

    # rows that the configuration selects
    NONE_SELECTED = "none_selected", "fatal", "warning"
    WHERE_VALUE = "where_value", "warning"
    ROWS_LEFT_OUT = "rows_left_out", "note"
    NEAR_SELECTED = "near_selected", "fatal", "warning"
    NEAR_KEY = "near_key", "fatal", "warning"
    SWALLOWED = "swallowed", "fatal", "warning"
    OTHER_VALUES = "other_values", "note"
    UNUSED_KEY = "unused_key", "warning", "note"

    # cells
    REQUIRED = "required", "fatal"
    NOT_A_NUMBER = "not_a_number", "fatal"
    NOT_A_DATE = "not_a_date", "fatal"
    DATE_AFTER_CUTOFF = "date_after_cutoff", "fatal"
    DAY_AND_MONTH = "day_and_month", "warning"
    TIME_ZONE = "time_zone", "warning"
    DISTANT_CUTOFF = "distant_cutoff", "warning"
    RANGE = "range", "fatal"
    WHOLE_POINTS = "whole_points", "fatal"
    NOT_PERMITTED = "not_permitted", "fatal"
    ERROR_CELL = "error_cell", "fatal"
    CONTROL_CHARACTER = "control_character", "fatal"
    MARKER = "marker", "fatal", "warning"
    SENTINEL = "sentinel", "warning"

    # files with many rows a patient
    PARAMETER_MISSING = "parameter_missing", "fatal"
    NEAR_PARAMETER = "near_parameter", "fatal", "warning"
    UNKNOWN_VISIT = "unknown_visit", "fatal"
    VISIT_DATE = "visit_date", "warning"
    DUPLICATE_VALUE = "duplicate_value", "fatal"
    REPEATED_VALUE = "repeated_value", "warning"
    SUBJECT_DIFFERS = "subject_differs", "fatal"

    # patients and their records
    UNKNOWN_PATIENT = "unknown_patient", "fatal"
    ALIKE_PATIENTS = "alike_patients", "warning"
    ALIKE_LEVELS = "alike_levels", "warning"
    DUPLICATE_PATIENT = "duplicate_patient", "fatal"
    DUPLICATE_VISIT = "duplicate_visit", "fatal"
    DUPLICATE_ALLOCATION = "duplicate_allocation", "fatal"
    DUPLICATE_EVENT = "duplicate_event", "fatal"
    DUPLICATE_RECORD = "duplicate_record", "warning"
    NO_ALLOCATION = "no_allocation", "fatal"
    ARMS_DIFFER = "arms_differ", "warning"
    EMPTY_ARM = "empty_arm", "fatal"
    POOLED_LABEL = "pooled_label", "fatal"
    COVARIATE = "covariate", "fatal"

    # totals
    SUM = "sum", "fatal"
    UNUSED_TOTAL = "unused_total", "warning"
    NO_TOTAL = "no_total", "fatal"
    ITEMS_MISSING = "items_missing", "warning"
    SCALE_VERSION = "scale_version", "warning"
    EITHER_ITEM = "either_item", "fatal", "warning"
    ITEM_REVERSED = "item_reversed", "warning"

    # visits
    NO_VISITS = "no_visits", "warning"
    NO_VALUES = "no_values", "warning"
    NO_BASELINE = "no_baseline", "warning"
    BASELINE_DIFFERS = "baseline_differs", "warning"
    NO_FOLLOW_UP = "no_follow_up", "warning", "note"
    UNSCHEDULED_VISIT = "unscheduled_visit", "warning"
    VISIT_WINDOW = "visit_window", "warning"
    BEFORE_SCREENING = "before_screening", "fatal"
    FAR_VISIT = "far_visit", "warning"
    MOSTLY_BEFORE = "mostly_before", "warning"
    VISIT_ORDER = "visit_order", "warning"
    YEAR_SLIP = "year_slip", "fatal"

    # plausibility
    UNUSUAL = "unusual", "warning"
    OUTLIER = "outlier", "warning"
    GAIN = "gain", "warning"
    UNIT_CHANGED = "unit_changed", "warning"
    UNIT_DIFFERS = "unit_differs", "warning"
    COLUMNS_EXCHANGED = "columns_exchanged", "warning"
    COPIED_VISITS = "copied_visits", "warning"
    PATIENTS_ALIKE = "patients_alike", "warning"

    # doses and dates
    DOSE_OF_ARM = "dose_of_arm", "fatal", "warning"
    NO_END_DATE = "no_end_date", "warning"
    END_BEFORE_START = "end_before_start", "fatal"
    BEFORE_RANDOMISATION = "before_randomisation", "fatal"
    AFTER_DEATH = "after_death", "fatal", "warning"
    AFTER_END = "after_end", "warning", "note"
    EARLY_EVENT = "early_event", "warning"
    NO_SEVERITY = "no_severity", "warning"
    OVERLAPPING_DOSES = "overlapping_doses", "warning"
    DEATH_NOT_TOLD = "death_not_told", "warning"
    COMPLETION_DAY = "completion_day", "warning"
    DISTANT_DATE = "distant_date", "warning"
    EARLY_CONSENT = "early_consent", "warning"
    BEFORE_CONSENT = "before_consent", "fatal", "warning"
    HISTORY_ORDER = "history_order", "warning"

    # decisions on the data
    SEVERITY = "severity", "fatal"
    DECISION_FORM = "decision_form", "fatal"
    DECISION_UNFIT = "decision_unfit", "fatal", "warning"
    DECISION_REPEATED = "decision_repeated", "fatal"
