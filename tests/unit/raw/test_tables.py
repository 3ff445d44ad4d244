"""Raw files as the configuration selects, names and translates their cells."""

import gzip
from pathlib import Path

import pandas as pd
import pytest

from alsdecline.raw.findings import Finding
from alsdecline.raw.tables import RawTable, read_raw
from alsdecline.raw.unpacked_files import FEWEST_UNPACKED
from alsdecline.settings.tables import Table
from support.hand_trial import SUBJECTS, findings_in, plan_of, told
from support.transport_file import Column, text, transport_file

EVENTS = """\
ID,CAT,TERM,DAY
P1,PROTOCOL,RANDOMIZED,2020-01-01
P1,DISPOSITION,COMPLETED,2020-02-28
P2,DISPOSITION,DEATH,2020-03-01
P3,DISPOSITION,LOST TO FOLLOW-UP,2020-03-02
P4,OTHER,,2020-03-03
"""
OURS = ("patient", "event", "date", "reason")
NAMES = {"patient": "ID", "event": "TERM", "date": "DAY", "reason": "TERM"}


def read(
    folder: Path, content: str | bytes = EVENTS, file: str = "ds.csv", **table: object
) -> tuple[RawTable, list[Finding]]:
    raw = content.encode() if isinstance(content, str) else content
    (folder / file).write_bytes(raw)
    settings = Table.model_validate({"file": file, "columns": NAMES} | table)
    return read_raw(folder / file, settings, OURS)


