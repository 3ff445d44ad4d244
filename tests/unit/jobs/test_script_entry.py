"""A job that stops is told in a line, and the ledger keeps no value of a patient."""

import errno
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from alsdecline.faults import DataError
from alsdecline.jobs.events import EVENTS
from alsdecline.jobs.job_log import QUIET_VARIABLE, STOPPED, words_of_stop
from alsdecline.jobs.script_entry import Progress, RefusedError, run
from alsdecline.stable_files import write_text

PATIENT = "Erika Mustermann"


class Files(list[str]):
    """The outputs of a job, one of them called its record."""

    record = "results/records/gate.json"


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    monkeypatch.chdir(tmp_path)
    job = SimpleNamespace(
        rule="gate",
        wildcards={},
        params={},
        log=["results/logs/gate.log"],
        input=[],
        output=Files(["results/x.csv", "results/records/gate.json"]),
    )
    monkeypatch.setattr(sys.modules["__main__"], "snakemake", job, raising=False)
    return job


def stop_by(error: BaseException) -> Callable[[Any, Progress], None]:
    def main(_job: Any, _progress: Progress) -> None:
        raise error

    return main


def entered() -> str:
    (path,) = EVENTS.glob("*.json")
    event = json.loads(path.read_text(encoding="utf-8"))
    assert event["status"] == "failed"
    return str(event["message"])


@pytest.mark.usefixtures("job")
@pytest.mark.parametrize(
    ("error", "message"),
    [
        (RefusedError(f"row 2: {PATIENT}", "1 fatal finding: range 1"),
         "1 fatal finding: range 1"),
        (DataError(f"patient {PATIENT}"), "refused, as results/logs/gate.log tells"),
    ],
)  # fmt: skip
def test_the_ledger_is_told_what_people_are_but_no_value(
    error: DataError, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(stop_by(error))
    assert stopped.value.code == 1
    assert entered() == message
    assert f"[gate] {error}" in capsys.readouterr().err


@pytest.mark.usefixtures("job")
def test_an_error_of_ours_enters_the_ledger_by_its_kind_alone() -> None:
    with pytest.raises(KeyError):
        run(stop_by(KeyError(PATIENT)))
    assert entered() == "KeyError"


@pytest.mark.usefixtures("job")
def test_a_full_disk_is_told_in_one_line_and_leaves_no_partial_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    full = OSError(errno.ENOSPC, "No space left on device", "results/x.csv")

    def write(path: Path, content: bytes) -> int:
        with path.open("wb") as stream:
            stream.write(content[:1])
        raise full

    def main(_job: Any, _progress: Progress) -> None:
        write_text(Path("results/x.csv"), "whole")

    monkeypatch.setattr(Path, "write_bytes", write)
    with pytest.raises(SystemExit) as stopped:
        run(main)
    assert stopped.value.code == 1
    assert capsys.readouterr().err == (
        "[gate] results/x.csv: No space left on device; see to it, and run again\n"
    )
    assert [p for p in Path("results").rglob("*") if p.is_file()] == [
        Path("results/logs/gate.log")
    ]


@pytest.mark.usefixtures("job")
def test_an_interrupted_job_is_told_in_one_line_and_by_the_ledger(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(stop_by(KeyboardInterrupt()))
    assert stopped.value.code == 130
    assert capsys.readouterr().err == "[gate] interrupted; run again to go on\n"
    assert entered() == "KeyboardInterrupt"


def test_an_input_that_cannot_be_read_is_told_in_one_line(
    job: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    job.input = ["data"]
    Path("data").mkdir()
    with pytest.raises(SystemExit):
        run(stop_by(AssertionError("is not begun")))
    assert capsys.readouterr().err == (
        "[gate] data: Is a directory; see to it, and run again\n"
    )


def test_a_job_writes_nothing_outside_of_the_trial(
    job: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    job.output = Files(["../victim.txt", Files.record])
    with pytest.raises(SystemExit):
        run(stop_by(AssertionError("is not begun")))
    assert capsys.readouterr().err.startswith("[gate] ../victim.txt: leads out of")


@pytest.mark.usefixtures("job")
def test_what_data_say_cannot_forge_lines_or_steer_a_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def main(_job: Any, progress: Progress) -> None:
        progress("one\ntwo \x1b[2J\x9b1m\x85three\u2028four")
        raise DataError("stop")

    with pytest.raises(SystemExit):
        run(main)
    lines = [
        "one",
        r"two \x1b[2J\x9b1m\x85three\u2028four",
        "stop",
    ]
    assert capsys.readouterr().err == "".join(f"[gate] {line}\n" for line in lines)
    log = Path("results/logs/gate.log").read_text(encoding="utf-8")
    *told, stop = lines
    assert log == "".join(f"{line}\n" for line in [*told, STOPPED, stop])


LOG = Path("results/logs/gate.log")


@pytest.fixture
def quiet(job: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a run tell people itself, by the logs of its jobs."""
    assert job.log == [str(LOG)]
    monkeypatch.setenv(QUIET_VARIABLE, "1")


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (DataError("row 2: one\nrow 3: two"), ["row 2: one", "row 3: two"]),
        (OSError(errno.ENOSPC, "No space left", "results/x.csv"),
         ["results/x.csv: No space left; see to it, and run again"]),
        (KeyError("a"), ["a fault of the program, not of your data: KeyError: 'a'"]),
    ],
)  # fmt: skip
def test_a_quiet_job_leaves_why_it_stopped_in_its_log_alone(
    error: Exception, words: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    def main(_job: Any, progress: Progress) -> None:
        progress("begun")
        os.write(2, b"a library's noise\n")
        raise error

    with pytest.raises(SystemExit) as stopped:
        run(main)
    assert stopped.value.code == 1
    assert words_of_stop(LOG) == words
    shown = capfd.readouterr()
    assert (shown.out, shown.err) == ("", "")
    log = LOG.read_text(encoding="utf-8")
    assert log.startswith("begun\na library's noise\n")
    assert ("Traceback" in log) == isinstance(error, KeyError)


@pytest.mark.usefixtures("quiet")
def test_a_quiet_job_that_is_interrupted_says_nothing(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        run(stop_by(KeyboardInterrupt()))
    assert capfd.readouterr().err == ""
    assert words_of_stop(LOG) == []
    assert entered() == "KeyboardInterrupt"


def test_words_behind_no_mark_are_no_reason_of_a_stop(tmp_path: Path) -> None:
    assert words_of_stop(tmp_path / "none.log") == []
    log = tmp_path / "a.log"
    log.write_text("Stopped: no\nrow 2 \x1b[2J\n", encoding="utf-8")
    assert words_of_stop(log) == []
    with log.open("a", encoding="utf-8") as stream:
        print(STOPPED, "row 3 \x1b[2J", sep="\n", file=stream)
    assert words_of_stop(log) == [r"row 3 \x1b[2J"]
