"""Whether the analysis plan is locked, and how far the analysis is from it."""

from pathlib import Path

from pydantic import Field

from alsdecline.settings.plan_lock import (
    Deviation,
    deviations,
    idle_reasons,
    read_lock,
)
from alsdecline.settings.section import Section
from alsdecline.settings.trial import Settings


class PlanStatus(Section):
    """What the report says of the plan's lock."""

    sentence: str = Field(description="All of it in a sentence.")
    digest: str = Field(default="", description="Of the locked plan; empty: no lock.")
    locked_utc: str = Field(default="", description="When, if it was said.")
    deviations: list[Deviation] = Field(
        default_factory=list, description="What differs from the locked plan."
    )
    idle_reasons: list[str] = Field(
        default_factory=list, description="Keys of reasons for what does not differ."
    )

    @property
    def without_reason(self) -> list[Deviation]:
        """Deviations of which nobody says why."""
        return _without_reason(self.deviations)


def _without_reason(found: list[Deviation]) -> list[Deviation]:
    return [deviation for deviation in found if not deviation.reason]


def _how_many(found: list[Deviation]) -> str:
    """Count deviations, and those without a reason."""
    if not found:
        return "no deviation"
    unexplained = len(_without_reason(found))
    counted = "1 deviation" if len(found) == 1 else f"{len(found)} deviations"
    return f"{counted}, {unexplained} without a reason" if unexplained else counted


def plan_status(
    folder: Path, settings: Settings, *, ledger_is_whole: bool = True
) -> PlanStatus:
    """Say whether a trial's plan is locked, and list what differs from it.

    Parameters
    ----------
    folder : Path
        The trial's folder.
    settings : Settings
        Its configuration.
    ledger_is_whole : bool
        Whether the ledger, which tells when it was locked, was never cut or changed.

    Returns
    -------
    PlanStatus

    Raises
    ------
    DataError
        If the lock was changed.
    """
    lock = read_lock(folder)
    alone = len(settings.arms.groups) == 1
    if lock is None:
        state = "was not locked before " + ("the analysis" if alone else "unblinding")
        if settings.trial.blinded:
            state = "is not locked yet"
        return PlanStatus(sentence=f"The analysis plan {state}.")
    found = deviations(lock.plan, settings)
    if lock.fits_existed:
        when = "after fits had been made"
    elif lock.blinded:
        when = "before unblinding"
    else:
        when = "before any fit" + ("" if alone else ", but when arms could be read")
    if not ledger_is_whole:
        when += ", as far as a ledger tells that was cut or changed"
    return PlanStatus(
        sentence=f"The analysis plan was locked {when}; {_how_many(found)}.",
        digest=lock.digest,
        locked_utc=lock.locked_utc or "",
        deviations=found,
        idle_reasons=idle_reasons(found, settings),
    )


def log_lines(status: PlanStatus) -> list[str]:
    """Say the same in a job's log, what needs a reason by name."""
    unexplained = [
        f"{deviation.key}: {deviation.locked} locked, {deviation.present} now; "
        "no reason given"
        for deviation in status.without_reason
    ]
    idle = [f"a reason, but no deviation: {key}" for key in status.idle_reasons]
    return [status.sentence, *unexplained, *idle]
