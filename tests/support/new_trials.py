"""Small tables of everyday trials, and what new-trial makes of them."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from alsdecline.faults import DataError
from alsdecline.new_trial.config_text import config_text
from alsdecline.new_trial.folder import lay_out, write_folder
from alsdecline.new_trial.guesses import Given, Notebook
from alsdecline.new_trial.proposal import propose
from alsdecline.new_trial.reading import read_sources

Rows = list[dict[str, str]]


def visits(patients: int = 8, weeks: Sequence[int] = (0, 4, 8)) -> Rows:
    """Make a long table: patient, arm, week, alsfrs_r."""
    return [
        {
            "patient": f"P{p:02d}",
            "arm": "active" if p % 2 else "placebo",
            "week": str(week),
            "alsfrs_r": str(44 - p % 5 - week // 4),
        }
        for p in range(1, patients + 1)
        for week in weeks
    ]


def csv_text(rows: Rows, separator: str = ",") -> str:
    """Write a table as CSV."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, rows[0], delimiter=separator, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def renamed(rows: Rows, **names: str) -> Rows:
    """Call columns by other names."""
    return [{names.get(k, k): v for k, v in row.items()} for row in rows]


class Made:
    """What new-trial guesses of files, what contradicts it, and the config.yaml."""

    def __init__(self, files: Mapping[str, str | bytes], folder: Path, given: Given):
        """Write the files into a folder, read them, and guess."""
        paths = []
        for name, content in files.items():
            path = folder / name
            path.write_bytes(
                content if isinstance(content, bytes) else content.encode()
            )
            paths.append(path)
        self.book = Notebook()
        self.config, self.files = "", {}
        try:
            proposal = propose(read_sources(paths, given.encoding), given, self.book)
        except DataError as fault:
            self.book.faults += str(fault).splitlines()
            return
        if proposal is not None and not self.book.faults:
            where, self.files = lay_out(proposal.roles)
            self.config = config_text(proposal, "my_trial", where, given, self.book)

    def guessed(self, what: str) -> str:
        """Return what is guessed of something; empty where nothing is."""
        found = [guess.value for guess in self.book.guesses if guess.what == what]
        return found[-1] if found else ""

    @property
    def decisions(self) -> list[str]:
        """What is left to decide."""
        return [guess.what for guess in self.book.decisions]

    @property
    def faults(self) -> str:
        """All faults, a line each."""
        return "\n".join(self.book.faults)

    def written(self, folder: Path) -> Path:
        """Write the trial's folder."""
        write_folder(folder, self.files, self.config)
        return folder


def make(
    folder: Path, content: str | bytes | Rows, name: str = "trial.csv", **said: object
) -> Made:
    """Have new-trial guess of one file."""
    text = csv_text(content) if isinstance(content, list) else content
    return Made({name: text}, folder, Given(**said))
