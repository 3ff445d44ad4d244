"""Lines of Snakemake's log, made by hand as the installed version makes them."""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from snakemake_interface_logger_plugins.common import LogEvent

from support.snakemake_log import Line


@pytest.fixture
def trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, on a terminal of 80 columns if on any."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(
        "shutil.get_terminal_size", lambda *_: os.terminal_size((80, 24))
    )
    return tmp_path


@pytest.fixture
def line() -> Line:
    def made(
        event: LogEvent | None, text: str = "", level: int = logging.INFO, **more: Any
    ) -> logging.LogRecord:
        about = {"msg": text, "levelno": level} | more
        return logging.makeLogRecord(about | ({"event": event} if event else {}))

    return made


@pytest.fixture
def began(line: Line) -> Callable[..., logging.LogRecord]:
    def made(jobid: int, name: str, reason: str = "", **more: Any) -> logging.LogRecord:
        rule = name.partition("/")[0]
        output = [] if name == "all" else [f"results/records/{name}.json"]
        about = {
            "rule_name": rule,
            "output": output,
            "log": [f"results/logs/{name}.log"],
        }
        return line(
            LogEvent.JOB_INFO,
            jobid=jobid,
            reason=reason,
            **{"input": []} | about | more,
        )

    return made
