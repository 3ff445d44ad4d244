"""Write the analysis datasets once more, with labels of arms and outcomes."""

from pathlib import Path
from typing import Any

from alsdecline.datasets.labels import labelled_adsl, labelled_bds
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import read_parquet, write_parquet


class Given(JobSettings):
    """What the job is given of the settings."""

    arms: dict[str, str]
    outcomes: dict[str, str]


def main(job: Any, progress: Progress) -> None:
    """Write ADSL and each BDS with the columns that people read."""
    given = Given.of(job)
    arms = given.arms
    adsl = read_parquet(Path(job.input.adsl))
    write_parquet(Path(job.output.adsl), labelled_adsl(adsl, arms))
    for source, target in zip(paths(job.input.bds), paths(job.output.bds), strict=True):
        label = given.outcomes[source.stem]
        write_parquet(target, labelled_bds(read_parquet(source), arms, label))
    progress(f"{len(given.outcomes)} outcomes labelled")


if __name__ == "__main__":
    run(main)
