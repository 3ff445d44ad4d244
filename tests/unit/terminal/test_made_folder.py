"""A folder that a mistyped --directory makes does not stay, and no other goes."""

from pathlib import Path

import pytest

from alsdecline.terminal.made_folder import MadeFolder, folder_asked_for


@pytest.mark.parametrize(
    ("arguments", "folder"),
    [(["-n", "--directory", "a"], "a"), (["-d", "a", "-c2"], "a"),
     (["--directory=a"], "a"), (["-da"], "a"), (["--dir", "a"], "a"),
     (["-n"], None), (["--dag"], None), (["-d"], None)],
)  # fmt: skip
def test_the_folder_is_what_the_command_line_names(
    arguments: list[str], folder: str | None
) -> None:
    assert folder_asked_for(arguments) == (Path(folder) if folder else None)


def made(folder: Path) -> None:
    (folder / ".snakemake/log").mkdir(parents=True)
    (folder / ".snakemake/log/1.snakemake.log").write_text("", "utf-8")


def test_what_a_call_made_goes_and_what_was_made_above_it(tmp_path: Path) -> None:
    call = MadeFolder(tmp_path / "new/trial")
    made(tmp_path / "new/trial")
    call.remove_if_empty()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_a_file_of_anybodys_stays(tmp_path: Path) -> None:
    call = MadeFolder(tmp_path / "trial")
    made(tmp_path / "trial")
    (tmp_path / "trial/notes.txt").write_text("mine", "utf-8")
    call.remove_if_empty()
    assert (tmp_path / "trial/notes.txt").is_file()


def test_a_folder_that_was_there_stays(tmp_path: Path) -> None:
    (tmp_path / "trial").mkdir()
    call = MadeFolder(tmp_path / "trial")
    made(tmp_path / "trial")
    call.remove_if_empty()
    assert (tmp_path / "trial/.snakemake").is_dir()


def test_what_another_put_beside_it_stays(tmp_path: Path) -> None:
    call = MadeFolder(tmp_path / "new/trial")
    made(tmp_path / "new/trial")
    (tmp_path / "new/other.txt").write_text("", "utf-8")
    call.remove_if_empty()
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["other.txt"]
