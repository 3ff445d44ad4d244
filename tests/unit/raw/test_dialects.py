"""Raw text files in any declared dialect; what is not declared is asked for."""

import codecs
import gzip
from pathlib import Path

import pytest

from alsdecline.raw.findings import Finding
from alsdecline.raw.tables import RawTable, read_raw
from alsdecline.settings.tables import Table
from support.hand_trial import SUBJECTS, VISITS, findings_in, plan_of, told

PLAIN = "patient,value\nP1,12.5\nP2,3\n"


def read(
    folder: Path, content: str | bytes, file: str = "t.csv", **said: object
) -> tuple[RawTable, list[Finding]]:
    raw = content.encode() if isinstance(content, str) else content
    (folder / file).write_bytes(raw)
    settings = Table.model_validate({"file": file} | said)
    return read_raw(folder / file, settings, ("patient", "value"))


def records(raw: RawTable) -> list[tuple[object, ...]]:
    frame = raw.frame[["patient", "value", "_row"]]
    return list(frame.itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        *((cell, {}) for cell in ("-99", "-99,0", "-99,00")),
        ("-9.999", {"thousands": ".", "missing": ["-9999"]}),
    ],
)
def test_what_says_none_is_one_number_however_the_file_writes_it(
    cell: str, said: dict[str, object], tmp_path: Path
) -> None:
    german = {"separator": ";", "decimal": ",", "missing": ["-99"]} | said
    raw, found = read(tmp_path, f"patient;value\nP1;{cell}\nP2;3\n", **german)
    assert found == []
    assert records(raw) == [("P1", "", 2), ("P2", "3", 3)]


SAME = [("P1", "12.5", 2), ("P2", "3", 3)]
BELOW = [("P1", "12.5", 3), ("P2", "3", 4)]
SEMICOLONS = PLAIN.replace(",", ";")

READ: dict[str, tuple[bytes, dict[str, object], list[tuple[object, ...]]]] = {
    "a declared separator": (SEMICOLONS.encode(), {"separator": ";"}, SAME),
    "one of another kind": (PLAIN.replace(",", "^").encode(), {"separator": "^"}, SAME),
    "tabs in words": (PLAIN.replace(",", "\t").encode(), {"separator": "tab"}, SAME),
    "a sep= line": (b"sep=;\r\n" + SEMICOLONS.encode(), {}, BELOW),
    "a sep= line in quotes": (b'"sep=;"\n' + SEMICOLONS.encode(), {}, BELOW),
    "a sep= line behind a mark": (
        codecs.BOM_UTF8 + b"sep=;\n" + SEMICOLONS.encode(),
        {},
        BELOW,
    ),
    "a sep= line beside a declaration": (
        b"sep=,\n" + SEMICOLONS.encode(),
        {"separator": ";"},
        BELOW,
    ),
    "UTF-8 with a mark": (codecs.BOM_UTF8 + PLAIN.encode(), {}, SAME),
    "UTF-8 with a mark, declared": (
        codecs.BOM_UTF8 + PLAIN.encode(),
        {"encoding": "utf-8"},
        SAME,
    ),
    "UTF-16 with a mark": (PLAIN.encode("utf-16"), {}, SAME),
    "UTF-16 of the other order": (
        codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"),
        {},
        SAME,
    ),
    "UTF-16 without a mark": (
        PLAIN.encode("utf-16-le"),
        {"encoding": "utf-16-le"},
        SAME,
    ),
    "titles above": (b"Trial\n" + PLAIN.encode(), {"header_row": 2}, BELOW),
    "write.csv": (b'"","patient","value"\n"1","P1",12.5\n"2","P2",3\n', {}, SAME),
    "write.table": (b'patient,value\n"1","P1",12.5\n"2","P2",3\n', {}, SAME),
    "write.table with names that are told": (
        b"patient,value\na,P1,12.5\na,P2,3\n",
        {"row_names": True},
        SAME,
    ),
    "a column without name or cell": (
        b"patient,,value,\nP1,,12.5,\nP2,,3,\n",
        {},
        SAME,
    ),
    "old line ends": (PLAIN.replace("\n", "\r").encode(), {}, SAME),
}


