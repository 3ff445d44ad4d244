"""What jobs ask a cluster for, by the size of the raw files and by nothing else."""

from pathlib import Path

import pytest

from alsdecline.jobs.job_sizes import (
    NEEDS,
    memory_mb,
    raw_megabytes,
    runtime_minutes,
)


def test_a_packed_file_counts_as_what_it_holds(tmp_path: Path) -> None:
    plain, packed = tmp_path / "visits.csv", tmp_path / "visits.csv.gz"
    plain.write_bytes(b"x" * 2_000_000)
    packed.write_bytes(b"x" * 200_000)
    assert raw_megabytes([plain]) == 2
    assert raw_megabytes([packed]) == 2
    assert raw_megabytes([plain, packed]) == 4
    for name in ("visits.xlsx", "visits.parquet"):
        assert raw_megabytes([packed.rename(tmp_path / name)]) == 2
        packed = tmp_path / name


@pytest.mark.parametrize("kind", NEEDS)
def test_more_data_ask_for_no_less(kind: str) -> None:
    sizes = (0, 0.01, 1, 7.5, 100)
    memory = [memory_mb(kind, size) for size in sizes]
    minutes = [runtime_minutes(kind, size) for size in sizes]
    assert memory == sorted(memory)
    assert minutes == sorted(minutes)
    assert {type(value) for value in (*memory, *minutes)} == {int}


@pytest.mark.parametrize(
    ("kind", "megabytes", "peak"),
    [
        # resident memory in MB, results/benchmarks/*.tsv: of the bundled trial
        ("brief", 0.02, 124),
        ("data", 0.02, 357),
        ("fit", 0.02, 389),
        # and of 10,000 patients with 10.3 MB of raw files (benchmarks/large_trial.py),
        # of which the largest process has at most 1 GB by the limit there
        ("data", 10.3, 1000),
        ("fit", 10.3, 1000),
    ],
)
def test_twice_the_memory_that_was_measured_is_asked_for(
    kind: str, megabytes: float, peak: int
) -> None:
    assert memory_mb(kind, megabytes) >= 2 * peak
