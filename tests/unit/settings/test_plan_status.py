"""What the report and its log say of a plan's lock, and of what differs since."""

from pathlib import Path

import pytest

from alsdecline.jobs.locked_plan import lock_plan
from alsdecline.settings.file import read_settings
from alsdecline.settings.plan_status import log_lines, plan_status
from support.blinded_trial import edit_config
from support.trial_folder import copy_bundled_trial


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_bundled_trial(tmp_path / "trial")


# whether the trial is blinded and fits are there, and what is said of it for ever
WHEN = [
    (True, False, "The analysis plan was locked before unblinding; no deviation."),
    (
        False,
        False,
        (
            "The analysis plan was locked before any fit, but when arms could be read; "
            "no deviation."
        ),
    ),
    (
        False,
        True,
        "The analysis plan was locked after fits had been made; no deviation.",
    ),
    (
        True,
        True,
        "The analysis plan was locked after fits had been made; no deviation.",
    ),
]


@pytest.mark.parametrize(("blinded", "fits", "says"), WHEN)
def test_a_lock_says_what_could_be_known_when_it_was_made(
    blinded: bool, fits: bool, says: str, folder: Path
) -> None:
    edit_config(folder, trial__blinded=blinded)
    if fits:
        path = folder / "results/fits/joint/posterior.parquet"
        path.parent.mkdir(parents=True)
        path.touch()
    lock = lock_plan(folder)
    assert (lock.blinded, lock.fits_existed) == (blinded, fits)
    edit_config(folder, trial__blinded=False)
    settings = read_settings(folder / "config.yaml")
    assert plan_status(folder, settings).sentence == says
    # when, is known by the ledger
    cut = plan_status(folder, settings, ledger_is_whole=False).sentence
    assert cut == says.replace(
        "; no", ", as far as a ledger tells that was cut or changed; no"
    )


def test_an_analysis_without_a_lock_says_so(folder: Path) -> None:
    config = folder / "config.yaml"
    assert plan_status(folder, read_settings(config)).sentence == (
        "The analysis plan was not locked before unblinding."
    )
    edit_config(folder, trial__blinded=True)
    assert plan_status(folder, read_settings(config)).sentence == (
        "The analysis plan is not locked yet."
    )


def test_what_has_no_reason_is_counted_and_named(folder: Path) -> None:
    lock_plan(folder)
    edit_config(
        folder,
        gates__ess=200,
        sampler__chains=2,
        plan_deviations=[{"key": "gates.ess", "reason": "a short run"}],
    )
    status = plan_status(folder, read_settings(folder / "config.yaml"))
    assert status.sentence.endswith("; 2 deviations, 1 without a reason.")
    assert log_lines(status)[1:] == ["sampler.chains: 4 locked, 2 now; no reason given"]


def test_a_reason_for_what_does_not_deviate_is_told(folder: Path) -> None:
    lock_plan(folder)
    edit_config(folder, plan_deviations=[{"key": "gates.ess", "reason": "mended"}])
    status = plan_status(folder, read_settings(folder / "config.yaml"))
    assert status.idle_reasons == ["gates.ess"]
    assert log_lines(status)[1:] == ["a reason, but no deviation: gates.ess"]
