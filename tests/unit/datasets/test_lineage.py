"""Lineage of totals: every raw cell of each is listed, and they give it again.

The raw cells are read back from the files themselves, by other means than the
pipeline's: csv and gzip of the standard library, and bytes of a transport file.
"""

import csv
import gzip
import io
import struct
from pathlib import Path

import pandas as pd
import pytest

from alsdecline.datasets.bds import measured_values
from alsdecline.datasets.lineage import VALUE_COLUMNS, value_lineage
from alsdecline.settings.data_plan import DataPlan
from support.hand_trial import ITEMS, datasets_of, findings_in, plan_of, rows
from support.transport_file import Column, text, transport_file

MAXIMA = {"i1": 2, "i2": 3, "i3": 5}
PRORATED = {**ITEMS, "missing_items": "prorate"}
WIDE = """\
patient,visit_week,visit_date,i3,i1,i2
P2,0,2020-02-01,5,1,3
P1,4,2020-01-29,4,2,

P1,0,2020-01-01,4,2,2
P1,8,2020-02-26,,,
"""
# one row a value: P1's visit 2 has an empty item, P2's is of no value
LONG = [
    ("P2", 1, "i1", 1),
    ("P1", 2, "i3", 4),
    ("P1", 1, "i2", 2),
    ("P1", 2, "i2", None),
    ("P1", 1, "i1", 2),
    ("P1", 1, "i3", 4),
    ("P2", 1, "i2", 3),
    ("P1", 2, "i1", 2),
    ("P2", 1, "i3", 5),
    ("P2", 2, "i3", None),
]
LONG_VISITS = """\
patient,visit,visit_week,visit_date
P1,1,0,2020-01-01
P1,2,4,2020-01-29
P2,1,0,2020-02-01
P2,2,4,2020-02-29
"""
TOTALS = {("P1", 0): 8, ("P1", 4): 60 / 7, ("P2", 0): 9}
"""By patient and week: sums of 10 points, and 6 of 7 points prorated."""


