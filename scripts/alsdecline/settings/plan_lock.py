"""The analysis plan: what of a configuration it is, its lock, and what differs since.

The plan is the whole configuration but for what names files and columns, describes
patients, draws figures or introduces the trial. Keys have the paths that they have in
``config.yaml``, parts of lists that have ids by their ids.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import Field

from alsdecline.digests import spec_digest
from alsdecline.faults import DataError
from alsdecline.plain_json import parse_json
from alsdecline.settings.data import Data
from alsdecline.settings.section import Section
from alsdecline.settings.tables import Table
from alsdecline.settings.trial import PlanDeviation, Settings

LOCK = Path("analysis_plan.lock.json")
"""The lock's name in a trial's folder: an input like the configuration, no result."""

REMEDY = "remove the file, and `scripts/audit.py lock` puts it back as it was locked"

NOT_PLAN = (
    "trial",
    "data",
    "figures",
    "privacy",
    "simulated_design",
    "plan_deviations",
)
"""Sections that are no part of the plan, but for what :func:`plan_of` takes of them."""

OF_TABLES = ("where", "recode", "time", "partial_dates", "pooled", "missing")
"""What of a raw table is plan: rows that count, what values mean, time, days that are
not known, groupings."""


class Lock(Section):
    """A locked analysis plan, as its file has it."""

    format: Literal[1] = Field(description="Version of this layout.")
    digest: str = Field(description="Digest of the plan.")
    plan: dict[str, Any] = Field(description="The plan, defaults filled in.")
    blinded: bool = Field(description="Whether it was blinded then and before.")
    fits_existed: bool = Field(description="Whether fits had been made then.")
    locked_utc: str | None = Field(description="When, as the person who locked has it.")


class Deviation(Section):
    """A difference between the locked plan and the configuration."""

    key: str = Field(description="Path in the configuration.")
    locked: str = Field(description="The value in the locked plan.")
    present: str = Field(description="The value now.")
    reason: str = Field(description="Why; empty where no reason is given.")
    date: str = Field(description="When it was decided; empty if not said.")


def _raw_tables() -> list[str]:
    """Return the keys of raw tables; what else is said of the data is no plan."""
    named = []
    for name, field in sorted(Data.model_fields.items()):
        types = get_args(field.annotation) or (field.annotation,)
        if any(isinstance(t, type) and issubclass(t, Table) for t in types):
            named.append(name)
    return named


def plan_of(settings: Settings, chosen: bool = False) -> dict[str, Any]:
    """Return the analysis plan of a configuration.

    Parameters
    ----------
    settings : Settings
        The whole configuration.
    chosen : bool
        Whether to leave out what is as it is by default.

    Returns
    -------
    dict
        JSON values that depend on the settings' meaning alone: all sections but
        :data:`NOT_PLAN`; of these ``trial.id``, from which seeds derive,
        ``data.cutoff``, ``data.missing`` and :data:`OF_TABLES` of each raw table.
    """
    everything = settings.model_dump(mode="json", exclude_defaults=chosen)
    plan = {key: part for key, part in everything.items() if key not in NOT_PLAN}
    plan["trial"] = {"id": settings.trial.id}
    missing = everything["data"].pop("missing", [])
    plan["data"] = {"cutoff": everything["data"].get("cutoff")}
    for name in _raw_tables():
        table = everything["data"].get(name) or {}  # which may come with unblinding
        kept = {key: table[key] for key in OF_TABLES if key in table}
        if not kept.get("missing"):  # as locks have it that are older than the key
            kept.pop("missing", None)
        plan["data"][name] = {"where": {}, "recode": {}} | kept
    if missing:
        plan["data"]["missing"] = missing
    return plan


def plan_digest(plan: Mapping[str, Any]) -> str:
    """Return ``plan:`` and the SHA-256 of a plan's canonical JSON, hexadecimal."""
    return f"plan:{spec_digest(plan)}"


def new_lock(
    settings: Settings, *, unblinded: bool, fits_existed: bool, utc: str | None
) -> Lock:
    """Make the lock of an analysis plan.

    Parameters
    ----------
    settings : Settings
        The whole configuration.
    unblinded : bool
        Whether arms were read before, whatever the configuration says now.
    fits_existed : bool
        Whether fits were made before.
    utc : str or None
        When, in UTC (ISO 8601). The lock has no other time.

    Returns
    -------
    Lock
    """
    plan = plan_of(settings)
    return Lock(
        format=1,
        digest=plan_digest(plan),
        plan=plan,
        blinded=settings.trial.blinded and not unblinded,
        fits_existed=fits_existed,
        locked_utc=utc,
    )


