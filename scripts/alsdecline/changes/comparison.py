"""What a comparison of two runs finds, as JSON has it."""

from typing import Any, Literal, TypedDict

from alsdecline.settings.changes import SettingChange

type OneSided = Literal["added", "removed"]
"""Which run alone has something: the new one, or the old one."""

type CodeChangeKind = Literal["added", "removed", "meaning", "bytes"]
"""How a file of code changed: ``bytes`` is comments, docstrings or layout alone."""

type Numbers = dict[str, float | None]
"""The numbers of an estimate, by name; None where one is not given."""


class FieldChange(TypedDict):
    """A field of a row; None on the side that has no such row."""

    field: str
    old: Any
    new: Any


class RowChange(TypedDict):
    """A row of an analysis dataset that was added, changed or removed."""

    dataset: str
    change: Literal["added", "changed", "removed"]
    patient: str
    parameter: str | None
    term: str | None
    visit: float | None
    date: str | None
    fields: list[FieldChange]


class DatasetChange(TypedDict):
    """A dataset that one run alone has."""

    dataset: str
    change: OneSided


class ColumnChange(TypedDict):
    """A column that one run alone has."""

    dataset: str
    column: str
    change: OneSided


class FollowedColumn(TypedDict):
    """How many rows differ in a column that follows from others."""

    dataset: str
    column: str
    rows: int


class DerivedRowCounts(TypedDict):
    """How many sums and carried values were added, changed and removed."""

    dataset: str
    added: int
    changed: int
    removed: int


class PatientChanges(TypedDict):
    """What differs between the analysis datasets of two runs.

    The rows of ``datasets`` and the cells of ``columns``, which one run alone has, are
    not among the ``changes``.
    """

    changes: list[RowChange]
    datasets: list[DatasetChange]
    columns: list[ColumnChange]
    followed: list[FollowedColumn]
    derived: list[DerivedRowCounts]


class FileChange(TypedDict):
    """SHA-256 of a raw file, None where a run has none."""

    file: str
    old: str | None
    new: str | None


class DecisionChange(TypedDict):
    """A decision on the data that was added, changed or removed.

    ``of`` is what it is about; ``fields`` are those that differ, None on the side that
    has no such decision.
    """

    change: Literal["added", "changed", "removed"]
    of: dict[str, str]
    fields: list[FieldChange]


class VersionChange(TypedDict):
    """Versions of a package, None where a run has none."""

    name: str
    old: str | None
    new: str | None


class CodeChange(TypedDict):
    """A file of code that differs, and the jobs that it is of."""

    file: str
    change: CodeChangeKind
    jobs: list[str]


class JobChange(TypedDict):
    """A job that one run alone recorded."""

    job: str
    change: OneSided


class ComparedEstimate(TypedDict):
    """An estimate before and after; None where one run alone has it.

    ``of`` is what identifies it in its table. ``monte_carlo_limit`` is by how much an
    estimate and a probability may differ by Monte Carlo error alone (4 combined
    standard errors), where the posteriors tell.
    """

    table: str
    of: dict[str, str]
    old: Numbers | None
    new: Numbers | None
    difference: dict[str, float]
    monte_carlo_limit: dict[str, float]


class NamedEstimate(ComparedEstimate):
    """An estimate with what it is called, and whether it is the primary one."""

    label: str
    primary: bool


class Conclusion(TypedDict):
    """A conclusion that differs, in a sentence."""

    kind: Literal["estimand", "sign", "interval", "gates"]
    primary: bool
    sentence: str


class OtherChanges(TypedDict):
    """What differs beside patients and estimates; None what could not be compared."""

    settings: list[SettingChange] | None
    raw_files: list[FileChange]
    decisions: list[DecisionChange]
    code: list[CodeChange] | None
    jobs: list[JobChange] | None
    versions: list[VersionChange] | None
    packages: list[VersionChange] | None
    conclusions: list[Conclusion]


class Comparison(OtherChanges):
    """Two runs compared: their names, and what differs.

    ``same`` tells whether nothing does, ``notes`` what could not be compared.
    """

    format: int
    old: str
    new: str
    same: bool
    notes: list[str]
    records: PatientChanges
    estimates: list[NamedEstimate]
