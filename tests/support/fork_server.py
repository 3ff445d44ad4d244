"""A Python that has its libraries loaded, of which programs are forks.

Most of what a job of a small trial takes is the import of libraries. This process
imports them once, and each program is a fork of it, with the arguments, folder,
environment and files that it would be started with. No module of the project is loaded
before, so that each program has those of its own folder.

Started with the path of its socket, and of what stands for the interpreter in its
forks; it says that it is ready, and ends with its standard input.
"""

import array
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import sys
import warnings
from pathlib import Path
from typing import Any

from fork_request import SIZE

LIBRARIES = (
    "arviz_stats",
    "docutils.core",
    "docx",
    "jinja2",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "matplotlib.figure",
    "narwhals",
    "pandas",
    "pyarrow.csv",
    "pyarrow.dataset",
    "pyarrow.parquet",
    "pydantic",
    "pyreadstat",
    "requests",
    "scipy.optimize",
    "scipy.stats",
    "smart_open",
    "snakemake.cli",
    "snakemake.report",
    "snakemake.script",
    "typst",
    "yaml",
    "yte",
)
"""What many jobs import. Numba and PyTensor are not among them: the project says where
their caches lie before it imports them."""


def received(line: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Read what is to be run, and the files that it reads and writes."""
    files = array.array("i")
    size, rights, _, _ = line.recvmsg(SIZE, socket.CMSG_SPACE(3 * files.itemsize))
    for _, _, content in rights:
        files.frombytes(content)
    text = line.recv(int.from_bytes(size), socket.MSG_WAITALL)
    return json.loads(text), list(files)


def forked() -> int:
    """Fork; the threads that Python warns of are OpenBLAS's, which minds forks."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def program_asked_for(line: socket.socket) -> dict[str, Any]:
    """Return in a fork, as what is to be run; this process answers with its status."""
    request, files = received(line)
    program = forked()
    if program == 0:
        for number, file in enumerate(files):
            os.dup2(file, number)
        os.closerange(3, 1024)
        return request
    for file in files:
        os.close(file)
    # the line has something to read when whoever asked is gone
    ended = os.pidfd_open(program)
    if ended not in select.select([ended, line], [], [])[0]:
        os.kill(program, signal.SIGKILL)
        os._exit(1)
    _, status = os.waitpid(program, 0)
    line.sendall(os.waitstatus_to_exitcode(status).to_bytes(SIZE, signed=True))
    os._exit(0)


def next_program(address: str) -> dict[str, Any]:
    """Return in forks, each with a program to run, until whoever started this ends."""
    heard = socket.socket(socket.AF_UNIX)
    heard.bind(address)
    heard.listen()
    print("ready", flush=True)
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while select.select([heard, 0], [], [])[0] == [heard]:
        line, _ = heard.accept()
        if forked() == 0:
            signal.signal(signal.SIGCHLD, before)
            return program_asked_for(line)
        line.close()
    os._exit(0)


def become(request: dict[str, Any], interpreter: str) -> None:
    """Run a program as an interpreter that starts would."""
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = request["arguments"]
    more = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if not os.environ.get("PYTHONSAFEPATH"):
        more.insert(0, str(Path(sys.argv[0]).resolve().parent))
    sys.path[:1] = filter(None, more)
    sys.executable = interpreter
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    for library in LIBRARIES:
        importlib.import_module(library)
    gc.collect()
    gc.freeze()
    become(next_program(sys.argv[1]), sys.argv[2])
