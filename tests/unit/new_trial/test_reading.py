"""Files of all dialects and formats become the same table, or say why not."""

import datetime
import gzip
import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from alsdecline.faults import DataError
from alsdecline.new_trial.reading import read_sources
from support.new_trials import csv_text, make, visits
from support.transport_file import Column, text, transport_file
from support.workbooks import workbook as one_sheet

TEXT = csv_text(visits())


def sources(folder: Path, name: str, content: str | bytes, encoding: str = ""):
    """Read one file."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_sources([path], encoding)


def refusal(folder: Path, name: str, content: str | bytes) -> str:
    """Return why a file is refused."""
    with pytest.raises(DataError) as error:
        sources(folder, name, content)
    assert "Traceback" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(
    ("content", "change"),
    [
        (TEXT.encode(), ()),
        (b"\xef\xbb\xbf" + TEXT.encode(), ()),
        (TEXT.replace("\n", "\r\n").encode(), ()),
        (TEXT.replace(",", ";").encode(), ("separator semicolon",)),
        (TEXT.replace(",", "\t").encode(), ("separator tab",)),
        (TEXT.replace(",", "|").encode(), ("separator bar",)),
        (TEXT.encode("utf-16"), ("encoding utf-16",)),
        (
            b"sep=;\n" + TEXT.replace(",", ";").encode(),
            ("its first line says sep=", "separator semicolon"),
        ),
    ],
)
def test_dialects_of_text_give_the_same_table(tmp_path, content, change):
    (source,) = sources(tmp_path, "t.csv", content)
    (plain,) = sources(tmp_path, "plain.csv", TEXT)

    pd.testing.assert_frame_equal(source.frame, plain.frame)
    assert source.changes == change


def test_rows_are_counted_as_in_the_file(tmp_path):
    (source,) = sources(tmp_path, "t.csv", "sep=;\na;b\n\n1;2\n")

    assert source.rows.tolist() == [4]


def test_a_gzipped_file_is_read(tmp_path):
    (source,) = sources(tmp_path, "t.csv.gz", gzip.compress(TEXT.encode()))

    assert len(source.frame) == 24


def test_japanese_and_western_encodings_are_told_apart(tmp_path):
    japanese = "患者,投与群,週,点\n" + "".join(
        f"症例{i},プラセボ,0,4{i}\n" for i in range(9)
    )
    for encoding in ("cp932", "euc_jp"):
        (source,) = sources(tmp_path, "t.csv", japanese.encode(encoding))
        assert list(source.frame) == ["患者", "投与群", "週", "点"]
        assert f"encoding guessed: {encoding}" in source.notes[0]
    western = "Patient;Größe\nMüller;1\n"
    (source,) = sources(tmp_path, "t.csv", western.encode("cp1252"))
    assert source.frame["Größe"].tolist() == ["1"]


def test_an_encoding_that_is_given_is_used(tmp_path):
    (source,) = sources(tmp_path, "t.csv", "a,ł\nb,ł\n".encode("cp1250"), "cp1250")

    assert source.frame.iloc[0].tolist() == ["b", "ł"]


def test_row_names_and_empty_columns_are_left_out_and_told(tmp_path):
    (source,) = sources(
        tmp_path, "t.csv", '"","a","b",""\n"1","x","2",""\n"2","y","3",""\n'
    )

    assert list(source.frame) == ["a", "b"]
    assert "names the rows: left out" in source.changes[0]


def test_columns_of_one_name_are_told_apart(tmp_path):
    (source,) = sources(tmp_path, "t.csv", "id,week,week,score\n1,2,3,4\n")

    assert list(source.frame) == ["id", "week", "week_2", "score"]
    assert "'week' 2 times: told apart as 'week_2'" in source.changes[0]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("t.csv", "", "is empty"),
        ("t.csv", "\n \n", "is empty"),
        ("t.csv", "a,b\n", "a header but no rows"),
        ("t.csv", "a\n1\n2\n", "one column alone"),
        ("t.csv", "P1,0,44\nP2,0,43\n", "looks like data, not like a header"),
        ("t.csv", "a,b\n1,2,3\n1,2\n", "the header has 2 cells, 1 row 3 (row 2)"),
        ("t.csv", 'a,b\n1,"2\n', "cannot be read"),
        ("t.csv", b"a,b\n\0\0,1\n", "zero bytes"),
        ("t.csv", "a,,b\n1,x,2\n3,x,4\n", "has values (x) but no name"),
        ("t.xls", b"\xd0\xcf\x11\xe0\xa1\xb1", "is Excel 97; save it as"),
        ("t.xlsx", b"PK\x03\x04xl/", "cannot be read as an Excel workbook"),
        ("t.zip", b"PK\x03\x04", "is a ZIP archive"),
        ("t.rds", b"\x1f\x8b", "packed by gzip"),
        ("t.sas7bdat", b"nothing", "is no SAS dataset (.sas7bdat)"),
        ("t.xpt", b"nothing", "no SAS transport file"),
        ("t.csv.gz", b"nothing", "cannot be unpacked"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(tmp_path, name, content, told):
    assert told in refusal(tmp_path, name, content)


def test_absent_files_folders_and_names_given_twice_are_told_together(tmp_path):
    (tmp_path / "here").mkdir()
    (tmp_path / "t.csv").write_text(TEXT)
    paths = [tmp_path / "no.csv", tmp_path / "here", *[tmp_path / "t.csv"] * 2]
    with pytest.raises(DataError) as error:
        read_sources(paths)
    for told in (
        "no.csv: no such file",
        "here: is a folder",
        "two files have this name",
    ):
        assert told in str(error.value)


def test_decimal_commas_and_missing_marks_become_points_and_nothing(tmp_path):
    rows = visits()
    for row in rows:
        row["alsfrs_r"] = f"{row['alsfrs_r']},5"
    rows[2]["alsfrs_r"] = "NA"
    made = make(tmp_path, csv_text(rows, ";"), scale="none", better="higher")

    assert made.faults == ""
    written = made.files["data/trial.converted.csv"].splitlines()
    assert written[2:4] == ["P01,active,4,42.5", "P01,active,8,"]


@pytest.mark.parametrize("cells", ["1,234", "1.5 and 1,5"])
def test_numbers_that_may_mean_two_things_are_refused(tmp_path, cells):
    rows = visits()
    forms = cells.split(" and ")
    for i, row in enumerate(rows):
        row["alsfrs_r"] = forms[i % len(forms)]
    rows[0]["alsfrs_r"] = forms[0].replace("1", "2", 1)
    faults = make(tmp_path, csv_text(rows, ";"), outcomes=("alsfrs_r",)).faults

    assert "write" in faults
    assert "points" in faults


def test_points_of_thousands_are_no_decimals_where_decimals_have_commas(tmp_path):
    rows = visits()
    for i, row in enumerate(rows):
        row["alsfrs_r"] = ("1.234", "987", "2.105")[i % 3]
    made = make(tmp_path, csv_text(rows, ";"), outcomes=("alsfrs_r",))
    assert "1.234 may be 1234, for decimals of such files have commas" in made.faults
    # of a file with commas between cells a point is a decimal one
    assert "may be" not in make(tmp_path, csv_text(rows), outcomes=("alsfrs_r",)).faults


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    """Make an Excel file."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


