"""The ledger keeps every event once, and shows what was done to it."""

import fcntl
import hashlib
import json
import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest

from alsdecline.jobs.events import EVENTS, leave_event
from alsdecline.jobs.ledger import (
    BEGINNING,
    HEAD,
    LEDGER,
    append,
    chain_events,
    read_ledger,
)
from support.hand_ledger import job


def test_each_line_holds_the_sha256_of_the_line_before(five: Path) -> None:
    lines = (five / LEDGER).read_bytes().split(b"\n")
    assert lines.pop() == b""
    before = "0" * 64
    for line in lines:
        assert json.loads(line)["previous"] == before
        before = hashlib.sha256(line).hexdigest()
    assert json.loads((five / HEAD).read_bytes()) == {"lines": 5, "sha256": before}
    chain = read_ledger(five)
    assert (chain.faults, chain.notes, chain.head) == ([], [], before)


def test_no_ledger_is_an_empty_chain(tmp_path: Path) -> None:
    chain = read_ledger(tmp_path)
    assert (chain.lines, chain.faults, chain.head) == ([], [], BEGINNING)


Spoil = Callable[[list[bytes]], list[bytes]]

SPOILT: dict[str, tuple[Spoil, str]] = {
    "a line edited": (
        lambda ls: [ls[0].replace(b"job 0", b"job 9"), *ls[1:]],
        "line 2: does not continue the line before",
    ),
    "the last line edited": (
        lambda ls: [*ls[:-1], ls[-1].replace(b"job 4", b"job 9")],
        "line 5: is not the line that",
    ),
    "a line removed": (
        lambda ls: [*ls[:2], *ls[3:]],
        "line 3: does not continue the line before",
    ),
    "two lines reordered": (
        lambda ls: [ls[0], ls[2], ls[1], *ls[3:]],
        "line 2: does not continue the line before",
    ),
    "the tail cut": (lambda ls: ls[:3], "its tail was cut"),
    "everything cut": (lambda _: [], "its tail was cut"),
    "a line that is no JSON": (
        lambda ls: [*ls[:4], b"{" + ls[4]],
        "line 5: is no JSON object",
    ),
}


@pytest.mark.parametrize("how", SPOILT)
def test_what_is_done_to_a_ledger_is_found(five: Path, how: str) -> None:
    spoil, says = SPOILT[how]
    lines = (five / LEDGER).read_bytes().split(b"\n")[:-1]
    (five / LEDGER).write_bytes(b"".join(line + b"\n" for line in spoil(lines)))
    faults = read_ledger(five).faults
    assert any(says in fault for fault in faults), faults


def test_any_byte_of_the_ledger_or_its_head_that_changes_is_found(five: Path) -> None:
    for path in (five / LEDGER, five / HEAD):
        content = path.read_bytes()
        for at in range(len(content)):
            changed = bytearray(content)
            changed[at] ^= 1
            path.write_bytes(bytes(changed))
            chain = read_ledger(five)
            assert chain.faults or any("torn" in n for n in chain.notes), (path, at)
        path.write_bytes(content)


@pytest.mark.parametrize("lines", [1, 5])
def test_without_its_head_a_ledger_cannot_show_a_cut_tail(
    tmp_path: Path, lines: int
) -> None:
    append(tmp_path, [job("a")] * lines)
    (tmp_path / HEAD).unlink()
    assert read_ledger(tmp_path).faults == [
        f"{HEAD}: is absent, so a cut tail cannot be found"
    ]


@pytest.mark.parametrize(("late", "behind"), [(1, "1 line"), (2, "2 lines")])
def test_a_head_that_is_behind_is_no_fault_but_is_told(
    five: Path, late: int, behind: str
) -> None:
    head = (five / HEAD).read_bytes()
    append(five, [job("late")] * late)
    (five / HEAD).write_bytes(head)
    chain = read_ledger(five)
    assert (chain.faults, chain.notes) == ([], [f"{HEAD}: is {behind} behind {LEDGER}"])


def test_a_torn_last_line_is_no_fault_but_is_told(five: Path) -> None:
    with (five / LEDGER).open("ab") as stream:
        stream.write(b'{"ev')
    chain = read_ledger(five)
    assert (len(chain.lines), chain.faults) == (5, [])
    assert chain.notes == [f"{LEDGER}: ends in a torn line of 4 bytes"]