def records(frame: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return list(frame[list(columns)].itertuples(index=False, name=None))


def test_where_keeps_the_rows_that_have_one_of_its_values(tmp_path: Path) -> None:
    raw, found = read(tmp_path, where={"CAT": ["DISPOSITION", "OTHER"]})
    assert found == []
    # rows are lines of the file, whatever is left out
    assert records(raw.frame, "patient", "_row") == [
        ("P1", 3),
        ("P2", 4),
        ("P3", 5),
        ("P4", 6),
    ]
    assert records(raw.left_out, "patient", "_row") == [("P1", 2)]


def test_rows_must_meet_every_condition_of_where(tmp_path: Path) -> None:
    raw, _ = read(tmp_path, where={"CAT": ["DISPOSITION"], "ID": ["P2", "P4"]})
    assert records(raw.frame, "patient", "event") == [("P2", "DEATH")]


def test_where_may_keep_empty_cells(tmp_path: Path) -> None:
    raw, _ = read(tmp_path, where={"TERM": [""]})
    assert records(raw.frame, "patient") == [("P4",)]


def test_a_column_of_where_that_is_absent_is_told(tmp_path: Path) -> None:
    _, found = read(tmp_path, where={"DSCAT": ["DISPOSITION"]})
    assert told(found) == [
        (
            "fatal: ds.csv, row 1, column DSCAT: the column by which `where:` in "
            "config.yaml selects rows is missing; did you mean 'CAT'? the file has "
            "ID, CAT, TERM, DAY [column_missing]"
        )
    ]


def test_where_that_leaves_nothing_is_told_with_what_it_selects(tmp_path: Path) -> None:
    raw, found = read(tmp_path, where={"CAT": ["Disposition", "End"]})
    assert raw.frame.empty
    assert told(found) == [
        (
            "fatal: ds.csv: no row is left by `where:` in config.yaml (CAT "
            "Disposition, End): CAT has 'DISPOSITION', 'OTHER', 'PROTOCOL'; correct "
            "it [none_selected]"
        )
    ]


def test_a_value_of_where_that_no_row_has_is_a_warning(tmp_path: Path) -> None:
    _, found = read(tmp_path, where={"CAT": ["DISPOSITION", "Other"]})
    assert told(found) == [
        (
            "warning: ds.csv, column CAT, value 'Other': no row has this value, which "
            "`where:` in config.yaml selects; did you mean 'OTHER'? correct it if "
            "it is misspelt [where_value]"
        )
    ]


def test_an_optional_table_may_be_left_without_rows_but_it_is_told(
    tmp_path: Path,
) -> None:
    plan = plan_of(data={"events": {"file": "e.csv", "where": {"kind": ["end"]}}})
    events = "patient,event,date,kind\nP1,died,2020-03-01,End\n"
    _, found = findings_in(tmp_path, plan, events=events)
    assert told(found) == [
        (
            "warning: e.csv: no row is left by `where:` in config.yaml (kind end): "
            "kind has 'End'; taken as none. Check that it is all [none_selected]"
        )
    ]


def test_subjects_that_where_leaves_out_are_fatal_if_they_are_all(
    tmp_path: Path,
) -> None:
    plan = plan_of(data={"subjects": {"where": {"arm": ["A"]}}})
    _, found = findings_in(tmp_path, plan)
    assert [(f.severity, f.rule, f.file) for f in found] == [
        ("fatal", "none_selected", "subjects.csv")
    ]


def test_values_are_recoded_and_two_of_our_columns_may_come_from_one(
    tmp_path: Path,
) -> None:
    raw, found = read(
        tmp_path,
        where={"CAT": ["DISPOSITION", "OTHER"]},
        recode={
            "event": {"COMPLETED": "completed", "DEATH": "died", "*": "withdrawn"},
            "reason": {"COMPLETED": "", "DEATH": ""},
        },
    )
    assert found == []
    assert records(raw.frame, "event", "reason") == [
        ("completed", ""),
        ("died", ""),
        ("withdrawn", "LOST TO FOLLOW-UP"),  # what is not named stays as it is
        ("", ""),  # an empty cell is none of the others that '*' stands for
    ]


def test_an_empty_cell_may_be_given_a_meaning(tmp_path: Path) -> None:
    raw, _ = read(tmp_path, recode={"event": {"": "withdrawn", "*": "completed"}})
    assert list(raw.frame["event"]) == [*["completed"] * 4, "withdrawn"]


def test_where_reads_the_values_of_the_file_and_not_what_they_stand_for(
    tmp_path: Path,
) -> None:
    raw, _ = read(
        tmp_path, where={"TERM": ["DEATH"]}, recode={"event": {"DEATH": "died"}}
    )
    assert records(raw.frame, "patient", "event") == [("P2", "died")]


def test_a_gzipped_csv_file_has_the_cells_of_the_file_in_it(tmp_path: Path) -> None:
    plain, _ = read(tmp_path)
    packed, found = read(tmp_path, gzip.compress(EVENTS.encode()), "ds.csv.gz")
    assert found == []
    pd.testing.assert_frame_equal(packed.frame, plain.frame)


def test_a_gzipped_transport_file_has_its_records(tmp_path: Path) -> None:
    content = transport_file(
        text("ID", ["P1", "P2"]),
        text("TERM", ["DEATH", ""]),
        Column("DAY", [0, 59], form="DATE"),
    )
    for name, raw in {
        "ds.xpt": content,
        "ds.XPT": content,
        "ds.xpt.gz": gzip.compress(content),
    }.items():
        table, found = read(tmp_path, raw, name, where={"ID": ["P2"]})
        assert found == []
        # 1960 is a leap year: day 59 is 29 February; rows are records
        assert records(table.frame, "patient", "event", "date", "_row") == [
            ("P2", "", "1960-02-29", 2)
        ]


def test_an_absent_column_of_a_transport_file_has_no_row(tmp_path: Path) -> None:
    content = transport_file(text("ID", ["P1"]))
    _, found = read(tmp_path, content, "ds.xpt", where={"CAT": ["x"]})
    assert [(f.rule, f.row, f.column) for f in found] == [
        ("column_missing", None, "CAT")
    ]


PACKED = gzip.compress(EVENTS.encode() * 50)


@pytest.mark.parametrize(
    "content",
    [EVENTS.encode(), PACKED[:-20], PACKED[:40] + b"\0" * 20 + PACKED[60:], PACKED[:5]],
    ids=["not packed", "cut off", "damaged", "cut in the header"],
)
def test_what_gzip_cannot_unpack_is_told_in_one_line(
    content: bytes, tmp_path: Path
) -> None:
    raw, (found,) = read(tmp_path, content, "ds.csv.gz")
    assert raw.header == ()
    assert (found.severity, found.rule, found.file) == ("fatal", "gzip", "ds.csv.gz")
    assert found.message.startswith("cannot be unpacked by gzip (")
    assert found.message.endswith("); compress the file again")
    assert "\n" not in str(found)


def test_a_file_that_unpacks_without_end_is_told_in_one_line(tmp_path: Path) -> None:
    """A thousandth of it is packed: of 16 MB of line ends, 16 kB."""
    bomb = gzip.compress(b"\n" * (FEWEST_UNPACKED + 1))
    raw, (found,) = read(tmp_path, bomb, "ds.csv.gz")
    assert raw.header == ()
    assert (found.severity, found.rule, found.file) == ("fatal", "gzip", "ds.csv.gz")
    assert found.message.startswith("unpacks to more than 16 MB")


def test_the_first_bytes_of_what_is_no_gzip_file_are_not_told(tmp_path: Path) -> None:
    _, (found,) = read(tmp_path, b"Zz" + EVENTS.encode(), "ds.csv.gz")
    assert "Zz" not in str(found)


def test_a_packed_file_must_be_called_so(tmp_path: Path) -> None:
    _, (found,) = read(tmp_path, gzip.compress(EVENTS.encode()), "ds.csv")
    assert (found.severity, found.rule, found.file) == ("fatal", "gzip", "ds.csv")
    assert found.message == "is packed by gzip; let its name end in .gz, or unpack it"


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "ds.csv").mkdir()
    table = Table.model_validate({"file": "ds.csv"})
    _, (found,) = read_raw(tmp_path / "ds.csv", table, OURS)
    assert (found.rule, found.file) == ("unreadable", "ds.csv")
    assert "Is a directory" in found.message


