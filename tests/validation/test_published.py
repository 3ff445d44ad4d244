"""The pipeline on trials that others published, each by its folder alone.

docs/validation.md shows every number; it is written anew by `make validation`.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from alsdecline.result_tables import read_result_table
from alsdecline.settings.file import read_settings
from support.cdisc_records import compare_records
from support.job_runs import analyse
from support.once import Once
from support.published import (
    Compared,
    analysed_published,
    compare,
    lay_out,
    read_published,
    trials,
)
from support.validation_page import PAGE, differences, render

REML = "results/tables/mixed_models.csv"

TRIALS = trials()
BY_TRIAL = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) for name in TRIALS]
)
"""Their fits take minutes; what rests on none is held for one trial without them."""


@pytest.fixture(scope="session")
def analysed(once: Once, reference: Path) -> Callable[[str], Path]:
    """Run a published trial whole, from its raw files to its report."""
    return lambda name: analysed_published(name, once, reference)


@pytest.fixture(scope="session")
def compared(
    analysed: Callable[[str], Path], reference: Path
) -> Callable[[str], list[Compared]]:
    def compare_trial(name: str) -> list[Compared]:
        folder = analysed(name)
        numbers = [compare(folder, number) for number in read_published(name)]
        if name == "cdisc_pilot01":
            numbers += compare_records(folder, reference)
        return numbers

    return compare_trial


def test_estimates_without_a_prior_are_the_published_ones(
    once: Once, reference: Path
) -> None:
    """Of sleepstudy: from raw file to table; its posterior: test_sleepstudy."""

    def make(folder: Path) -> None:
        analyse(lay_out("sleepstudy", folder, reference), REML)

    folder = once("sleepstudy by REML", make)
    numbers = [
        compare(folder, number)
        for number in read_published("sleepstudy")
        if number.table == REML
    ]
    assert len(numbers) == 9
    assert [number for number in numbers if number.met != number.expected] == []


@BY_TRIAL
def test_our_numbers_are_the_published_ones(
    name: str, compared: Callable[[str], list[Compared]]
) -> None:
    """Deterministic, but for posterior means: 4 Monte Carlo errors miss 1 in 16,000."""
    wrong = [number for number in compared(name) if number.met != number.expected]
    assert wrong == []


@pytest.mark.slow
def test_the_page_of_published_numbers_is_up_to_date(
    analysed: Callable[[str], Path],
    compared: Callable[[str], list[Compared]],
    request: pytest.FixtureRequest,
) -> None:
    settings = {name: read_settings(analysed(name) / "config.yaml") for name in TRIALS}
    numbers = {name: compared(name) for name in TRIALS}
    page = render(settings, numbers)
    if request.config.getoption("--write-page"):
        PAGE.write_text(page, encoding="utf-8")
    assert differences(PAGE.read_text(encoding="utf-8"), page, numbers) == []


@BY_TRIAL
def test_the_report_has_every_arm_and_figure(
    name: str, analysed: Callable[[str], Path]
) -> None:
    folder = analysed(name)
    settings = read_settings(folder / "config.yaml")
    page = (folder / "results/report.html").read_text(encoding="utf-8")
    shown = page.replace("\N{NO-BREAK SPACE}", " ")
    assert all(arm.label in shown for arm in settings.arms.groups)
    assert "Synthetic data" not in shown
    figures = list((folder / "results/figures").glob("*.svg"))
    assert len(figures) == 4 + len(settings.arms.groups) - 1
    assert page.count('<svg aria-hidden="true" class="drawn"') == len(figures)


@pytest.mark.slow
def test_the_decline_model_under_weak_priors_agrees_with_reml_of_the_same_model(
    analysed: Callable[[str], Path],
) -> None:
    """Nobody published this model of ARMD; the other method is REML.

    To 4 Monte Carlo errors, which miss 1 in 16,000 each, and 2% of a standard error.
    """
    tables = analysed("armd_interferon") / "results/tables"
    reml = read_result_table(tables / "mixed_models.csv")
    reml = reml[reml["analysis"] == "as_single"].set_index("parameter")
    ours = read_result_table(tables / "parameters.csv")
    ours = ours[ours["prior"] == "weak"].set_index("parameter")
    for name, theirs in {
        "intercept[visual]": "intercept",
        "slope[visual]": "time",
        "effect[visual,Active]": "time x arm Active",
    }.items():
        gap = ours.loc[name, "mean"] - reml.loc[theirs, "estimate"]
        limit = 4 * ours.loc[name, "mcse"] + 0.02 * reml.loc[theirs, "se"]
        assert abs(gap) <= limit, name
