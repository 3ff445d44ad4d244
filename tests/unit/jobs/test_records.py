"""A record says which raw file lies behind a link, and not where that leads."""

from pathlib import Path

import pytest

from alsdecline.faults import DataError
from alsdecline.jobs.records import file_digest, file_digests


def test_a_raw_file_behind_a_link_is_told_by_the_link_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial = tmp_path / "trial"
    for folder in (tmp_path / "storage", trial / "results"):
        folder.mkdir(parents=True)
    (trial / "data").symlink_to(tmp_path / "storage")
    (trial / "releases").symlink_to(tmp_path / "storage")
    for name in ("data/visits.csv", "results/x.csv", "subjects.csv"):
        (trial / name).write_text("1\n", encoding="utf-8")
    monkeypatch.chdir(trial)
    plain = file_digest(Path("subjects.csv"))

    names = ["data/visits.csv", "releases/visits.csv", "results/x.csv", "subjects.csv"]
    assert file_digests(names) == {
        "data/visits.csv": plain | {"link": "data"},
        # a replay has the releases behind a link, and the same records
        "releases/visits.csv": plain,
        "results/x.csv": plain,
        "subjects.csv": plain,
    }
    with pytest.raises(DataError, match="leads out"):
        file_digests(["../storage/visits.csv"])
