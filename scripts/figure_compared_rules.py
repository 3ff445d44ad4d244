"""Draw how often each decision rule calls simulated trials a success."""

from pathlib import Path
from typing import Any

from alsdecline.figures.compared_rules import plot_compared_rules
from alsdecline.figures.style import FigurePlan, save_figure
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.result_tables import read_result_table
from alsdecline.settings.section import JobSettings
from alsdecline.settings.simulated_design import Calibration


class Given(JobSettings):
    """What the job is given of the settings."""

    figure: FigurePlan
    calibrated: Calibration | None


def main(job: Any, progress: Progress) -> None:
    """Save the figure."""
    given = Given.of(job)
    table = read_result_table(Path(job.input.table))
    figure = plot_compared_rules(given.figure, table, given.calibrated)
    save_figure(figure, paths(job.output.figures), given.figure.dpi)
    progress(f"{table['rule'].nunique()} rules drawn")


if __name__ == "__main__":
    run(main)
