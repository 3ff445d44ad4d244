"""What the verbs of the audit answer, as JSON has it."""

from typing import Literal, TypedDict


class FindingAnswer(TypedDict):
    """A :class:`alsdecline.audit.findings.Finding`."""

    path: str
    message: str
    failure: bool


class Verdict(TypedDict):
    """What a check found, and where the ledger stood."""

    verified: bool
    findings: list[FindingAnswer]
    head: str
    lines: int


class VerifyAnswer(Verdict):
    """The verdict, how much was checked, and the SHA-256 of the raw files."""

    jobs: int
    files: int
    raw: dict[str, str]


class RepairAnswer(TypedDict):
    """Files that were removed, and findings that can only be put right by hand."""

    removed: list[str]
    left: list[FindingAnswer]


class ReplayAnswer(TypedDict):
    """Whether a replay gave the same, how it was compared, and what differs.

    ``other_platform`` says why numbers were compared, and not bytes.
    """

    same: bool
    comparison: Literal["bytes", "numbers"]
    other_platform: list[str]
    differing: list[str]
    not_compared: list[str]


class Followed(TypedDict):
    """Jobs that a job follows from, the nearest first, and why the last of them runs.

    ``causes`` are reasons; the name is kept for those who read the JSON.
    """

    jobs: list[str]
    causes: list[str]


class LastRun(TypedDict):
    """When and why a job ran last, and which jobs of the same run it followed."""

    utc: str
    seconds: float | None
    status: str
    message: str
    reason: list[str]
    follows: list[Followed]


class WhyAnswer(TypedDict):
    """Why a job ran last, and whether and why it would run now.

    ``last`` is None where it never ran. ``causes`` are the reasons for which it would
    run by itself.
    """

    job: str
    last: LastRun | None
    runs: str
    causes: list[str]
    follows: list[Followed]
    ledger_holds: bool
