"""Draw power against size, of scenarios with several sizes."""

from pathlib import Path
from typing import Any

from alsdecline.figures.sample_sizes import plot_sample_sizes
from alsdecline.figures.style import FigurePlan, save_figure
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.result_tables import read_result_table
from alsdecline.settings.section import JobSettings


class Given(JobSettings):
    """What the job is given of the settings."""

    figure: FigurePlan
    wanted_power: float


def main(job: Any, progress: Progress) -> None:
    """Save the figure."""
    given = Given.of(job)
    table = read_result_table(Path(job.input.table))
    figure = plot_sample_sizes(given.figure, table, given.wanted_power)
    save_figure(figure, paths(job.output.figures), given.figure.dpi)
    progress(f"{table['curve'].nunique()} curves drawn")


if __name__ == "__main__":
    run(main)
