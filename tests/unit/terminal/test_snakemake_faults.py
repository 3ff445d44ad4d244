"""A full disk is told in a line where Snakemake itself writes, too."""

import errno
import io
import logging
import sys
from pathlib import Path

import pytest
from snakemake.exceptions import WorkflowError, print_exception
from snakemake.logging import logger

from alsdecline.terminal.snakemake_faults import FaultsOfMachine, tell_faults_in_lines

FULL = "No space left on device"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let Snakemake's log be this list of messages, and this alone."""
    lines: list[str] = []

    class Listed(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    monkeypatch.setattr(logger, "handlers", [Listed()])
    monkeypatch.setattr(logger, "filters", [FaultsOfMachine()])
    return lines


def test_what_the_machine_refuses_to_snakemake_is_a_line_that_says_what_to_do(
    told: list[str],
) -> None:
    try:
        raise OSError(errno.ENOSPC, FULL, ".snakemake/locks/0\n.input.lock")
    except OSError as error:
        print_exception(error, {})
    assert told == [
        f".snakemake/locks/0\\n.input.lock: {FULL}; see to it, and run again"
    ]


def test_of_a_full_disk_nobody_is_told_to_see_to_permissions(told: list[str]) -> None:
    full = OSError(errno.ENOSPC, FULL, ".snakemake/metadata/a")
    try:
        raise WorkflowError("Please ensure write permissions") from full
    except WorkflowError as error:
        print_exception(error, {})
    assert told == [f".snakemake/metadata/a: {FULL}; see to it, and run again"]


def test_a_fault_of_the_program_keeps_its_traceback(told: list[str]) -> None:
    try:
        raise KeyError("a")
    except KeyError as error:
        print_exception(error, {})
    assert len(told) == 1
    assert "Traceback" in told[0]


class FullDisk(io.StringIO):
    """A file whose disk takes nothing more."""

    def flush(self) -> None:
        raise OSError(errno.ENOSPC, FULL)


def test_a_log_that_the_disk_does_not_take_is_told_once(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    full = logging.FileHandler(tmp_path / "snakemake.log", delay=True)
    monkeypatch.setattr(full, "stream", FullDisk())
    beside = logging.StreamHandler(sys.stdout)
    monkeypatch.setattr(logger, "handlers", [full, beside])
    monkeypatch.setattr(logger, "filters", [])
    tell_faults_in_lines()
    logger.error("first")
    logger.error("second")
    shown = capsys.readouterr()
    assert shown.err == (
        f"{tmp_path}/snakemake.log: {FULL}; see to it, and run again\n"
    )
    assert shown.out == "first\nsecond\n"
