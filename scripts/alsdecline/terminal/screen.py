"""Where lines go: a terminal, with a line below them that changes, or a plain file."""

import os
import shutil
import textwrap
from typing import TextIO

ERASE = "\r\x1b[K"
"""Takes the last line of a terminal away."""

WIDEST = 100
"""Columns past which text is hard to read."""

INDENT = 10
"""Columns of a label."""


class Screen:
    """Writes lines, and on a terminal keeps one that changes below them.

    Parameters
    ----------
    stream : text stream
        Where to.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.is_terminal = stream.isatty() and os.environ.get("TERM") != "dumb"
        self._changing = ""

    @property
    def columns(self) -> int:
        """Width of the terminal, as it is now."""
        return min(shutil.get_terminal_size().columns, WIDEST)

    def line(self, text: str = "") -> None:
        """Write lines that stay."""
        self._write(f"{self._erased()}{text}\n")

    def text(self, text: str, label: str = "") -> None:
        """Write a text behind its label, on a terminal within its width."""
        if self.is_terminal:
            text = textwrap.fill(
                text,
                self.columns,
                initial_indent=label,
                subsequent_indent=" " * len(label),
                break_long_words=False,
                break_on_hyphens=False,
            )
        else:
            text = label + text
        self.line(text)

    def labelled(self, label: str, text: str) -> None:
        """Write a text behind a label of a column of its own."""
        self.text(text, f"{label:{INDENT}}")

    def changing(self, text: str) -> None:
        """Write the line that changes, or take it away; a terminal alone has it."""
        if self.is_terminal and text != self._changing:
            erased = self._erased()
            # in the last column some terminals would break the line
            self._changing = text[: self.columns - 1]
            self._write(erased + self._changing)

    def _erased(self) -> str:
        erased, self._changing = ERASE if self._changing else "", ""
        return erased

    def _write(self, text: str) -> None:
        encoding = self.stream.encoding or "utf-8"
        # a terminal without UTF-8 has no µ
        self.stream.write(text.encode(encoding, "replace").decode(encoding))
        self.stream.flush()
