"""A plan locked while blinded, the trial then unblinded: the report says what differs.

The fits are as short as the sampler's settings permit; no number of theirs is used.
"""

import re
import shutil
from pathlib import Path

import pytest

from alsdecline.jobs.locked_plan import lock_plan
from alsdecline.report.glossary import visible_text
from alsdecline.settings.plan_lock import LOCK
from support.blinded_trial import blinded_trial, edit_config
from support.brief_trial import ask_for_one_fit
from support.job_runs import TIMED, analyse
from support.once import Once
from support.trial_folder import replaced, results_of, run_snakemake

pytestmark = pytest.mark.runs


def text_of(folder: Path) -> str:
    page = (folder / "results/report.html").read_text("utf-8")
    return visible_text(page)


@pytest.fixture(scope="module")
def unblinded_once(once: Once) -> Path:
    """Lock a blinded trial, unblind it, change two settings and give one reason."""

    def make(folder: Path) -> None:
        blinded_trial(folder)
        ask_for_one_fit(folder)
        dosed = {"DOSEDFL": {"label": "Who was dosed", "dosed": True}}
        edit_config(folder, populations=dosed, estimands__0__population="DOSEDFL")
        analyse(folder)
        assert "The analysis plan is not locked yet." in text_of(folder)
        lock_plan(folder, utc="2005-12-01T09:00:00Z")
        assert analyse(folder) == {"report", "report_documents"}
        assert "locked before unblinding; no deviation." in text_of(folder)
        reason = "A larger effect was published."
        edit_config(
            folder,
            trial__blinded=False,
            design__effect=1.5,
            priors__outcomes__limb__sd_slope=2.6,
            plan_deviations=[{"key": "design", "reason": reason, "date": "2006-01-02"}],
        )
        analyse(folder)

    return once("unblinded", make)


@pytest.fixture
def unblinded(unblinded_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(unblinded_once, tmp_path / "trial"))


def test_the_ordinary_results_are_made_after_unblinding(unblinded_once: Path) -> None:
    made = results_of(unblinded_once, *TIMED)
    assert "results/tables/rate_of_decline.csv" in made
    assert "results/figures/effects_omegagroup.svg" in made
    text = text_of(unblinded_once)
    assert "Blinded" not in text
    assert "the course was better on Omega label" in text.replace("\xa0", " ")


def test_the_first_screen_says_how_far_the_analysis_is_from_its_plan(
    unblinded_once: Path,
) -> None:
    first, _, _ = text_of(unblinded_once).partition("What n = ")
    assert (
        "The analysis plan was locked before unblinding; 2 deviations, 1 without a "
        "reason."
    ) in first


def test_the_report_names_the_population_of_an_estimand(unblinded_once: Path) -> None:
    page = (unblinded_once / "results/report.html").read_text("utf-8")
    assert "<td>Who was dosed</td>" in page


def test_the_report_lists_each_deviation_with_its_reason(unblinded_once: Path) -> None:
    page = (unblinded_once / "results/report.html").read_text("utf-8")
    section = page[page.index('<h3 id="plan">') : page.index('<h2 id="findings">')]
    rows = re.findall(r'<tr><th scope="row">(.*?)</tr>', section)
    cells = [re.sub(r"(<[^>]*>)+", "|", row).strip("|") for row in rows]
    assert cells == [
        "design.effect|1.0|1.5|A larger effect was published. (2006-01-02)",
        "priors.outcomes.limb.sd_slope|2.55|2.6|no reason given",
    ]
    assert "plan:" in section
    assert "locked at 2005-12-01T09:00:00Z" in section


def test_what_has_no_reason_stands_in_the_log(unblinded_once: Path) -> None:
    log = (unblinded_once / "results/logs/report.log").read_text("utf-8")
    told = "priors.outcomes.limb.sd_slope: 2.55 locked, 2.6 now; no reason given"
    assert told in log.splitlines()


@pytest.mark.slow
def test_a_reason_given_later_makes_only_plan_report_and_crate_again(
    unblinded: Path,
) -> None:
    reasons = [{"key": key, "reason": "Why not."} for key in ("design", "priors")]
    edit_config(unblinded, plan_deviations=reasons)
    assert analyse(unblinded) == {"write_plan", "report", "report_documents", "crate"}
    assert "locked before unblinding; 2 deviations." in text_of(unblinded)


def test_a_lock_that_is_gone_stops_the_run_until_it_is_put_back(
    unblinded: Path,
) -> None:
    (unblinded / LOCK).unlink()
    run = run_snakemake(unblinded)
    assert run.returncode == 1
    assert f"{LOCK}: is gone, but results/ledger/ledger.jsonl, line " in run.stderr
    lock_plan(unblinded)
    assert analyse(unblinded) == set()


@pytest.mark.slow
def test_a_cut_ledger_is_told_beside_the_lock(unblinded: Path) -> None:
    ledger = unblinded / "results/ledger/ledger.jsonl"
    ledger.write_bytes(b"".join(ledger.read_bytes().splitlines(keepends=True)[:-1]))
    assert analyse(unblinded) == {"report", "report_documents", "crate"}
    told = "locked before unblinding, as far as a ledger tells that was cut or changed;"
    assert told in text_of(unblinded)
    assert analyse(unblinded) == set()


def test_a_changed_lock_stops_the_run_before_planning(unblinded: Path) -> None:
    before = results_of(unblinded)
    replaced(str(LOCK), '"sd_slope": 2.55', '"sd_slope": 2.6')(unblinded)
    run = run_snakemake(unblinded)
    assert run.returncode == 1
    assert "rule" not in run.stderr
    assert "Traceback" not in run.stdout + run.stderr
    (line,) = [li for li in run.stderr.splitlines() if "changed after it was" in li]
    assert line.startswith(f"{LOCK}: the plan in it does not have its digest plan:")
    assert results_of(unblinded) == before