def test_whoever_appends_or_chains_is_told_the_new_head(five: Path) -> None:
    def last() -> str:
        line = (five / LEDGER).read_bytes().split(b"\n")[-2]
        return hashlib.sha256(line).hexdigest()

    assert append(five, [job("a")]) == last()
    leave_event(five, job("b"))
    assert chain_events(five, [{"event": "end"}]) == last()
    assert chain_events(five) == last()


def test_a_torn_last_line_is_cut_and_told_and_its_event_is_entered(five: Path) -> None:
    leave_event(five, job("late"))
    whole, head = (five / LEDGER).read_bytes(), (five / HEAD).read_bytes()
    chain_events(five)
    with_event = (five / LEDGER).read_bytes()
    late = with_event[len(whole) :]
    identity = json.loads(late)["id"]
    # as a process leaves it that is killed while it writes, before it removes the event
    (five / EVENTS / f"{identity}.json").write_text(
        json.dumps(job("late", id=identity)), encoding="utf-8"
    )
    (five / LEDGER).write_bytes(whole + late[:40])
    (five / HEAD).write_bytes(head)
    chain_events(five)
    lines = read_ledger(five).lines
    assert [line.get("job", line["event"]) for line in lines[5:]] == [
        "recovery",
        "late",
    ]
    assert lines[5]["torn_bytes"] == 40
    assert read_ledger(five).notes == []


def test_an_event_left_twice_is_entered_once(five: Path) -> None:
    event = job("late", id="0123")
    append(five, [event])
    append(five, [event])
    assert [line["job"] for line in read_ledger(five).lines].count("late") == 1


def test_events_appended_one_by_one_make_one_chain(tmp_path: Path) -> None:
    for name in "abc":
        append(tmp_path, [job(name, id=name)])
    append(tmp_path, [job("a", id="a")])  # which the first line has
    chain = read_ledger(tmp_path)
    assert (chain.faults, chain.notes) == ([], [])
    assert [line["line"] for line in chain.lines] == [1, 2, 3]