def test_a_patient_left_out_of_the_subjects_is_left_out_everywhere(
    tmp_path: Path,
) -> None:
    plan = plan_of(
        data={
            "subjects": {"where": {"arm": ["a", "b"]}},
            "events": {"file": "events.csv"},
        }
    )
    files, found = findings_in(
        tmp_path,
        plan,
        subjects=f"{SUBJECTS}P9,screened,2020-01-05\n",
        visits="patient,visit_week,visit_date,score\n"
        "P9,0,2020-01-05,99\n"  # out of range, and of no interest
        "P1,0,2020-01-01,8\nP2,0,2020-02-01,9\n",
        events="patient,event,date\nP9,gone,2020-01-05\nP2,died,2020-03-01\n",
    )
    assert found == []
    for name in ("subjects", "visits", "events"):
        assert "P9" not in set(files.tables[name]["patient"]), name


def test_a_row_without_a_patient_is_told_though_where_leaves_another_out(
    tmp_path: Path,
) -> None:
    plan = plan_of(data={"subjects": {"where": {"arm": ["a", "b"]}}})
    _, found = findings_in(
        tmp_path,
        plan,
        subjects=f"{SUBJECTS},screened,2020-01-05\n",
        visits="patient,visit_week,visit_date,score\nP1,0,2020-01-01,8\n"
        "P2,0,2020-02-01,9\n,4,2020-02-29,7\n",
    )
    assert [(f.rule, f.file, f.row, f.column) for f in found] == [
        ("required", "visits.csv", 4, "patient")
    ]


def test_a_column_that_the_configuration_names_must_be_there_even_if_optional(
    tmp_path: Path,
) -> None:
    plan = plan_of(
        data={"events": {"file": "events.csv", "columns": {"reason": "why"}}}
    )
    events = "patient,event,date,reason\nP1,died,2020-03-01,unknown\n"
    _, found = findings_in(tmp_path, plan, events=events)
    assert told(found) == [
        (
            "fatal: events.csv, row 1, column why: the column is missing; the file has "
            "patient, event, date, reason. Is it 'reason'? Say under `columns:` in "
            "config.yaml what it is called, as `columns: {reason: reason}` "
            "[column_missing]"
        )
    ]


@pytest.mark.parametrize(
    ("written", "told_of"),
    [
        ("2020-01-01T08:30", None),
        ("2020-01-01T08", None),
        ("2020-01-01T08:30:15.5+01:00", None),
        ("2020-01-01T23:59:59Z", None),
        ("2020-01-01T00:00-0930", None),
        ("2020-01-01T24:00", "24:00 is the end of this day and the start of the next"),
        ("2020-01-01T99:99", "no such time of day; correct it, or write 2020-01-01"),
        ("2020-01-01T08:30+25:00", "no such time of day"),
        ("01/02/20", "2020-01-02 or 2020-02-01"),
        ("31/01/98", "write 1998-01-31 if the year is so"),
        ("2020-01-01T08:30 or so", "not a date; write YYYY-MM-DD"),
        ("2020-01", "a date of which a part is not known, which cannot be taken"),
        ("2020-02-30T08:30", "no such day; correct the date"),
        ("10-Mrz-2020", "not a date: 'Mrz' is no month in English; write YYYY-MM-DD"),
        ("10. März 2020", "not a date: 'März' is no month in English"),
        ("pending", "not a date; write YYYY-MM-DD"),
    ],
)
def test_a_date_may_have_a_time_of_day_as_iso_8601_writes_it(
    written: str, told_of: str | None, tmp_path: Path
) -> None:
    subjects = SUBJECTS.replace("2020-01-01", written)
    files, found = findings_in(tmp_path, plan_of(), subjects=subjects)
    if told_of is None:
        assert {f.rule for f in found} <= {"time_zone"}
        first = files.tables["subjects"]["randomisation_date"][0]
        assert first == pd.Timestamp("2020-01-01")
    else:
        assert (found[0].rule, found[0].value) == ("not_a_date", written)
        assert told_of in found[0].message
