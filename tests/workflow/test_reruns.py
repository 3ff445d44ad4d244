"""The whole pipeline: same inputs give same bytes, and a change redoes what it must.

Which jobs ran is read off the ledger.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from support.job_runs import TIMED, analyse
from support.trial_folder import (
    cell,
    content,
    copy_bundled_trial,
    replaced,
    results_of,
    together,
)

VISITS = "data/visits.csv"


def test_a_clean_run_on_one_core_gives_the_bytes_of_one_on_two(
    analysed_once: Path, tmp_path: Path
) -> None:
    other = copy_bundled_trial(tmp_path / "another folder")
    analyse(other)
    expected = results_of(analysed_once, *TIMED)
    assert "results/report.html" in expected
    assert "results/fits/joint/posterior.parquet" in expected
    assert results_of(other, *TIMED) == expected


def test_nothing_runs_again_after_nothing_or_a_touch(analysed: Path) -> None:
    assert analyse(analysed) == set()
    now = time.time() + 10
    for path in [analysed / "config.yaml", *sorted((analysed / "data").iterdir())]:
        os.utime(path, (now, now))
    assert analyse(analysed) == set()


def test_comments_and_key_order_in_the_settings_do_nothing(analysed: Path) -> None:
    config = analysed / "config.yaml"
    text = config.read_text(encoding="utf-8")
    primary = "primary: rate_total\n"
    assert primary in text
    text = text.replace(primary, "")
    config.write_text(f"# moved to the top\n{primary}{text}", encoding="utf-8")
    assert analyse(analysed) == set()


MODELS_ON = {
    "diagnose",
    "gate",
    "tabulate_rates",
    "tabulate_parameters",
    "tabulate_influence",
    "report",
    "crate",
}


def test_one_bulbar_value_redoes_the_fits_that_use_it_and_no_other(
    analysed: Path,
) -> None:
    lines = (analysed / VISITS).read_text(encoding="utf-8").splitlines()
    row = next(
        n
        for n, line in enumerate(lines, start=1)
        if n > 1 and "" not in line.split(",")
    )
    record = dict(zip(lines[0].split(","), lines[row - 1].split(","), strict=True))
    together(
        cell(VISITS, row, "norris_bulbar", str(int(record["norris_bulbar"]) - 1)),
        cell(VISITS, row, "norris_total", str(int(record["norris_total"]) - 1)),
    )(analysed)
    ran = analyse(analysed, "--cores", "2")
    assert {name for name in ran if name.startswith(("fit", "patient_level"))} == {
        "fit_joint",
        "fit_single/bulbar",
        "fit_single/total",
        "patient_level/bulbar",
        "patient_level/total",
    }
    assert {"validate", "accept", "ingest", "describe", *MODELS_ON} <= ran
    assert "tabulate_design" not in ran


def _rewritten(data: bytes) -> bytes:
    """Rows in reverse, every cell quoted, CRLF, and a blank line at the end."""
    header, *rows = data.decode().splitlines()
    lines = [header, *reversed(rows)]
    quoted = [",".join(f'"{c}"' for c in line.split(",")) for line in lines]
    return ("\r\n".join(quoted) + "\r\n\r\n").encode()


def test_rewriting_a_file_with_the_same_records_redoes_no_analysis(
    analysed: Path,
) -> None:
    before = results_of(analysed, *TIMED, "lineage")
    content(VISITS, _rewritten)(analysed)
    assert analyse(analysed) == {"validate", "accept", "ingest", "report", "crate"}
    after = results_of(analysed, *TIMED, "lineage")
    assert {name for name in after if after[name] != before[name]} == {
        "results/report.html",  # it shows the files' digests
        "results/records/validate.json",
        "results/records/ingest.json",
        "results/records/report.json",
        "results/ro-crate-metadata.json",
        "results/records/crate.json",
    }


def test_new_bytes_with_an_older_time_are_seen(analysed: Path) -> None:
    content(VISITS, _rewritten)(analysed)
    os.utime(analysed / VISITS, (1e9, 1e9))
    assert "ingest" in analyse(analysed)


SETTING_CHANGES: dict[str, tuple[Callable[[Path], None], set[str]]] = {
    "a prior of one outcome's own model": (
        replaced("config.yaml", "sd_slope: 3.3  # 1.5 x 2.2 [a]", "sd_slope: 3.4"),
        {"fit_single/total", "figure_effects/high", "figure_predictive_checks"}
        | MODELS_ON,
    ),
    "an assumption of the design": (
        replaced("config.yaml", "  effect: 1.0  # a third", "  effect: 1.2  # a third"),
        {"tabulate_design", "report", "crate"},
    ),
}


@pytest.mark.parametrize("change", SETTING_CHANGES)
def test_a_setting_redoes_what_uses_it(analysed: Path, change: str) -> None:
    edit, expected = SETTING_CHANGES[change]
    edit(analysed)
    ran = analyse(analysed)
    # in one invocation all that follows a job runs, even where its output is the same
    follows = {"figure_trajectories", "figure_patient_slopes", "figure_decline"}
    assert expected <= ran <= expected | (follows if "gate" in expected else set())


def test_a_deleted_result_is_made_again_with_the_same_bytes(analysed: Path) -> None:
    before = results_of(analysed, *TIMED)
    (analysed / "results/tables/rate_of_decline.csv").unlink()
    (analysed / "results/figures/decline.png").unlink()
    ran = analyse(analysed)
    assert {"tabulate_rates", "figure_decline"} <= ran
    assert not any(name.startswith("fit_") for name in ran)
    assert results_of(analysed, *TIMED) == before
