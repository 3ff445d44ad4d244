"""Write the completed configuration, with where its values came from."""

from pathlib import Path
from typing import Any

from alsdecline.jobs.script_entry import Progress, run
from alsdecline.settings.plan_file import Origin, plan_text
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import write_text


class Given(JobSettings):
    """What the job is given of the settings."""

    content: dict[str, Any]
    origins: list[Origin]


def main(job: Any, progress: Progress) -> None:
    """Write the file."""
    given = Given.of(job)
    write_text(Path(job.output.plan), plan_text(given.content, given.origins))
    progress(f"{len(given.origins)} values filled in")


if __name__ == "__main__":
    run(main)
