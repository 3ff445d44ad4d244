"""What a log of Snakemake is told to, by hand: a terminal, or a file."""

import io
import logging
from collections.abc import Callable

Line = Callable[..., logging.LogRecord]


class Written(io.StringIO):
    """What is written to a terminal of 80 columns, or to a file."""

    encoding = "utf-8"

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal
