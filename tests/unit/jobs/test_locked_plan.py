"""A lock is the one that the ledger tells of, or the run is refused."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alsdecline.faults import DataError
from alsdecline.jobs.before_planning import load_settings
from alsdecline.jobs.ledger import LEDGER, append, read_ledger
from alsdecline.jobs.locked_plan import (
    copy_lock,
    held_lock,
    ledger_is_whole,
    lock_plan,
)
from alsdecline.settings.plan_lock import LOCK, lock_bytes, plan_digest, read_lock
from support.blinded_trial import edit_config
from support.trial_folder import copy_bundled_trial

WHEN = "2005-12-01T09:00:00.000Z"
FITS_MADE = {
    "event": "job",
    "status": "done",
    "job": "fit_joint",
    "ended": WHEN,
    "depends": {},
    "inputs": {},
    "outputs": {"results/fits/joint/posterior.parquet": "1"},
    "timed": {},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a blinded trial whose plan is not locked yet."""
    trial = copy_bundled_trial(tmp_path / "trial")
    edit_config(trial, trial__blinded=True)
    return trial


def edit_lock(folder: Path, **changes: Any) -> None:
    """Edit the lock as its own reader takes it, the plan with its digest."""
    lock = read_lock(folder)
    assert lock is not None
    (folder / LOCK).write_bytes(lock_bytes(lock.model_copy(update=changes)))
    assert read_lock(folder) is not None


def another_plan(folder: Path) -> None:
    lock = read_lock(folder)
    assert lock is not None
    plan = lock.plan | {"primary": "rate_limb"}
    edit_lock(folder, plan=plan, digest=plan_digest(plan))


FORGED: dict[str, Callable[[Path], None]] = {
    "what was known": lambda folder: edit_lock(folder, fits_existed=True),
    "blinding": lambda folder: edit_lock(folder, blinded=False),
    "the time": lambda folder: edit_lock(folder, locked_utc="2004-12-01T09:00:00Z"),
    "the plan with its digest": another_plan,
}


@pytest.mark.parametrize("what", FORGED)
def test_a_lock_that_was_edited_is_refused_before_planning(
    folder: Path, what: str
) -> None:
    lock_plan(folder, utc=WHEN)
    before = (folder / LOCK).read_bytes()
    FORGED[what](folder)
    with pytest.raises(DataError) as refused:
        load_settings({}, folder)
    assert str(refused.value) == (
        f"{LOCK}: was changed after it was locked, for it is not the one that "
        f"{LEDGER}, line 1 tells of; remove the file, and `scripts/audit.py lock` puts "
        "it back as it was locked"
    )
    with pytest.raises(DataError):
        lock_plan(folder)
    # the remedy
    (folder / LOCK).unlink()
    lock_plan(folder, utc="2006-12-01T09:00:00Z")
    assert (folder / LOCK).read_bytes() == before
    assert load_settings({}, folder).trial.blinded
    assert len(read_ledger(folder).lines) == 1


def test_a_lock_that_no_line_of_the_ledger_tells_of_is_refused(
    folder: Path, tmp_path: Path
) -> None:
    lock_plan(folder, utc=WHEN)
    (folder / "results").rename(tmp_path / "elsewhere")
    for refuse in (lambda: load_settings({}, folder), lambda: lock_plan(folder)):
        with pytest.raises(DataError, match=r"no line of .* tells of this lock"):
            refuse()
    # nor is a line enough that has the plan's digest alone
    lock = read_lock(folder)
    assert lock is not None
    append(folder, [{"event": "lock", "digest": lock.digest}])
    with pytest.raises(DataError, match=r"no line of .* tells of this lock"):
        held_lock(folder)


def test_a_lock_that_is_gone_is_told(folder: Path) -> None:
    lock_plan(folder, utc=WHEN)
    (folder / LOCK).unlink()
    with pytest.raises(DataError) as refused:
        load_settings({}, folder)
    assert str(refused.value) == (
        f"{LOCK}: is gone, but {LEDGER}, line 1 tells that the plan was locked at "
        f"{WHEN}; `scripts/audit.py lock` puts it back"
    )


@pytest.mark.parametrize("lock", [{"format": 2}, {"plan": {"a": "\ud800"}}, None])
def test_a_line_whose_lock_is_not_the_one_of_its_digest_puts_nothing_back(
    folder: Path, lock: dict[str, Any] | None
) -> None:
    whole = lock_plan(folder, utc=WHEN).model_dump()
    (line,) = read_ledger(folder).lines
    shutil.rmtree(folder / "results")
    (folder / LOCK).unlink()
    forged = whole | ({"blinded": False} if lock is None else lock)
    append(folder, [line | {"lock": forged}])
    with pytest.raises(DataError, match="does not have its SHA-256"):
        lock_plan(folder)
    assert not (folder / LOCK).exists()


def test_the_first_lock_counts(folder: Path) -> None:
    lock_plan(folder, utc=WHEN)
    edit_config(folder, primary="rate_limb")
    (folder / LOCK).unlink()
    (folder / "results").rename(folder / "first")
    lock_plan(folder, utc="2006-12-01T09:00:00Z")
    (later,) = read_ledger(folder).lines
    (folder / "results").rename(folder / "second")
    (folder / "first").rename(folder / "results")
    append(folder, [later])
    with pytest.raises(DataError, match="line 1 tells of"):
        held_lock(folder)


KNOWN: dict[str, tuple[dict[str, Any], str]] = {
    "fits that were deleted": (FITS_MADE, "fits_existed"),
    "a run that was not blinded": ({"event": "run", "blinded": False}, "blinded"),
}


@pytest.mark.parametrize("what", KNOWN)
def test_a_lock_says_what_the_ledger_tells_before_it(folder: Path, what: str) -> None:
    event, field = KNOWN[what]
    append(folder, [{"event": "run", "blinded": True}, event])
    lock = lock_plan(folder, utc=WHEN)
    assert (lock.blinded, lock.fits_existed) == (
        field != "blinded",
        field == "fits_existed",
    )
    assert held_lock(folder) == lock


@pytest.mark.parametrize("what", KNOWN)
def test_a_lock_entered_late_as_if_nothing_were_known_is_refused(
    folder: Path, tmp_path: Path, what: str
) -> None:
    other = copy_bundled_trial(tmp_path / "other")
    edit_config(other, trial__blinded=True)
    lock_plan(other, utc=WHEN)
    (line,) = read_ledger(other).lines
    append(folder, [KNOWN[what][0], line])
    (folder / LOCK).write_bytes((other / LOCK).read_bytes())
    with pytest.raises(DataError, match="says less of what was known"):
        held_lock(folder)


def test_what_came_after_the_lock_is_no_contradiction(folder: Path) -> None:
    lock = lock_plan(folder, utc=WHEN)
    append(folder, [{"event": "run", "blinded": False}, FITS_MADE])
    assert held_lock(folder) == lock


def test_a_lock_is_entered_whole_with_the_digest_of_its_file(folder: Path) -> None:
    lock = lock_plan(folder, utc=WHEN)
    (line,) = read_ledger(folder).lines
    assert (line["time"], line["digest"]) == (WHEN, lock.digest)
    assert line["lock"] == json.loads((folder / LOCK).read_bytes())


def test_nothing_is_locked_in_a_ledger_that_does_not_hold(folder: Path) -> None:
    append(folder, [{"event": "run"}, {"event": "run"}])
    (folder / LEDGER).write_bytes(b"")
    assert not ledger_is_whole(folder)
    with pytest.raises(DataError, match=r"its tail was cut\nnothing was locked"):
        lock_plan(folder, utc=WHEN)
    assert not (folder / LOCK).exists()


def test_a_ledger_that_goes_on_after_it_was_cut_is_not_whole(folder: Path) -> None:
    append(folder, [{"event": "run"}, {"event": "run"}])
    assert ledger_is_whole(folder)
    (folder / LEDGER).write_bytes(b"")
    append(folder, [{"event": "run"}])
    assert not ledger_is_whole(folder)


def test_a_lock_is_copied_with_its_line(folder: Path, tmp_path: Path) -> None:
    other = copy_bundled_trial(tmp_path / "other")
    copy_lock(folder, other)
    assert held_lock(other) is None
    lock = lock_plan(folder, utc=WHEN)
    copy_lock(folder, other)
    assert held_lock(other) == lock
    assert (other / LOCK).read_bytes() == (folder / LOCK).read_bytes()
