"""What a configuration says of how files write cells is held to what can be."""

from pathlib import Path

import pytest

from alsdecline.settings.file import SettingsError, parse_settings

CONFIG = (Path(__file__).parents[3] / "config.yaml").read_text("utf-8")
FILE = "    file: data/visits.csv\n"

REFUSED = {
    "separator: ab": "separator",
    "separator: a": "separator",
    "decimal: ';'": "input should be '.' or ','",
    "thousands: '.'": "'.' is the decimal mark too; say which it is",
    "encoding: cp9": "no encoding has this name; write utf-8, cp1252",
    "encoding: idna": "no encoding has this name",
    "date_format: DD/MM": "one each of day (DD), month (MM, or MON as in JAN)",
    "header_row: 0": "header_row",
    "sheet: Visits": "text files have none, and 'data/visits.csv' is called as one",
}


def with_said(said: str, file: str = "data/visits.csv") -> str:
    assert CONFIG.count(FILE) == 1
    return CONFIG.replace(FILE, f"    file: {file}\n    {said}\n")


@pytest.mark.parametrize("said", REFUSED)
def test_what_cannot_be_is_refused_with_its_line(said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_settings(with_said(said), "config.yaml")
    told = str(caught.value)
    line = with_said(said).splitlines().index(f"    {said}") + 1
    assert told.startswith(f"config.yaml, line {line}: data.visits.")
    assert REFUSED[said] in told
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("v.xlsx", "separator: ';'"),
        ("v.parquet", "encoding: cp1252"),
        ("v.xpt", "header_row: 2"),
        ("v.json.gz", "row_names: true"),
    ],
)
def test_what_a_format_has_no_use_for_is_refused(file: str, said: str) -> None:
    with pytest.raises(SettingsError, match="files have none, and"):
        parse_settings(with_said(said, file), "config.yaml")


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("v.csv.gz", "separator: tab"),
        ("v.csv", 'separator: "\\t"'),
        ("v.txt", "separator: ' '"),
        ("v.xlsx", "sheet: Visits"),
        ("v.sas7bdat", "encoding: cp1252"),
        ("v.csv", "date_format: sas"),
        ("v.csv", "thousands: ' '"),
    ],
)
def test_what_can_be_is_taken(file: str, said: str) -> None:
    key = said.partition(":")[0]
    table = parse_settings(with_said(said, file), "config.yaml").data.visits
    assert getattr(table, key)