def test_lines_are_on_disk_before_the_head_counts_them(
    five: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def fsync(_: int) -> None:
        head = json.loads((five / HEAD).read_bytes())
        seen.append(((five / LEDGER).read_bytes().count(b"\n"), head["lines"]))

    monkeypatch.setattr(os, "fsync", fsync)
    append(five, [job("late")])
    # the lines are there already when the head itself is put on disk
    assert seen == [(6, 5), (6, 5)]
    assert json.loads((five / HEAD).read_bytes())["lines"] == 6


def test_a_process_waits_for_the_one_that_writes(five: Path) -> None:
    """With the lock it never writes early; without, it is long done after 0.3 s."""
    waiting = threading.Thread(target=append, args=(five, [job("late")]))
    with (five / LEDGER).open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        assert held.read().count(b"\n") == 5
    waiting.join()
    assert (five / LEDGER).read_bytes().count(b"\n") == 6


def test_runs_that_start_at_once_enter_what_was_left_once_and_neither_fails(
    five: Path,
) -> None:
    leave_event(five, job("left"))
    with ThreadPoolExecutor() as runs, (five / LEDGER).open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # until both have read the event
        entered = [runs.submit(chain_events, five) for _ in range(2)]
        wait(entered, 0.3)
        fcntl.flock(held, fcntl.LOCK_UN)
        assert len({run.result() for run in entered}) == 1
    assert [line["job"] for line in read_ledger(five).lines].count("left") == 1
    assert not list((five / EVENTS).iterdir())


def _leave_and_chain(folder: Path, number: int) -> None:
    for i in range(10):
        leave_event(folder, job(f"job {number}-{i}"))
    append(folder, [job(f"direct {number}-{i}") for i in range(10)])


def test_processes_that_write_at_the_same_time_lose_no_line(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [
        context.Process(target=_leave_and_chain, args=(tmp_path, number))
        for number in range(4)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    chain_events(tmp_path)
    chain = read_ledger(tmp_path)
    assert (chain.faults, chain.notes) == ([], [])
    expected = {
        f"{how} {n}-{i}"
        for how in ("job", "direct")
        for n in range(4)
        for i in range(10)
    }
    assert sorted(line["job"] for line in chain.lines) == sorted(expected)


def test_a_jobs_line_is_compared_with_the_last_one_that_was_done(
    tmp_path: Path,
) -> None:
    def left(ended: str, code: str, status: str = "done") -> None:
        depends = {"code": code, "settings": "a"}
        leave_event(tmp_path, job("fit", ended=ended, depends=depends, status=status))

    left("1", "code:1")
    chain_events(tmp_path)
    left("2", "code:2")
    left("3", "code:3", status="failed")
    left("4", "code:3")
    left("5", "code:3")
    chain_events(tmp_path)
    lines = read_ledger(tmp_path).lines
    assert [(line["ended"], line["reason"]) for line in lines[:4]] == [
        ("1", ["first run"]),
        ("2", ["code changed"]),
        ("3", ["code changed"]),
        ("4", ["code changed"]),
    ]
    (again,) = lines[4]["reason"]
    assert "absent" in again


def test_a_log_is_in_the_line_by_its_digest_as_far_as_it_is_there(
    tmp_path: Path,
) -> None:
    (tmp_path / "fit.log").write_bytes(b"ok\n")
    leave_event(tmp_path, job("fit", timed=["fit.log", "absent.tsv"]))
    chain_events(tmp_path)
    (line,) = read_ledger(tmp_path).lines
    assert line["timed"] == {"fit.log": hashlib.sha256(b"ok\n").hexdigest()}


def test_a_line_that_lacks_what_a_jobs_line_has_is_a_fault(tmp_path: Path) -> None:
    without = {key: value for key, value in job("a").items() if key != "timed"}
    append(tmp_path, [job("b"), without])
    (fault,) = read_ledger(tmp_path).faults
    assert fault == f"{LEDGER}, line 2: lacks what a job's line has"


@pytest.mark.parametrize(
    "forged",
    [
        {"inputs": {"data/visits.csv": ["1"]}},
        {"outputs": {"results/x": {"sha256": "1"}}},
        {"record": ["results/records/a.json"]},
        {"record": {"results/records/a.json": 1}},
        {"timed": [1]},
    ],
)
def test_a_jobs_line_has_texts_where_readers_look_for_files(
    tmp_path: Path, forged: dict
) -> None:
    append(tmp_path, [job("a", **forged)])
    (fault,) = read_ledger(tmp_path).faults
    assert fault == f"{LEDGER}, line 1: lacks what a job's line has"


def test_an_event_file_that_is_none_stays_and_stops_nothing(tmp_path: Path) -> None:
    leave_event(tmp_path, job("a"))
    forged = tmp_path / EVENTS / "forged.json"
    forged.write_text('{"a": 1}', encoding="utf-8")
    for name, value in {"nan": "NaN", "much": "1e999", "deep": "[" * 9999}.items():
        text = json.dumps(job("b", value=0)).replace("0}", f"{value}}}")
        (tmp_path / EVENTS / f"{name}.json").write_text(text, encoding="utf-8")
    listed = json.dumps(job("b") | {"id": []})
    (tmp_path / EVENTS / "id.json").write_text(listed, encoding="utf-8")
    nowhere, folder = tmp_path / EVENTS / "link.json", tmp_path / EVENTS / "of.json"
    nowhere.symlink_to("nothing")
    folder.mkdir()
    chain_events(tmp_path)
    assert [line["job"] for line in read_ledger(tmp_path).lines] == ["a"]
    left = {path.name for path in (tmp_path / EVENTS).iterdir()}
    assert left == {
        *("forged.json", "nan.json", "much.json", "deep.json", "link.json", "of.json"),
        "id.json",
    }


def test_a_name_whose_bytes_are_no_utf8_is_entered(tmp_path: Path) -> None:
    name = os.fsdecode(b"visits\xff.csv")
    leave_event(tmp_path, job("a", message=f"{name}: is no CSV"))
    chain_events(tmp_path, [{"event": "run", "command": ["snakemake", name]}])
    chain = read_ledger(tmp_path)
    assert chain.faults == []
    shown = r"visits\udcff.csv"
    assert [line.get("message") for line in chain.lines] == [
        f"{shown}: is no CSV",
        None,
    ]
    assert chain.lines[1]["command"][1] == shown


def test_a_name_of_any_characters_is_entered(tmp_path: Path) -> None:
    leave_event(tmp_path, job("a", message="\N{GRINNING FACE} \\ \N{MICRO SIGN}"))
    chain_events(tmp_path)
    (line,) = read_ledger(tmp_path).lines
    assert line["message"] == "\N{GRINNING FACE} \\ \N{MICRO SIGN}"