ROWS = [
    ["id", "visit date", "score"],
    ["P1", datetime.datetime(2020, 1, 5), 4.5],
    ["P2", datetime.date(2020, 2, 6), 7],
]


def test_an_excel_sheet_is_a_table_with_dates_and_numbers_as_text(tmp_path):
    (source,) = sources(tmp_path, "t.xlsx", workbook(("S", ROWS)))

    assert source.frame.to_numpy().tolist() == [
        ["P1", "2020-01-05", "4.5"],
        ["P2", "2020-02-06", "7"],
    ]
    assert source.rows.tolist() == [2, 3]


def test_rows_above_the_header_and_sheets_without_a_table_are_passed_over(tmp_path):
    content = workbook(
        ("Cover", [["A trial"]]), ("Data", [["Export of today"], [], *ROWS])
    )
    (source,) = sources(tmp_path, "t.xlsx", content)

    assert list(source.frame) == ["id", "visit date", "score"]
    assert source.notes == ("1 row above the header passed over",)


def test_each_sheet_with_a_table_is_one(tmp_path):
    found = sources(tmp_path, "t.xlsx", workbook(("a", ROWS), ("b", ROWS)))

    assert [source.name for source in found] == ["t.xlsx [a]", "t.xlsx [b]"]


def test_formulas_without_results_are_refused_with_their_cells(tmp_path):
    more = [[f"P{n}", datetime.date(2020, 2, 6), "=1+1"] for n in range(3, 12)]
    content = workbook(("S", [["Export"], *ROWS, *more]), ("T", [*ROWS, *more[:1]]))
    told = refusal(tmp_path, "t.xlsx", content).splitlines()

    assert [line.partition(": a formula of which")[0] for line in told] == [
        "fatal: t.xlsx [S], column score, 9 cells, as row 5, row 6, row 7",
        "fatal: t.xlsx [T], row 4, column score",
    ]


def test_cells_are_read_as_the_spreadsheet_shows_them_where_a_run_does_so(tmp_path):
    """An id shown 007 is another in a CSV beside it than 7, and 85% is not 0.85."""

    def shown(sheet):
        for row in (2, 3):
            sheet.cell(row, 1).number_format = "000"
            sheet.cell(row, 2).number_format = "0%"

    content = one_sheet(["id", "fvc"], [7, 0.85], [12, 1.0], change=shown)
    (source,) = sources(tmp_path, "t.xlsx", content)

    assert source.frame.to_numpy().tolist() == [["007", "85%"], ["012", "100%"]]


def test_merged_cells_are_told_for_only_the_first_has_the_value(tmp_path):
    def merge(sheet):
        sheet.merge_cells("A2:A3")

    told = refusal(tmp_path, "t.xlsx", one_sheet(*ROWS, *ROWS[1:], change=merge))

    assert "row 2, column id: the cells A2:A3 are merged" in told


def test_an_excel_file_by_another_name_is_one(tmp_path):
    assert sources(tmp_path, "t.csv", workbook(("S", ROWS)))[0].changes[0] == "Excel"


def test_a_transport_file_is_read_as_the_pipeline_reads_it(tmp_path):
    content = transport_file(text("USUBJID", ["A", "B"]), Column("AVAL", [1.5, 2.0]))
    (source,) = sources(tmp_path, "t.xpt", content)

    assert source.frame.to_numpy().tolist() == [["A", "1.5"], ["B", "2"]]
    assert source.changes == ()


def test_a_sas_file_has_numbers_text_and_dates(tmp_path):
    """sample.sas7bdat of pyreadstat (Apache 2.0), whose sample.csv has these values."""
    content = (Path(__file__).parent / "data" / "sample.sas7bdat.gz").read_bytes()
    (source,) = sources(tmp_path, "sample.sas7bdat", gzip.decompress(content))

    columns = ["mychar", "mynum", "mydate", "dtime", "mylabl"]
    first, *_, last = source.frame[columns].to_numpy().tolist()
    assert first == ["a", "1.1", "2018-05-06", "2018-05-06T10:10:10", "1"]
    assert last == ["e", "1000.3", "", "", "1"]
    assert source.changes == ()  # a run reads it as it is
