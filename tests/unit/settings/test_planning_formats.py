"""A configuration is completed alike whatever format its raw file is in."""

import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
import yaml

from alsdecline.raw.files import read_trial_files
from alsdecline.settings.data_planning import data_plan
from alsdecline.settings.file import read_settings
from support.short_trial import SHORT, short_trial
from support.written_formats import FORMATS, typed

PROJECT = Path(__file__).parents[3]


def completed(path: Path) -> dict[str, object]:
    """Return all settings but those of the raw file itself."""
    settings = read_settings(path).model_dump(mode="json")
    tables = settings.pop("data")
    return settings | {"time": tables["visits"]["time"]}


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_left_out_is_filled_in_from_every_format(
    name: str, tmp_path: Path
) -> None:
    form = FORMATS[name]
    expected = completed(short_trial(tmp_path / "csv"))
    config = short_trial(tmp_path / name.replace("'", ""))
    table = typed(config.parent / "letters.csv")
    content = yaml.safe_load(SHORT)
    subjects = content["data"]["subjects"]
    if form.short_names:  # names have at most 8 characters
        short = {"treatment": "TRT", "letters_read": "LETTERS"}
        table = {short.get(column, column): cells for column, cells in table.items()}
        subjects["columns"]["arm"] = "TRT"
        content["data"]["visits"] = {"columns": {"letters_read": "LETTERS"}}
        content["data"]["visits"]["columns"]["patient"] = "subject"
    subjects |= {"file": f"letters{form.ending}"} | dict(form.said)
    visits = content["data"].setdefault("visits", {})
    visits |= {"file": f"letters{form.ending}"} | dict(form.said)
    form.write(table, config.parent / f"letters{form.ending}")
    config.write_text(yaml.safe_dump(content), encoding="utf-8")
    assert completed(config) == expected


def test_what_is_said_of_the_one_file_holds_for_subjects_and_visits(
    tmp_path: Path,
) -> None:
    config = short_trial(
        tmp_path,
        SHORT.replace("file: letters.csv,", 'file: letters.csv, separator: ";",'),
    )
    path = tmp_path / "letters.csv"
    path.write_text(path.read_text("utf-8").replace(",", ";"), encoding="utf-8")
    settings = read_settings(config)
    assert settings.data.visits.separator == ";"


def test_two_sheets_of_a_workbook_are_two_tables(tmp_path: Path) -> None:
    config = short_trial(tmp_path)
    table = typed(tmp_path / "letters.csv")
    book = openpyxl.Workbook()
    patients = dict(zip(table["subject"], table["treatment"], strict=True))
    for title, rows in {
        "Patients": [("subject", "treatment"), *patients.items()],
        "Visits": [tuple(table), *zip(*table.values(), strict=True)],
    }.items():
        for row in rows:
            (book[title] if title in book else book.create_sheet(title)).append(row)
    book.save(tmp_path / "letters.xlsx")
    content = yaml.safe_load(SHORT)
    content["data"]["subjects"] |= {"file": "letters.xlsx", "sheet": "Patients"}
    columns = {"patient": "subject"}
    content["data"]["visits"] = {"sheet": "Visits", "columns": columns}
    config.write_text(yaml.safe_dump(content), encoding="utf-8")
    settings = read_settings(config)
    assert settings.data.subjects.one_row_a_patient
    assert settings.data.visits.file == "letters.xlsx"
    assert settings.visits.weeks == [0, 4, 12, 52]
    book["Visits"]["D3"] = "x"
    book.save(tmp_path / "letters.xlsx")
    _, (found,) = read_trial_files(data_plan(settings), tmp_path)
    # rows are those of a sheet, so it is named
    assert str(found).startswith("fatal: letters.xlsx [Visits], row 3, column letters_")


def test_planning_imports_no_pandas_and_no_reader_of_formats_that_it_needs_not(
    tmp_path: Path,
) -> None:
    """Every run, dry ones too, would wait for them."""
    config = short_trial(tmp_path)
    code = (
        "import sys; from pathlib import Path\n"
        "from alsdecline.settings.file import read_settings\n"
        f"read_settings(Path({str(config)!r}))\n"
        "heavy = {'pandas', 'numpy', 'pyarrow', 'openpyxl', 'pyreadstat'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(PROJECT / "scripts")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
