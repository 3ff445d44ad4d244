"""What a trace answers, as JSON has it.

``analysis``, ``analysisSet``, ``dataSubset``, ``orderedGroupings``, ``method``,
``operation`` and ``result`` are names of CDISC's Analysis Results Standard.
"""

from typing import Any, Literal, TypedDict


class RecordedFile(TypedDict):
    """A file as a record has it, and whether it is still that."""

    file: str
    sha256: str
    state: str


class JobOfTable(TypedDict):
    """What is recorded of the job that wrote a table."""

    job: str
    code: str | None
    environment: str | None
    sha256: str
    state: str


class Result(TypedDict):
    """A value, as its table has it."""

    rawValue: str


class Analysis(TypedDict):
    """What was analysed."""

    id: str
    name: str
    dataset: str
    variable: str


class TracedEstimand(TypedDict):
    """The estimand that a value estimates or supplements."""

    id: str
    label: str
    supplements: bool


class Grouping(TypedDict):
    """A variable, and the group of it that a value is of."""

    groupingVariable: str
    group: str


class Method(TypedDict):
    """How it was analysed."""

    name: str
    description: str


class Source(TypedDict):
    """A file of results that a value is computed from."""

    file: str
    sha256: str | None
    columns: list[str]
    rows: str
    operation: str


class DerivedRows(TypedDict):
    """Rows of an analysis dataset, by the names of its columns and their number."""

    dataset: str
    sha256: str | None
    where: str
    variables: list[str]
    count: int
    rows: list[dict[str, Any]]


class RawRow(TypedDict):
    """A row of a raw file, and the variables of a patient that it gives."""

    row: int
    USUBJID: str
    variables: list[str]


class TracedDecision(TypedDict):
    """What somebody decided on a row of a raw file, by which it is read otherwise."""

    row: int
    kind: str
    column: str
    value: str
    new_value: str
    who: str
    when: str
    why: str


class RawRows(RecordedFile):
    """Rows of a raw file; of a file of which none are known, no count.

    ``sheet`` is that of a workbook, whose rows count as a spreadsheet shows them; else
    empty. ``ranges`` are the first and the last of rows that follow each other.
    """

    sheet: str
    columns: list[str]
    count: int | None
    ranges: list[tuple[int, int]]
    rows: list[RawRow]
    decisions: list[TracedDecision]


class TracedCell(TypedDict):
    """Which cell of which table a value is."""

    kind: Literal["value"]
    id: str
    table: str
    row: int
    column: str
    result: Result
    data_kind: str


class TracedAnalysis(TypedDict):
    """The analysis that gave a value."""

    analysis: Analysis
    estimand: TracedEstimand | None
    analysisSet: str
    dataSubset: str
    orderedGroupings: list[Grouping]
    method: Method
    operation: str
    settings: dict[str, Any]


class TracedValue(TracedCell, TracedAnalysis):
    """The trace of a value.

    ``sources`` are files of results that it is computed from, ``derived`` rows of
    analysis datasets, ``raw`` rows of raw files; ``job`` wrote its table.
    """

    target: str
    job: JobOfTable | None
    sources: list[Source]
    derived: list[DerivedRows]
    raw: list[RawRows]


class TracedJob(TypedDict):
    """A job between a file and the raw files."""

    job: str
    rule: str | None
    wildcards: dict[str, str] | None
    raw: str | None
    environment: str | None
    seeds: dict[str, Any] | None
    gates: dict[str, Any] | None
    versions: dict[str, str] | None
    code: str | None
    settings: Any
    inputs: dict[str, str]
    outputs: list[RecordedFile]


class TracedFile(TypedDict):
    """The trace of a file.

    ``jobs`` are those from the one that made the file back to the first, ``raw`` the
    files that no job made.
    """

    kind: Literal["file"]
    target: str
    file: str
    sha256: str | None
    state: str
    jobs: list[TracedJob]
    raw: list[RecordedFile]


Trace = TracedValue | TracedFile
