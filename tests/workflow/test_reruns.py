"""The bundled trial whole: same inputs give same bytes.

A smaller trial is held to the same in test_audit.py.
"""

from pathlib import Path

import pytest

from support.job_runs import TIMED, analyse
from support.trial_folder import copy_bundled_trial, results_of


@pytest.mark.slow
def test_a_clean_run_on_one_core_gives_the_bytes_of_one_on_two(
    analysed_once: Path, tmp_path: Path
) -> None:
    other = copy_bundled_trial(tmp_path / "another folder")
    analyse(other)
    expected = results_of(analysed_once, *TIMED)
    assert "results/report.html" in expected
    assert "results/fits/joint/posterior.parquet" in expected
    assert results_of(other, *TIMED) == expected
