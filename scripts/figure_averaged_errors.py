"""Draw errors that are averaged over design priors."""

from pathlib import Path
from typing import Any

from alsdecline.figures.averaged_errors import plot_averaged_errors
from alsdecline.figures.style import FigurePlan, save_figure
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.result_tables import read_result_table
from alsdecline.settings.section import JobSettings


class Given(JobSettings):
    """What the job is given of the settings."""

    figure: FigurePlan


def main(job: Any, progress: Progress) -> None:
    """Save the figure."""
    plan = Given.of(job).figure
    table = read_result_table(Path(job.input.table))
    figure = plot_averaged_errors(plan, table)
    save_figure(figure, paths(job.output.figures), plan.dpi)
    progress(f"{len(table)} rows drawn")


if __name__ == "__main__":
    run(main)