def lock_bytes(lock: Lock) -> bytes:
    """Return the bytes of a lock's file, which depend on the lock alone."""
    text = json.dumps(lock.model_dump(), sort_keys=True, ensure_ascii=False, indent=1)
    return f"{text}\n".encode()


def lock_text(lock: Lock) -> str:
    """Say for people what was locked, and what was known then."""
    when = f" at {lock.locked_utc}" if lock.locked_utc else ""
    lines = [f"analysis plan locked{when}: {lock.digest}, in {LOCK}"]
    if lock.fits_existed:
        lines.append("fits had been made already: the lock says so")
    elif not lock.blinded:
        lines.append("the trial was not blinded: the lock says that arms could be read")
    return "\n".join(lines)


def read_lock(folder: Path) -> Lock | None:
    """Read a trial's lock, and check that its plan has its digest.

    Whether it is the one that was locked, the ledger knows
    (:func:`alsdecline.jobs.locked_plan.held_lock`).

    Parameters
    ----------
    folder : Path
        The trial's folder.

    Returns
    -------
    Lock or None
        None where the plan is not locked.

    Raises
    ------
    DataError
        If the file is no lock, or its plan does not have its digest.
    """
    path = folder / LOCK
    try:
        # a pipe of such a name would be waited for without end
        content = b"" if path.exists() and not path.is_file() else path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError:
        content = b""
    try:
        lock = Lock.model_validate(parse_json(content))
    except ValueError:  # no JSON, or not as a lock has it
        raise DataError(f"{LOCK}: not a lock of an analysis plan; {REMEDY}") from None
    if plan_digest(lock.plan) != lock.digest:
        raise DataError(
            f"{LOCK}: the plan in it does not have its digest {lock.digest}: it was "
            f"changed after it was locked; {REMEDY}"
        )
    return lock


NOTHING: Any = object()
"""Stands for a value that is not there."""


def _by_id(value: Any) -> dict[str, Any] | None:
    """Return the parts of a list by their ids, if all have one."""
    if not (isinstance(value, list) and value):
        return None
    if not all(isinstance(part, dict) and "id" in part for part in value):
        return None
    return {str(part["id"]): part for part in value}


def _shown(value: Any) -> str:
    if value is NOTHING or value is None:
        return "none"
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _differences(
    locked: Any, present: Any, chosen: Any, key: str = ""
) -> Iterator[tuple[str, Any, Any]]:
    """Find what differs between two plans, with its path and both values.

    A key that the locked plan does not know, and that has its default, is a setting
    that the software has got since, and no difference.
    """
    before, after = _by_id(locked), _by_id(present)
    if before is not None and after is not None:
        if [i for i in before if i in after] != [i for i in after if i in before]:
            yield key, list(before), list(after)
        locked, present, chosen = before, after, _by_id(chosen)
    if not (isinstance(locked, dict) and isinstance(present, dict)):
        if locked != present:
            yield key, locked, present
        return
    for name in sorted({*locked, *present}):
        here = f"{key}.{name}".removeprefix(".")
        inner = chosen.get(name, NOTHING) if isinstance(chosen, dict) else NOTHING
        if name in locked:
            now = present.get(name, NOTHING)
            yield from _differences(locked[name], now, inner, here)
        elif inner is not NOTHING and inner not in ({}, []):
            yield here, NOTHING, present[name]


def _reason_for(key: str, reasons: list[PlanDeviation]) -> PlanDeviation | None:
    """Return the reason for a key, or for the nearest part that holds it."""
    fit = [reason for reason in reasons if f"{key}.".startswith(f"{reason.key}.")]
    return max(fit, key=lambda reason: len(reason.key), default=None)


def deviations(locked: Mapping[str, Any], settings: Settings) -> list[Deviation]:
    """List what differs between the locked plan and a configuration.

    Parameters
    ----------
    locked : mapping
        The locked plan.
    settings : Settings
        The configuration, with ``plan_deviations``.

    Returns
    -------
    list of Deviation
        By key. Order of keys, comments and layout do not count.
    """
    present, chosen = plan_of(settings), plan_of(settings, chosen=True)
    found = []
    for key, before, now in _differences(locked, present, chosen):
        given = _reason_for(key, settings.plan_deviations)
        found.append(
            Deviation(
                key=key,
                locked=_shown(before),
                present=_shown(now),
                reason=given.reason if given else "",
                date=str(given.date) if given and given.date else "",
            )
        )
    return found


def idle_reasons(found: list[Deviation], settings: Settings) -> list[str]:
    """Return the keys of reasons that are given for what does not deviate."""
    reasons = settings.plan_deviations
    used = {_reason_for(deviation.key, reasons) for deviation in found}
    return [reason.key for reason in reasons if reason not in used]
