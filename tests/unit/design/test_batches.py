"""Batches of a scenario are read together, with fits where there are any."""

from pathlib import Path

import pandas as pd

from alsdecline.design.batches import with_fits
from alsdecline.stable_files import write_parquet


def batch(path: Path, trials: list[int], **columns: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_parquet(path, pd.DataFrame({"trial": trials}).assign(**columns))
    return path


def test_scenarios_with_and_without_fits_are_read(tmp_path: Path) -> None:
    analysed = [
        batch(tmp_path / "one/b.parquet", [2, 3], method="welch"),
        batch(tmp_path / "one/a.parquet", [0, 1], method="welch"),
        batch(tmp_path / "other/a.parquet", [0], method="welch"),
    ]
    fitted = [
        batch(
            tmp_path / "one/fitted/joint/a.parquet",
            [0],
            **{"method": "joint", "better[0.0]": 0.9},
        )
    ]
    found = with_fits(analysed, fitted)
    assert found["one"]["trial"].tolist() == [0, 0, 1, 2, 3]
    assert found["one"]["method"].tolist() == ["welch", "joint", *["welch"] * 3]
    assert found["other"]["method"].tolist() == ["welch"]
    assert with_fits(analysed, [])["one"]["trial"].tolist() == [0, 1, 2, 3]