def traced(
    folder: Path, plan: DataPlan, **texts: str | bytes
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the lineage of the score, and its dataset."""
    adsl, values, files = datasets_of(folder, plan, **texts)
    digests = {
        table.file: f"digest of {table.file}" for table in files.sources.values()
    }
    return value_lineage(
        plan, files, measured_values(plan, files, adsl), digests
    ), values["score"]


def totals_again(found: pd.DataFrame, cell_of: dict[tuple[int, str], float]) -> dict:
    """Make the totals again of the cells that the lineage lists."""
    again = {}
    for (patient, week), cells in found.groupby(["USUBJID", "AVISITN"]):
        points = [
            cell_of[row, c]
            for row, c in zip(cells["row"], cells["column"], strict=True)
        ]
        asked = sum(MAXIMA[item] for item in cells["parameter"])
        again[patient, week] = sum(points) * 10 / asked
    return again


def test_each_item_of_a_total_is_a_row_and_a_missing_one_is_none(
    tmp_path: Path,
) -> None:
    found, _ = traced(tmp_path, plan_of(PRORATED), visits=WIDE)
    assert list(found.columns) == VALUE_COLUMNS
    assert rows(
        found, "USUBJID", "AVISITN", "SRCSEQ", "parameter", "row", "column"
    ) == [
        ("P1", 0, 1, "i1", 5, "i1"),  # behind a blank line
        ("P1", 0, 1, "i2", 5, "i2"),
        ("P1", 0, 1, "i3", 5, "i3"),
        ("P1", 4, 2, "i1", 3, "i1"),
        ("P1", 4, 2, "i3", 3, "i3"),
        ("P2", 0, 1, "i1", 2, "i1"),
        ("P2", 0, 1, "i2", 2, "i2"),
        ("P2", 0, 1, "i3", 2, "i3"),
    ]
    assert set(found["file"]) == {"visits.csv"}
    assert set(found["sha256"]) == {"digest of visits.csv"}


def test_the_cells_of_a_csv_file_give_the_totals_again(tmp_path: Path) -> None:
    found, score = traced(tmp_path, plan_of(PRORATED), visits=WIDE)
    lines = (tmp_path / "visits.csv").read_text().split("\n")
    header = lines[0].split(",")
    cells = {
        (number, name): float(cell)
        for number, line in enumerate(lines[1:], 2)
        for name, cell in zip(header, line.split(","), strict=False)
        if name in MAXIMA and cell
    }
    assert totals_again(found, cells) == pytest.approx(TOTALS)
    assert rows(score, "USUBJID", "AVISITN", "AVAL") == [
        (*key, pytest.approx(value)) for key, value in TOTALS.items()
    ]


# item 1 in one of two columns, as items 5a and 5b of ALSFRS-R
EITHER = """\
patient,visit_week,visit_date,i3,i1a,i1b,i2
P2,0,2020-02-01,5,,1,3
P1,4,2020-01-29,4,2,,
P1,0,2020-01-01,4,2,,2
"""
ONE_OF = {"visits": {"one_of": {"i1": ["i1a", "i1b"]}}}


def test_a_cell_of_one_of_two_columns_is_named_by_its_own(tmp_path: Path) -> None:
    found, score = traced(tmp_path, plan_of(PRORATED, data=ONE_OF), visits=EITHER)
    header, *lines = [line.split(",") for line in EITHER.splitlines()]
    cells = {
        (row, name): float(cell)
        for row, line in enumerate(lines, 2)
        for name, cell in zip(header[3:], line[3:], strict=True)
        if cell
    }
    assert totals_again(found, cells) == pytest.approx(TOTALS)
    assert rows(score, "AVAL") == [(pytest.approx(v),) for v in TOTALS.values()]
    of_item = found[found["parameter"] == "i1"]
    assert rows(of_item, "row", "column") == [(4, "i1a"), (3, "i1a"), (2, "i1b")]


def test_an_outcome_in_one_of_two_columns_says_which_in_its_dataset(
    tmp_path: Path,
) -> None:
    one_of = {"visits": {"one_of": {"score": ["i3", "i1b"]}}}
    text = EITHER.replace("P2,0,2020-02-01,5", "P2,0,2020-02-01,")
    found, score = traced(tmp_path, plan_of(data=one_of), visits=text)
    assert rows(score, "USUBJID", "SRCVAR") == [
        *(("P1", "i3"), ("P1", "i3"), ("P2", "i1b"))
    ]
    assert list(found["column"]) == ["i3", "i3", "i1b"]


def test_a_mean_over_two_columns_names_that_of_each_cell(tmp_path: Path) -> None:
    plan = plan_of(PRORATED, data=ONE_OF, visits={"repeats": "mean"})
    found, _ = traced(tmp_path, plan, visits=EITHER + "P2,0,2020-02-01,5,2,,3\n")
    of_item = found[(found["parameter"] == "i1") & (found["USUBJID"] == "P2")]
    assert rows(of_item, "row", "column") == [(2, "i1b"), (5, "i1a")]


def test_a_finding_in_one_of_two_columns_names_its_own(tmp_path: Path) -> None:
    plan = plan_of(PRORATED, data=ONE_OF)
    text = EITHER.replace(",5,,1,3", ",5,,9,3").replace("29,4,2,", "29,4,x,")
    _, found = findings_in(tmp_path, plan, visits=text)
    assert [(f.row, f.column, f.value) for f in found if f.column[:2] == "i1"] == [
        (2, "i1b", "9"),
        (3, "i1a", "x"),
    ]


def test_what_says_none_is_none_in_each_of_two_columns_however_it_is_written(
    tmp_path: Path,
) -> None:
    declared = {"missing": ["-9"], "decimal": ",", "separator": ";"}
    missing = {"visits": ONE_OF["visits"] | declared}
    text = EITHER.replace("5,,1,3", "5,-9.0,1,3").replace("4,2,,2", "4,2,-9,2")
    text = text.replace(",", ";").replace(".", ",")
    _, found = findings_in(tmp_path, plan_of(PRORATED, data=missing), visits=text)
    assert [f for f in found if f.rule == "either_item"] == []


def long_plan(file: str, **columns: str) -> DataPlan:
    return plan_of(PRORATED, data={"measurements": {"file": file, "columns": columns}})


def test_the_cells_of_a_gzipped_long_file_give_the_totals_again(
    tmp_path: Path,
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([("patient", "visit", "test", "points"), *LONG])
    plan = long_plan("long.csv.gz", parameter="test", value="points")
    packed = gzip.compress(out.getvalue().encode())
    found, score = traced(tmp_path, plan, visits=LONG_VISITS, measurements=packed)
    with gzip.open(tmp_path / "long.csv.gz", "rt") as stream:
        lines = stream.read().split("\n")
    assert len(found) == 8
    cells = {}
    for record in found.itertuples():
        patient, _, item, points = lines[record.row - 1].split(",")
        assert (patient, item) == (record.USUBJID, record.parameter)
        cells[record.row, "points"] = float(points)
    assert set(found["column"]) == {"points"}
    assert totals_again(found, cells) == pytest.approx(TOTALS)
    assert rows(score, "AVAL") == [(pytest.approx(v),) for v in TOTALS.values()]


def test_the_cells_of_a_transport_file_give_the_totals_again(tmp_path: Path) -> None:
    patients, visits, items, points = zip(*LONG, strict=True)
    content = transport_file(
        text("USUBJID", patients),
        Column("VISITNUM", visits),
        text("TEST", items),
        Column("RESULT", points),
    )
    plan = long_plan(
        "qs.xpt.gz",
        patient="USUBJID",
        visit="VISITNUM",
        parameter="TEST",
        value="RESULT",
    )
    found, score = traced(
        tmp_path, plan, visits=LONG_VISITS, measurements=gzip.compress(content)
    )
    # records of 32 bytes: 3 cards of 80, 4 names of 140 in 7 more, and one
    start = 80 * 8 + 7 * 80 + 80
    cells = {}
    for record in found.itertuples():
        at = start + 32 * (record.row - 1)
        raw = content[at : at + 32]
        assert raw[:8].decode().strip() == record.USUBJID
        assert raw[16:24].decode().strip() == record.parameter
        first, fraction = struct.unpack(">B3x", raw[24:28])[0], raw[25:32]
        # whole points up to 15 are 16 times their first fractional digit
        assert first == 0x41
        cells[record.row, "RESULT"] = int.from_bytes(fraction, "big") * 16 / 2**56
    assert totals_again(found, cells) == pytest.approx(TOTALS)
    assert len(score) == 3


def test_a_carried_value_is_traced_by_the_number_of_its_source(tmp_path: Path) -> None:
    plan = plan_of(PRORATED, visits={"carry_forward": "baseline"})
    found, score = traced(tmp_path, plan, visits=WIDE)
    carried = score[(score["DTYPE"] == "LOCF") & (score["USUBJID"] == "P1")]
    assert rows(carried, "AVISITN", "SRCSEQ") == [(8, 2)]
    source = found[(found["USUBJID"] == "P1") & (found["SRCSEQ"] == 2)]
    assert rows(source, "AVISITN", "parameter") == [(4, "i1"), (4, "i3")]


def test_items_may_be_called_as_columns_of_the_dataset_are(tmp_path: Path) -> None:
    plan = plan_of({**PRORATED, "items": ["AVAL", "ADY", "SRCSEQ"]})
    renamed = WIDE.replace("i3,i1,i2", "SRCSEQ,AVAL,ADY")
    found, score = traced(tmp_path, plan, visits=renamed)
    assert rows(score, "USUBJID", "AVISITN", "ADY", "AVAL") == [
        ("P1", 0, 1, 8),
        ("P1", 4, 29, pytest.approx(60 / 7)),
        ("P2", 0, 1, 9),
    ]
    assert set(found["parameter"]) == {"AVAL", "ADY", "SRCSEQ"}


def test_published_cells_give_the_published_total_again(
    tmp_path: Path, reference: Path
) -> None:
    # CDISC Pilot 01: the 11 items, and their total, which is recorded beside them
    raw = reference / "data" / "cdisc_pilot01" / "xpt"
    items = [f"ACITM{i:02d}" for i in (1, 2, 4, 5, 6, 7, 8, 11, 12, 13, 14)]
    plan = plan_of(
        {**PRORATED, "scale": "adas_cog_11", "items": items, "column": "ACTOT"},
        data={
            "subjects": {
                "file": "dm.xpt",
                "where": {"ARMCD": ["Pbo", "Xan_Hi"]},
                "columns": {
                    "patient": "USUBJID",
                    "arm": "ARMCD",
                    "randomisation_date": "RFSTDTC",
                },
            },
            "visits": {
                "file": "sv.xpt",
                "columns": {
                    "patient": "USUBJID",
                    "visit": "VISITNUM",
                    "visit_date": "SVSTDTC",
                },
            },
            "measurements": {
                "file": "qs.xpt.gz",
                "columns": {
                    "patient": "USUBJID",
                    "visit": "VISITNUM",
                    "parameter": "QSTESTCD",
                    "value": "QSSTRESN",
                },
            },
            "cutoff": "2015-12-31",
        },
        arms={
            "reference": "Pbo",
            "groups": [{"id": "Pbo", "label": "P"}, {"id": "Xan_Hi", "label": "X"}],
        },
        visits={
            "weeks": [0, 8],
            "window_days": None,
            "windows": [
                {"week": 0, "to_day": 1, "target_day": 1},
                {"week": 8, "from_day": 2, "target_day": 56},
            ],
        },
    )
    contents = {
        name: (raw / file).read_bytes()
        for name, file in (
            ("subjects", "dm.xpt"),
            ("visits", "sv.xpt"),
            ("measurements", "qs.xpt.gz"),
        )
    }
    found, score = traced(tmp_path, plan, **contents)
    qs = gzip.decompress(contents["measurements"])
    published = pd.read_sas(io.BytesIO(qs), format="xport", encoding="utf-8")
    cells = published.loc[found["row"] - 1]
    assert list(cells["QSTESTCD"]) == list(found["parameter"])
    assert list(cells["USUBJID"]) == list(found["USUBJID"])
    first = found[found["SRCSEQ"] == 1].groupby("USUBJID")["row"]
    complete = first.count()[lambda n: n == 11].index
    assert len(complete) > 150
    points = published["QSSTRESN"].mask(published["QSSTRESN"].abs() < 1e-70, 0)
    again = first.agg(lambda at: points.loc[at - 1].sum())[complete]
    ours = score[score["SRCSEQ"] == 1].set_index("USUBJID")["AVAL"][complete]
    assert list(again) == list(ours)
