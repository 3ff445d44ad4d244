"""The folder holds the files as they were, under names that the pipeline takes."""

import pytest

from alsdecline.faults import DataError
from alsdecline.new_trial.folder import write_folder
from alsdecline.new_trial.guesses import Given
from support.fatal_findings import fatal_findings
from support.new_trials import Made, csv_text, visits

SAID = {"reference": "placebo", "data_kind": "real"}


@pytest.mark.parametrize(
    "name", ["{x} <1>.csv", "患者 データ.csv", ".hidden.csv", "a'b.CSV"]
)
def test_any_name_of_a_file_is_one_that_the_pipeline_takes(tmp_path, name):
    made = Made({name: csv_text(visits())}, tmp_path, Given(**SAID))

    assert fatal_findings(made.written(tmp_path / "trial")) == []


def test_files_of_one_stem_do_not_overwrite_each_other(tmp_path):
    rows = visits()
    arms = [
        {"patient": r["patient"], "arm": r["arm"]} for r in rows if r["week"] == "0"
    ]
    values = [{k: v for k, v in r.items() if k != "arm"} for r in rows]
    files = {"t.csv": csv_text(arms, ";"), "t.txt": csv_text(values, ";")}
    made = Made(files, tmp_path, Given(**SAID))

    folder = made.written(tmp_path / "trial")
    assert fatal_findings(folder) == []
    assert sorted(path.name for path in (folder / "data").iterdir()) == [
        "2_t.converted.csv",
        "t.converted.csv",
        "t.csv",
        "t.txt",
    ]


def test_a_file_that_goes_away_leaves_no_half_folder(tmp_path):
    made = Made({"t.csv": csv_text(visits())}, tmp_path, Given(**SAID))
    (tmp_path / "t.csv").unlink()
    with pytest.raises(DataError, match="cannot be written"):
        write_folder(tmp_path / "trial", made.files, made.config)

    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_is_taken_and_a_file_or_link_is_not(tmp_path):
    made = Made({"t.csv": csv_text(visits())}, tmp_path, Given(**SAID))
    (tmp_path / "empty").mkdir()
    assert (made.written(tmp_path / "empty") / "config.yaml").is_file()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for name in ("t.csv", "link"):
        with pytest.raises(DataError, match="no folder; name another"):
            made.written(tmp_path / name)
