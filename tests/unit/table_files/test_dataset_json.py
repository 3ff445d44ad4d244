"""Dataset-JSON 1.1, in one object and in lines, after CDISC's description."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alsdecline.table_files.dataset_json import read_dataset_json
from alsdecline.table_files.dialect import PLAIN
from alsdecline.table_files.text_table import Fault, TableError

COLUMNS = [
    {"itemOID": "IT.ID", "name": "USUBJID", "label": "Subject", "dataType": "string"},
    {"itemOID": "IT.N", "name": "N", "label": "N", "dataType": "integer"},
    {"itemOID": "IT.F", "name": "F", "label": "F", "dataType": "float"},
    {"itemOID": "IT.D", "name": "D", "label": "D", "dataType": "decimal"},
    {"itemOID": "IT.B", "name": "B", "label": "B", "dataType": "boolean"},
    {"itemOID": "IT.T", "name": "T", "label": "T", "dataType": "date"},
    {
        "itemOID": "IT.S",
        "name": "S",
        "label": "S",
        "dataType": "date",
        "targetDataType": "integer",
        "displayFormat": "E8601DA.",
    },
]
ROWS = [
    ["007", 7, 0.1, "12.50", True, "2020-02-29", 18993],
    ["", None, 3.0, None, None, "2020-02", None],
]
HEAD = {
    "datasetJSONCreationDateTime": "2026-01-01T00:00:00",
    "datasetJSONVersion": "1.1.0",
    "itemGroupOID": "IG.DM",
    "records": 2,
    "name": "DM",
    "label": "Demographics",
    "columns": COLUMNS,
}


def whole(**changes: Any) -> bytes:
    return json.dumps(HEAD | {"rows": ROWS} | changes).encode()


def lines(*rows: Any, **changes: Any) -> bytes:
    return "\n".join(json.dumps(p) for p in [HEAD | changes, *rows]).encode()


def fault(content: bytes) -> Fault:
    with pytest.raises(TableError) as caught:
        read_dataset_json(content, PLAIN, None)
    (found,) = caught.value.faults
    assert found.rule == "damaged"
    assert "\n" not in found.message
    return found


@pytest.mark.parametrize(
    "content",
    [
        whole(),
        json.dumps(json.loads(whole()), indent=2).encode(),
        lines(*ROWS),
        b"\xef\xbb\xbf" + lines(*ROWS).replace(b"\n", b"\r\n") + b"\n\n",
    ],
    ids=["one object", "indented", "lines", "lines of Windows"],
)
def test_both_forms_have_their_cells(content: bytes) -> None:
    table = read_dataset_json(content, PLAIN, None)
    assert table.header == ("USUBJID", "N", "F", "D", "B", "T", "S")
    assert list(table.rows) == [1, 2]
    assert table.columns == {
        "USUBJID": ["007", ""],
        "N": ["7", ""],
        "F": ["0.1", "3"],
        "D": ["12.50", ""],
        "B": ["TRUE", ""],
        "T": ["2020-02-29", "2020-02"],  # its precision is kept
        "S": ["2012-01-01", ""],  # as SAS counts its days
    }


def test_only_wanted_columns_are_converted() -> None:
    table = read_dataset_json(whole(), PLAIN, ["N", "absent"])
    assert list(table.columns) == ["N"]
    assert len(table.header) == 7


WRONG = {
    "no object": (b"[1, 2]", "is no Dataset-JSON"),
    "cut off": (whole()[:-5], "is no JSON, or is cut off"),
    "a line cut off": (lines(*ROWS)[:-5], "in line 3 is no JSON, or is cut off"),
    "rows lost": (whole(records=3), "has 2 of 3 records"),
    "a line lost": (lines(ROWS[0]), "has 1 of 2 records"),
    "a short row": (whole(rows=[ROWS[0], [1]]), "has 1 values where it has 7 columns"),
    "a row that is none": (whole(rows=[ROWS[0], 1]), "has no list where it has 7"),
    "a cell that is a list": (
        whole(rows=[ROWS[0], [[1], *ROWS[1][1:]]]),
        "a list where one value belongs",
    ),
    "another version": (whole(datasetJSONVersion="1.0.0"), "is Dataset-JSON 1.0.0"),
    "no version": (json.dumps({"rows": []}).encode(), "no `datasetJSONVersion`"),
    "no columns": (whole(columns=[]), "has no `columns`"),
    "a column without a name": (whole(columns=[{}]), "one has no name"),
    "NaN": (whole(rows=[[float("nan")] * 7] * 2), "NaN is no number in JSON"),
    "nested without end": (b"[" * 100_000, "nested too deeply"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told(name: str) -> None:
    content, says = WRONG[name]
    assert says in fault(content).message


@given(st.integers(0, 1000), st.binary(max_size=20), st.booleans())
def test_a_spoilt_file_is_read_or_told(at: int, junk: bytes, in_lines: bool) -> None:
    content = lines(*ROWS) if in_lines else whole()
    try:
        table = read_dataset_json(
            content[:at] + junk + content[at + len(junk) :], PLAIN, None
        )
    except TableError:
        return
    assert all(len(c) == len(table.rows) for c in table.columns.values())


def test_a_number_that_a_format_shows_as_a_date_is_one() -> None:
    """1 January 1960 is day 0 of SAS, and 2 July 2024 day 23,559."""
    columns = [
        {"name": name, "label": "", "dataType": kind, "displayFormat": form}
        for name, kind, form in (
            ("A", "integer", "DATE9."),
            ("B", "float", "E8601DA10."),
            ("C", "integer", "BEST12."),
        )
    ]
    content = whole(columns=columns, rows=[[23559, 0.0, 23559]], records=1)
    found = read_dataset_json(content, PLAIN, None).columns
    assert found == {"A": ["2024-07-02"], "B": ["1960-01-01"], "C": ["23559"]}
