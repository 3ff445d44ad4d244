"""Draw how methods do in simulated trials of each scenario."""

from pathlib import Path
from typing import Any

from alsdecline.figures.operating_characteristics import plot_operating_characteristics
from alsdecline.figures.style import FigurePlan, save_figure
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.result_tables import read_result_table
from alsdecline.settings.section import JobSettings


class Given(JobSettings):
    """What the job is given of the settings."""

    figure: FigurePlan
    margin: float


def main(job: Any, progress: Progress) -> None:
    """Save the figure."""
    given = Given.of(job)
    table = read_result_table(Path(job.input.table))
    figure = plot_operating_characteristics(given.figure, table, given.margin)
    save_figure(figure, paths(job.output.figures), given.figure.dpi)
    progress(f"{len(table)} rows drawn")


if __name__ == "__main__":
    run(main)
