"""Draw every patient's measured course."""

from typing import Any

from alsdecline.figures.style import FigurePlan, save_figure
from alsdecline.figures.trajectories import plot_trajectories
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import read_parquet


class Given(JobSettings):
    """What the job is given of the settings."""

    figure: FigurePlan


def main(job: Any, progress: Progress) -> None:
    """Save the figure."""
    plan = Given.of(job).figure
    values = {path.stem: read_parquet(path) for path in paths(job.input.bds)}
    save_figure(plot_trajectories(plan, values), paths(job.output.figures), plan.dpi)
    progress(f"{len(values)} outcomes drawn")


if __name__ == "__main__":
    run(main)
