"""A result that was damaged since its run is told by its name where runs differ."""

from pathlib import Path

import pytest

from alsdecline.changes.runs import diff
from alsdecline.faults import DataError
from support.hand_runs import LIMB, adsl, bds, hand_run, rate

DAMAGED = [
    "data/bds/limb.parquet",
    "fits/joint/posterior.parquet",
    "tables/rate_of_decline.csv",
    "diagnostics/fits.csv",
    "lineage/decisions.csv",
]


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_result_is_told_by_its_name(name: str, tmp_path: Path) -> None:
    runs = [
        hand_run(
            tmp_path / folder,
            datasets={"adsl": adsl(), "bds/limb": bds(LIMB)},
            tables={"tables/rate_of_decline": [rate(1.0, 0.5, 1.5)]},
        )
        for folder in ("old", "new")
    ]
    path = runs[1] / "results" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\xff\0")
    with pytest.raises(DataError, match=f"{name}: cannot be read; see"):
        diff(*runs)
