"""Results that are not what their jobs wrote, and records that are not the ledger's."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from alsdecline.jobs.events import leave_event
from alsdecline.jobs.held_results import (
    Altered,
    altered_results,
    last_events,
    left_over,
    left_over_text,
    reasons_by_record,
    results_without_record,
    told_altered,
)
from alsdecline.jobs.ledger import append, read_ledger
from alsdecline.jobs.planned import PlannedJob
from support.hand_jobs import do_by_hand, done_event, hand_job, record_text, write

TABLE, FIGURE = "results/tables/rates.csv", "results/figures/rates.svg"
TABULATE = "results/records/tabulate.json"


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[PlannedJob]:
    """Make a table of a raw file, and a figure of the table."""
    monkeypatch.chdir(tmp_path)
    write("data/visits.csv", "a\n1\n")
    return [
        do_by_hand(hand_job("tabulate", ["data/visits.csv"], [TABLE])),
        do_by_hand(hand_job("draw", [TABLE], [FIGURE])),
    ]


def altered(jobs: list[PlannedJob]) -> list[Altered]:
    return altered_results(jobs, last_events(Path(), read_ledger(Path())))


def edit(file: str) -> None:
    """Change a byte, and keep size and time."""
    path = Path(file)
    times = path.stat()
    path.write_text(path.read_text("utf-8").swapcase(), encoding="utf-8")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def test_results_as_they_were_written_hold(jobs: list[PlannedJob]) -> None:
    assert altered(jobs) == []


@pytest.mark.parametrize(("file", "job"), [(TABLE, "tabulate"), (FIGURE, "draw")])
def test_an_edit_that_keeps_size_and_time_is_found_in_a_leaf_too(
    jobs: list[PlannedJob], file: str, job: str
) -> None:
    assert altered(jobs) == []  # what was hashed before counts for nothing
    edit(file)
    (one,) = altered(jobs)
    assert str(one) == f"{file}: is not what {job} wrote"
    assert reasons_by_record([one]) == {
        f"results/records/{job}.json": [f"output {file} is not what the job wrote"]
    }


def _forge_with_the_record(jobs: list[PlannedJob]) -> None:
    edit(TABLE)
    write(TABULATE, record_text(jobs[0]))


def _forge_the_record_alone(_: list[PlannedJob]) -> None:
    text = Path(TABULATE).read_text("utf-8")
    write(TABULATE, text.replace('"gates": {}', '"gates": {"passed": true}'))


RECORDS: dict[str, tuple[Callable[[list[PlannedJob]], None], set[str]]] = {
    "an output and its record": (_forge_with_the_record, {TABLE, TABULATE}),
    "a record alone": (_forge_the_record_alone, {TABULATE}),
}


@pytest.mark.parametrize("case", RECORDS)
def test_a_forged_record_is_found_by_the_ledger(
    jobs: list[PlannedJob], case: str
) -> None:
    forge, expected = RECORDS[case]
    forge(jobs)
    assert {one.file for one in altered(jobs)} == expected
    assert {one.job for one in altered(jobs)} == {"tabulate"}


def test_a_job_that_the_ledger_has_no_line_of_does_not_hold(
    jobs: list[PlannedJob],
) -> None:
    other = do_by_hand(hand_job("other", [], ["results/other.csv"]), ledger=False)
    (one,) = altered([*jobs, other])
    assert str(one) == (
        f"{other.record}: of other: the ledger does not tell of its record"
    )


def test_what_a_killed_run_left_for_the_ledger_counts(jobs: list[PlannedJob]) -> None:
    other = do_by_hand(hand_job("other", [], ["results/other.csv"]), ledger=False)
    leave_event(Path(), done_event(other))
    write(TABULATE, record_text(jobs[0]) + " ")
    leave_event(Path(), done_event(jobs[0]))
    assert altered([*jobs, other]) == []


def test_an_output_that_is_gone_is_left_to_snakemake(jobs: list[PlannedJob]) -> None:
    Path(TABLE).unlink()
    assert altered(jobs) == []


def test_a_result_is_made_again_where_its_record_was_deleted(
    jobs: list[PlannedJob],
) -> None:
    """Else a run of what follows would read it, and need no record."""
    assert results_without_record(jobs) == []
    edit(TABLE)
    Path(TABULATE).unlink()
    assert altered(jobs) == []
    assert reasons_by_record(results_without_record(jobs)) == {
        TABULATE: ["its record is gone"]
    }
    Path(TABLE).unlink()
    assert results_without_record(jobs) == []  # there is nothing to be read


@pytest.mark.parametrize("spoilt", [{"id": [1]}, {"record": [1]}, {"record": 1}])
def test_an_event_of_another_form_is_no_crash(
    jobs: list[PlannedJob], spoilt: dict[str, object]
) -> None:
    write("results/ledger/events/a.json", json.dumps(done_event(jobs[0]) | spoilt))
    assert {one.file for one in altered(jobs)} <= {TABULATE}
    if "record" in spoilt:
        append(Path(), [done_event(jobs[0]) | spoilt])
    assert {one.file for one in altered(jobs)} <= {TABULATE}
    assert left_over(jobs, read_ledger(Path())) == {}


def test_a_run_says_what_it_makes_again_and_refuses_to_leave_the_rest(
    jobs: list[PlannedJob],
) -> None:
    edit(TABLE)
    edit(FIGURE)
    text, left = told_altered(altered(jobs), {"tabulate", "draw"})
    assert text.splitlines() == [
        f"{TABLE}: is not what tabulate wrote; it is made again",
        f"{FIGURE}: is not what draw wrote; it is made again",
    ]
    assert not left
    text, left = told_altered(altered(jobs), {"tabulate"})
    assert f"{FIGURE}: is not what draw wrote\nrefused" in text
    assert "`audit.py repair`" in text
    assert left


def test_files_that_no_job_makes_any_more_are_left_over(jobs: list[PlannedJob]) -> None:
    assert left_over(jobs, read_ledger(Path())) == {}
    gone = hand_job("fit/fvc", [], ["results/fits/fvc.parquet"])
    do_by_hand(gone)
    # ingest made a dataset of it, which it makes no more
    then = do_by_hand(hand_job("ingest", [], ["results/fvc.csv", "results/limb.csv"]))
    now = do_by_hand(hand_job("ingest", [], ["results/limb.csv"]))
    outside = done_event(then) | {"outputs": {"results/../data/visits.csv": ""}}
    append(Path(), [outside])
    found = left_over([*jobs, now], read_ledger(Path()))
    assert found == {
        "results/benchmarks/fit/fvc.tsv": "fit/fvc",
        "results/fits/fvc.parquet": "fit/fvc",
        "results/fvc.csv": "ingest",
        "results/records/fit/fvc.json": "fit/fvc",
    }
    text = left_over_text(found)
    assert "results/fvc.csv and 1 others (of fit/fvc, ingest)" in text
    for file in found:
        Path(file).unlink()
    assert left_over([*jobs, now], read_ledger(Path())) == {}