@pytest.mark.parametrize("name", READ)
def test_a_dialect_that_is_declared_or_plain_is_read(name: str, tmp_path: Path) -> None:
    content, said, expected = READ[name]
    raw, found = read(tmp_path, content, **said)
    assert told(found) == []
    assert records(raw) == expected
    raw, found = read(tmp_path, gzip.compress(content), "t.csv.gz", **said)
    assert (told(found), records(raw)) == ([], expected)


def test_names_of_rows_are_a_column_that_may_be_the_patients(tmp_path: Path) -> None:
    content = "value\nP1,12.5\nP2,3\n"
    raw, found = read(tmp_path, content, columns={"patient": "row_names"})
    assert told(found) == []
    assert records(raw) == SAME


def test_line_ends_in_quotes_do_not_move_rows(tmp_path: Path) -> None:
    content = 'patient;value;note\r\nP1;12.5;"a\r\nb"\r\nP2;3;c\r\n'
    raw, found = read(tmp_path, content, separator=";")
    assert told(found) == []
    assert records(raw) == [("P1", "12.5", 2), ("P2", "3", 4)]


LATIN = "patient,value\nP1,Nausée\n".encode("cp1252")
JAPANESE = "patient,value\nP1,嘔吐\n".encode("cp932")

ASKED: dict[str, tuple[bytes, dict[str, object], str, str]] = {
    "semicolons": (
        SEMICOLONS.encode(),
        {},
        "separator",
        'say `separator: ";"` under its file in config.yaml, or export',
    ),
    "semicolons and decimal commas": (
        SEMICOLONS.replace(".", ",").encode(),
        {},
        "separator",
        'say `separator: ";"` and `decimal: ","` under its file',
    ),
    "tabs": (
        PLAIN.replace(",", "\t").encode(),
        {},
        "separator",
        "separated by tabs; say `separator: tab` under",
    ),
    "Western European": (LATIN, {}, "encoding", "say `encoding: cp1252` under its"),
    "Japanese": (JAPANESE, {}, "encoding", "say `encoding: cp932` under its"),
    "a wrong encoding": (
        LATIN,
        {"encoding": "ascii"},
        "encoding",
        "byte 0xe9 is not of ascii, as `encoding:` in config.yaml says; correct that",
    ),
    "UTF-16 cut off": (
        PLAIN.encode("utf-16")[:-1],
        {},
        "encoding",
        "is not UTF-8",
    ),
    "titles above": (
        b"Trial\n" + PLAIN.encode(),
        {},
        "column_missing",
        "seems to stand in row 2; say `header_row: 2` under its file",
    ),
    "a first column without a name": (
        b",patient,value\na,P1,1\na,P2,2\n",
        {},
        "header_unnamed",
        "where it is the first and names the rows, say `row_names: true` under its",
    ),
    "commas at the end of each row": (
        b"patient,value\nP1,1,\nP2,2,\n",
        {},
        "row_cells",
        "remove the 1 commas at its end",
    ),
}


@pytest.mark.parametrize("name", ASKED)
def test_what_is_not_declared_is_asked_for_by_the_setting(
    name: str, tmp_path: Path
) -> None:
    content, said, rule, says = ASKED[name]
    _, found = read(tmp_path, content, **said)
    assert {f.rule for f in found} == {rule}
    assert says in found[0].message
    assert "\n" not in str(found[0])


def test_what_was_asked_for_is_then_read(tmp_path: Path) -> None:
    for content, said, cell in (
        (LATIN, {"encoding": "cp1252"}, "Nausée"),
        (JAPANESE, {"encoding": "cp932"}, "嘔吐"),
    ):
        raw, found = read(tmp_path, content, **said)
        assert (told(found), records(raw)) == ([], [("P1", cell, 2)])


