"""Transport files of version 8, and texts in other encodings; why no other reader.

Those of version 5 are held by tests/unit/raw/test_xport_cells.py.
"""

import io
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from alsdecline.table_files.dialect import PLAIN, Dialect
from alsdecline.table_files.text_table import Fault, TableError, TextTable
from alsdecline.table_files.transport import read_transport
from support.transport_file import Column, dataset, text, transport_file

FRAME = pd.DataFrame(
    {
        "a_name_of_more_than_8": [1.5, None, 3.0],
        "TERM": ["a", "µ", ""],
        "DAY": [18993.0, None, 0.0],
    }
)


@pytest.fixture
def version_8(tmp_path: Path) -> bytes:
    """Have ReadStat write one, with a label that gets a section of its own."""
    path = tmp_path / "v8.xpt"
    pyreadstat.write_xport(
        FRAME,
        path,
        file_format_version=8,
        variable_format={"DAY": "DATE9."},
        column_labels={"TERM": "x" * 60},
    )
    return path.read_bytes()


def faults(content: bytes, dialect: Dialect = PLAIN) -> tuple[Fault, ...]:
    with pytest.raises(TableError) as caught:
        read_transport(content, dialect, None)
    return caught.value.faults


def test_version_8_has_long_names_and_all_its_cells(version_8: bytes) -> None:
    assert b"LABELV8" in version_8
    assert read_transport(version_8, PLAIN, None) == TextTable(
        header=("a_name_of_more_than_8", "TERM", "DAY"),
        columns={
            "a_name_of_more_than_8": ["1.5", "", "3"],
            "TERM": ["a", "µ", ""],
            "DAY": ["2012-01-01", "", "1960-01-01"],
        },
        rows=range(1, 4),
    )


def test_a_file_of_version_8_cut_off_anywhere_is_told(version_8: bytes) -> None:
    for end in range(len(version_8)):
        assert [f.rule for f in faults(version_8[:end])] == ["transport"], end


def test_records_that_the_file_counts_are_all_there_blank_or_not(
    tmp_path: Path,
) -> None:
    path = tmp_path / "t.xpt"
    frame = pd.DataFrame({"T": ["a", "", ""]})
    pyreadstat.write_xport(frame, path, file_format_version=8)
    content = path.read_bytes()
    assert read_transport(content, PLAIN, None).columns == {"T": ["a", "", ""]}
    short = content.replace(b" 3  ", b"99  ", 1)
    assert "is cut off after record" in faults(short)[0].message


def test_texts_are_read_in_the_encoding_that_is_said() -> None:
    content = transport_file(
        text("T", ["5 µg".encode("cp1252"), "嘔吐".encode("cp932")])
    )
    assert [f.row for f in faults(content)] == [1]
    content = transport_file(text("T", ["嘔吐".encode("cp932")]))
    said = Dialect(encoding="cp932")
    assert read_transport(content, said, None).columns["T"] == ["嘔吐"]
    (fault,) = faults(content)
    assert "as `encoding: cp932` under its file" in fault.message
    assert "is not of ascii" in faults(content, Dialect(encoding="ascii"))[0].message


SMALL = transport_file(Column("N", [1, 2, 3, 4, 5]), text("T", ["abc"] * 5, 16))


def test_readers_of_others_lose_what_this_one_tells() -> None:
    """Should they come to tell it, ours can go (module docstring of transport.py)."""

    def by_readstat(content: bytes) -> list[float]:
        return list(
            pyreadstat.read_xport(io.BytesIO(content), output_format="dict")[0]["N"]
        )

    cut, several = SMALL[:-80], SMALL + dataset([Column("N", [6])])
    assert by_readstat(cut) == [1, 2, 3]
    assert "is cut off after record 3" in faults(cut)[0].message
    assert len(by_readstat(several)) > 6
    assert "holds several datasets" in faults(several)[0].message
    blank = transport_file(Column("N", [1, 2, 3, 4, 5]), text("T", [""] * 5))
    assert len(pd.read_sas(io.BytesIO(blank), format="xport", encoding="utf-8")) < 5
    assert read_transport(blank, PLAIN, None).columns["N"] == [*"12345"]
