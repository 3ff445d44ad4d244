"""How a program is asked for of a Python that has its libraries loaded.

It imports little, for each job of Snakemake starts with it.
"""

import array
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence

SIZE = 4
"""Bytes of the length of a request, and of an exit status."""


def status_of(
    address: str,
    arguments: Sequence[str],
    folder: str,
    environment: Mapping[str, str],
    files: Sequence[int] = (0, 1, 2),
    timeout: float | None = None,
) -> int:
    """Have a program run, which is killed if this process ends first.

    Parameters
    ----------
    address : str
        Socket of the process that forks.
    arguments : sequence of str
        The program's file, and its arguments.
    folder : str
        Where it runs.
    environment : mapping
        Its variables, all of them.
    files : sequence of int
        Descriptors of its standard input, output and error.
    timeout : float, optional
        Seconds.

    Returns
    -------
    int
        Exit status, negative for a signal, as of ``subprocess``.

    Raises
    ------
    TimeoutError
        Where the program takes longer; it is killed.
    """
    request = {
        "arguments": list(arguments),
        "folder": folder,
        "environment": dict(environment),
    }
    text = json.dumps(request).encode()
    rights = (socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(timeout)
        line.connect(address)
        line.sendmsg([len(text).to_bytes(SIZE)], [rights])
        line.sendall(text)
        answer = line.recv(SIZE, socket.MSG_WAITALL)
    if not answer:
        raise ConnectionError(f"no status of {arguments[0]}")
    return int.from_bytes(answer, signed=True)


def run_job(address: str, python: str) -> None:
    """Be the interpreter that Snakemake starts: for a script by a fork, or itself."""
    if len(sys.argv) < 2 or not sys.argv[1].endswith(".py"):
        os.execv(python, [python, *sys.argv[1:]])
    here = os.path.realpath(os.curdir)
    status = status_of(address, sys.argv[1:], here, os.environ)
    if status < 0:
        signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    sys.exit(status)
