"""The bundled trial whole: same inputs give same bytes, one value redoes what uses it.

Other changes are made in a smaller trial, in test_rerun_truth_table.py.
"""

from pathlib import Path

from support.job_runs import TIMED, analyse
from support.trial_folder import (
    cell,
    copy_bundled_trial,
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


MODELS_ON = {
    "diagnose",
    "gate",
    "tabulate_rates",
    "tabulate_parameters",
    "tabulate_influence",
    "report",
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
