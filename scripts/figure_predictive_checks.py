"""Draw what the models would have produced against what was observed."""

from pathlib import Path
from typing import Any

from alsdecline.figures.predictive_checks import plot_predictive_checks
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
    checks = read_result_table(Path(job.input.checks))
    figure = plot_predictive_checks(plan, checks)
    save_figure(figure, paths(job.output.figures), plan.dpi)
    progress(f"{len(checks)} checks drawn")


if __name__ == "__main__":
    run(main)
