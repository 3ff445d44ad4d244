"""Draw every patient's own slope."""

from typing import Any

from alsdecline.figures.patient_slopes import plot_patient_slopes
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
    slopes = {path.stem: read_result_table(path) for path in paths(job.input.slopes)}
    save_figure(plot_patient_slopes(plan, slopes), paths(job.output.figures), plan.dpi)
    progress(f"{len(slopes)} outcomes drawn")


if __name__ == "__main__":
    run(main)
