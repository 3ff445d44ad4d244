"""The analysis plan: what of a configuration it is, its lock, and what differs since.

The plan is the whole configuration but for what names files and columns, describes
patients, draws figures or introduces the trial. Keys have the paths that they have in
``config.yaml``, parts of lists that have ids by their ids.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from alsdecline.digests import spec_digest
from alsdecline.faults import DataError
from alsdecline.plain_json import parse_json
from alsdecline.settings.data import Data
from alsdecline.settings.file import CONFIG, read_settings
from alsdecline.settings.section import Section
from alsdecline.settings.trial import PlanDeviation, Settings

LOCK = Path("analysis_plan.lock.json")
"""The lock's name in a trial's folder: an input like the configuration, no result."""

NOT_PLAN = ("trial", "data", "figures", "plan_deviations")
"""Sections that are no part of the plan, but for what :func:`plan_of` takes of them."""

OF_TABLES = ("where", "recode", "time", "pooled")
"""What of a raw table is plan: rows that count, what values mean, time, groupings."""

FITS = Path("results/fits")


class Lock(Section):
    """A locked analysis plan, as its file has it."""

    format: Literal[1] = Field(description="Version of this layout.")
    digest: str = Field(description="Digest of the plan.")
    plan: dict[str, Any] = Field(description="The plan, defaults filled in.")
    blinded: bool = Field(description="Whether the trial was blinded then.")
    fits_existed: bool = Field(description="Whether results of fits were there then.")
    locked_utc: str | None = Field(description="When, as the person who locked has it.")


class Deviation(Section):
    """A difference between the locked plan and the configuration."""

    key: str = Field(description="Path in the configuration.")
    locked: str = Field(description="The value in the locked plan.")
    present: str = Field(description="The value now.")
    reason: str = Field(description="Why; empty where no reason is given.")
    date: str = Field(description="When it was decided; empty if not said.")


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
        ``data.cutoff`` and :data:`OF_TABLES` of each raw table.
    """
    everything = settings.model_dump(mode="json", exclude_defaults=chosen)
    plan = {key: part for key, part in everything.items() if key not in NOT_PLAN}
    plan["trial"] = {"id": settings.trial.id}
    plan["data"] = {"cutoff": everything["data"]["cutoff"]}
    for name in sorted(Data.model_fields.keys() - plan["data"]):
        table = everything["data"].get(name) or {}  # which may come with unblinding
        kept = {key: table[key] for key in OF_TABLES if key in table}
        plan["data"][name] = {"where": {}, "recode": {}} | kept
    return plan


def plan_digest(plan: Mapping[str, Any]) -> str:
    """Return ``plan:`` and the SHA-256 of a plan's canonical JSON, hexadecimal."""
    return f"plan:{spec_digest(plan)}"


def lock_plan(folder: Path, *, utc: str | None = None) -> Lock:
    """Freeze the analysis plan of a trial in a file beside its configuration.

    Parameters
    ----------
    folder : Path
        The trial's folder.
    utc : str, optional
        When, in UTC (ISO 8601). The file has no other time.

    Returns
    -------
    Lock
        As the file has it.

    Raises
    ------
    SettingsError
        If the configuration is absent or wrong.
    DataError
        If the plan is locked already.
    """
    settings = read_settings(folder / CONFIG)
    plan = plan_of(settings)
    lock = Lock(
        format=1,
        digest=plan_digest(plan),
        plan=plan,
        blinded=settings.trial.blinded,
        fits_existed=any(path.is_file() for path in (folder / FITS).rglob("*")),
        locked_utc=utc,
    )
    text = json.dumps(lock.model_dump(), sort_keys=True, ensure_ascii=False, indent=1)
    try:
        with (folder / LOCK).open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(f"{text}\n")
    except FileExistsError:
        raise DataError(
            f"{LOCK}: the analysis plan is locked already, and is locked once; say "
            f"under `plan_deviations:` in {CONFIG} what differs from it and why"
        ) from None
    return lock


def lock_text(lock: Lock) -> str:
    """Say for people what was locked, and what was known then."""
    when = f" at {lock.locked_utc}" if lock.locked_utc else ""
    lines = [f"analysis plan locked{when}: {lock.digest}, in {LOCK}"]
    if lock.fits_existed:
        lines.append(f"fits were there already, in {FITS}: the lock says so")
    elif not lock.blinded:
        lines.append("trial.blinded is not true: the lock says that arms could be read")
    return "\n".join(lines)


def read_lock(folder: Path) -> Lock | None:
    """Read a trial's lock, and check that the plan in it is the one that was locked.

    Parameters
    ----------
    folder : Path
        The trial's folder.

    Returns
    -------
    Lock or None
        As :func:`lock_plan` returned it; None where the plan is not locked.

    Raises
    ------
    DataError
        If the file is no lock, or its plan does not have its digest.
    """
    try:
        content = (folder / LOCK).read_bytes()
    except FileNotFoundError:
        return None
    except OSError:
        content = b""
    try:
        lock = Lock.model_validate(parse_json(content))
    except ValueError:  # no JSON, or not as a lock has it
        raise DataError(
            f"{LOCK}: not a lock of an analysis plan; restore the file as it was locked"
        ) from None
    if plan_digest(lock.plan) != lock.digest:
        raise DataError(
            f"{LOCK}: the plan in it does not have its digest {lock.digest}: it was "
            "changed after it was locked; restore the file as it was"
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
