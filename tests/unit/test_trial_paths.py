"""A name leads to a file of the trial or is refused, whoever wrote it."""

from pathlib import Path

import pytest

from alsdecline.faults import DataError
from alsdecline.stable_files import write_text
from alsdecline.trial_paths import (
    fault_of_name,
    file_to_read,
    file_to_write,
    link_before,
    links_out,
    refuse_links_out,
)

OUTSIDE = [
    "/etc/passwd",
    "//etc/passwd",
    "..",
    "../victim.txt",
    "results/../../victim.txt",
    "results/..",
    "",
    "results/a\0b",
]


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    (tmp_path / "victim.txt").write_text("precious", encoding="utf-8")
    (tmp_path / "storage").mkdir()
    folder = tmp_path / "trial"
    (folder / "results").mkdir(parents=True)
    return folder


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_name_that_leaves_the_folder_is_refused(name: str, trial: Path) -> None:
    assert fault_of_name(name)
    with pytest.raises(DataError):
        file_to_read(trial, name)
    with pytest.raises(DataError):
        file_to_write(trial, name)


@pytest.mark.parametrize(
    "name", ["config.yaml", "data/visits.csv", "a..b/..c", "results/<b>.csv", "./a"]
)
def test_a_name_within_the_folder_is_its_path(name: str, trial: Path) -> None:
    assert file_to_read(trial, name) == trial / name
    assert file_to_write(trial, name) == trial / name


def test_what_is_read_may_lie_behind_a_link_and_what_is_written_not(
    trial: Path,
) -> None:
    (trial / "data").symlink_to("../storage")
    assert file_to_read(trial, "data/visits.csv") == trial / "data/visits.csv"
    with pytest.raises(DataError, match=r"^data/visits\.csv: lies behind a link"):
        file_to_write(trial, "data/visits.csv")


def test_the_link_that_a_file_lies_behind_is_named(trial: Path) -> None:
    (trial / "data").symlink_to("../storage")
    (trial / "results/x.csv").symlink_to("../../victim.txt")
    assert link_before(trial, "data/deep/visits.csv") == "data"
    assert link_before(trial, "results/x.csv") == "results/x.csv"
    assert link_before(trial, "results/y.csv") == ""


def test_links_by_which_what_is_written_would_leave_are_found(trial: Path) -> None:
    (trial / "results/tables").symlink_to("../../storage")
    (trial / "results/logs").mkdir()
    (trial / "results/logs/a.log").symlink_to("../../../victim.txt")
    (trial / "results/within").symlink_to("logs")
    (trial / ".snakemake").symlink_to("../storage")
    (trial / "data").symlink_to("../storage")
    assert links_out(trial) == [".snakemake", "results/logs/a.log", "results/tables"]
    with pytest.raises(DataError) as told:
        refuse_links_out(trial, "results")
    first, second = str(told.value).split("\n")
    assert first.startswith("results/logs/a.log: a link that leads out")
    assert second.startswith("results/tables: a link")


@pytest.mark.parametrize("name", ["report.html", ".report.html.partial"])
def test_a_link_in_the_place_of_a_file_is_replaced_and_not_followed(
    name: str, trial: Path
) -> None:
    (trial / "results" / name).symlink_to("../../victim.txt")
    write_text(trial / "results/report.html", "ours")
    assert (trial / "../victim.txt").read_text(encoding="utf-8") == "precious"
    assert [p.name for p in (trial / "results").iterdir()] == ["report.html"]
    assert not (trial / "results/report.html").is_symlink()