def findings(tmp_path: Path, visits: str, **said: object) -> list[str]:
    plan = plan_of(data={"visits": said})
    found = findings_in(tmp_path, plan, subjects=SUBJECTS, visits=visits)[1]
    return [text for text in told(found) if text.startswith("fatal")]


SLASHES = VISITS.replace("2020-01-29", "29/01/2020")


def test_a_date_of_another_form_is_told_with_the_setting(tmp_path: Path) -> None:
    (only,) = findings(tmp_path, SLASHES)
    assert "write 2020-01-29, or say `date_format: DD/MM/YYYY` under its file" in only
    assert findings(tmp_path, SLASHES, date_format="DD/MM/YYYY") == []


def test_a_date_that_may_be_two_is_asked_for(tmp_path: Path) -> None:
    two = VISITS.replace("2020-02-01", "02/01/2020")
    (only,) = findings(tmp_path, two)
    assert (
        "2020-01-02 or 2020-02-01, by how the file counts: say which, by "
        "`date_format: DD/MM/YYYY` or `date_format: MM/DD/YYYY` under its file" in only
    )
    assert findings(tmp_path, two, date_format="MM/DD/YYYY") == []


def test_days_as_spreadsheets_keep_them_are_dates_where_that_is_said(
    tmp_path: Path,
) -> None:
    serial = VISITS.replace("2020-02-29", "43890")
    (only,) = findings(tmp_path, serial)
    assert "it is 2020-02-29 in Excel, by `date_format: excel`" in only
    assert findings(tmp_path, serial, date_format="excel") == []


def test_a_comma_that_may_mean_two_things_is_asked_for(tmp_path: Path) -> None:
    two = VISITS.replace(",8\n", ',"3,210"\n')
    (only,) = findings(tmp_path, two)
    assert (
        "3.210 if it is a decimal comma, 3210 if it marks thousands; say which, by "
        '`decimal: ","` or `thousands: ","` under its file in config.yaml' in only
    )


def test_a_number_of_another_form_than_declared_is_told(tmp_path: Path) -> None:
    visits = VISITS.replace(",8\n", ",8.5\n")
    (only,) = findings(tmp_path, visits, decimal=",")
    assert 'not a number as `decimal: ","` under its file in config.yaml say' in only


@pytest.mark.parametrize("error", ["#N/A", "#REF!"])
def test_the_error_of_a_formula_is_told_in_texts_and_numbers(
    error: str, tmp_path: Path
) -> None:
    subjects = SUBJECTS.replace("P2,b", f"P2,{error}")
    _, found = findings_in(tmp_path, plan_of(), subjects=subjects)
    assert ("error_cell", 3, "arm", error) in [
        (f.rule, f.row, f.column, f.value) for f in found
    ]
    (only,) = findings(tmp_path, VISITS.replace(",8\n", f",{error}\n"))
    assert "says that there is none" in only


def test_values_one_a_row_are_written_as_their_file_is_said_to_be(
    tmp_path: Path,
) -> None:
    visits = (
        "patient,visit,visit_week,visit_date\nP1,1,0,2020-01-01\nP2,1,0,2020-02-01\n"
    )
    long = "patient;visit;parameter;value\nP1;1;SCORE;7,5\nP2;1;SCORE;9\n"
    said = {"file": "long.csv", "separator": ";", "decimal": ",", "thousands": "."}
    score = plan_of({"column": "SCORE"}).scales["score"].model_dump()
    plan = plan_of(
        {"column": "SCORE"},
        data={"measurements": said},
        scales={"score": score | {"whole_points": False, "maximum": 5000}},
    )
    files, found = findings_in(tmp_path, plan, visits=visits, measurements=long)
    assert told(found) == []
    assert files.tables["visits"]["SCORE"].tolist() == [7.5, 9.0]
    thousands = long.replace("7,5", "1.234")
    files, _ = findings_in(tmp_path, plan, visits=visits, measurements=thousands)
    assert files.tables["visits"]["SCORE"].tolist() == [1234.0, 9.0]


