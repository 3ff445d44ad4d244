"""Write the report as PDF and as a Word document."""

import datetime
from pathlib import Path
from typing import Any

from alsdecline.jobs.script_entry import Progress, run
from alsdecline.report.documents import Margins, report_documents
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import write_whole


class Given(JobSettings):
    """What the job is given of the settings."""

    study: str
    cutoff: datetime.date | None
    data_kind: str


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def main(job: Any, progress: Progress) -> None:
    """Write what the page says in two other formats."""
    given = Given.of(job)
    cutoff = f"Data cut {given.cutoff}" if given.cutoff else "No data cut declared"
    mark = "Synthetic data." if given.data_kind == "synthetic" else ""
    margins = Margins(f"Study {given.study}", cutoff, mark)
    page = Path(job.input.report).read_text(encoding="utf-8")
    word, pdf = report_documents(page, margins)
    write_whole(Path(job.output.word), lambda path: _write(path, word))
    write_whole(Path(job.output.pdf), lambda path: _write(path, pdf))
    progress(f"DOCX {len(word) / 1e6:.1f} MB, PDF {len(pdf) / 1e6:.1f} MB")


if __name__ == "__main__":
    run(main)
