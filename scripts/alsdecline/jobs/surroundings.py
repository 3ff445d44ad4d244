"""Where something happened: who, host, processor."""

import getpass
import platform
import socket
from functools import cache
from pathlib import Path

RUN_VARIABLE = "ALSDECLINE_RUN"
"""Environment variable by which a run tells its jobs its id."""


@cache
def processor() -> str:
    """Model of the processor, as the kernel tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _user() -> str:
    try:
        return getpass.getuser()
    except OSError:  # an account that the machine has no name of
        return "unknown"


def surroundings() -> dict[str, str]:
    """Who runs this process, and on what: ``who``, ``host``, ``processor``."""
    return {"who": _user(), "host": socket.gethostname(), "processor": processor()}