def test_a_file_that_is_utf_8_again_is_not_read_by_its_old_encoding(
    tmp_path: Path,
) -> None:
    text = "patient,value\nP1,Fieber\nP2,Übelkeit\n"
    raw, found = read(tmp_path, text, encoding="cp1252")
    (finding,) = found
    assert (finding.rule, finding.severity, finding.row) == ("encoding", "fatal", 3)
    assert "it has 'Übelkeit'; as cp1252" in finding.message
    assert "'Ãœbelkeit'. Leave `encoding:` out" in finding.message
    raw, found = read(tmp_path, text.encode("cp1252"), encoding="cp1252")
    assert (found, raw.frame["value"].tolist()) == ([], ["Fieber", "Übelkeit"])


@pytest.mark.parametrize(
    ("real", "texts", "told"),
    [
        # typed 5 February, 7 March and 9 April in a spreadsheet of the other order
        ("2024-05-02 2024-07-03 2024-09-04", "15/02/2024 28/03/2024 23/04/2024", 1),
        ("2024-05-02 2024-07-03 2024-09-14", "15/02/2024 28/03/2024 23/04/2024", 0),
        ("2024-05-02 2024-07-03 2024-09-04", "15/02/2024 08/03/2024 23/04/2024", 0),
        ("2024-05-02 2024-07-03", "15/02/2024 28/03/2024 23/04/2024", 0),
    ],
)
def test_real_dates_of_days_up_to_12_beside_texts_of_later_days_are_doubted(
    real: str, texts: str, told: int, tmp_path: Path
) -> None:
    table = {"file": "ae.csv", "date_format": "DD/MM/YYYY"}
    plan = plan_of(data={"adverse_events": table, "cutoff": None})
    days = f"{real} {texts}".split()
    lines = [f"P1,Rash {n},{day},mild,N,N" for n, day in enumerate(days)]
    header = "patient,term,start_date,severity,serious,related"
    content = "\n".join([header, *lines, ""])
    _, found = findings_in(tmp_path, plan, adverse_events=content)
    doubted = [(f.row, f.value) for f in found if f.rule == "day_and_month"]
    assert doubted == [(2, "2024-05-02")] * told


def test_a_character_that_latin_1_has_not_is_of_windows(tmp_path: Path) -> None:
    table = {"file": "events.csv", "encoding": "latin-1"}
    plan = plan_of(data={"events": table})
    events = "patient,event,date,reason\nP1,withdrawn,2020-02-26,patient\x92s wish\n"
    found = findings_in(tmp_path, plan, events=events.encode("latin-1"))[1]
    (control,) = [f for f in found if f.rule == "control_character"]
    assert control.message.endswith(
        "or say `encoding: cp1252` if the file is of Windows"
    )


def test_a_value_in_other_characters_of_the_same_letters_is_named(
    tmp_path: Path,
) -> None:
    subjects = SUBJECTS.replace("P1,a", "P1,\uff41")
    found = findings_in(tmp_path, plan_of(), subjects=subjects)[1]
    (arm,) = [f for f in found if f.rule == "not_permitted"]
    assert "did you mean 'a'? " in arm.message
    assert "`recode: {arm: {\uff41: a}}`" in arm.message


@pytest.mark.parametrize("title", ['"Norris" visits, exported', 'an "open quote', '""'])
def test_a_title_above_the_header_may_have_quotes(title: str, tmp_path: Path) -> None:
    plan = plan_of(data={"visits": {"header_row": 3}})
    text = f"{title}\n\n{VISITS}".replace("P1,4,2020-01-29,7", "P1,4,2020-01-29,x")
    found = findings_in(tmp_path, plan, visits=text)[1]
    assert [(f.rule, f.row) for f in found] == [("not_a_number", 5)]
