"""Draw every patient's own slope."""

from typing import Any

from alsdecline.digests import read_spec
from alsdecline.figures.patient_slopes import plot_patient_slopes
from alsdecline.figures.style import FigurePlan, save_figure
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.result_tables import read_result_table


def main(job: Any, progress: Progress) -> None:
    """Save the figure."""
    plan = FigurePlan.model_validate(read_spec(job.params.spec)["figure"])
    slopes = {path.stem: read_result_table(path) for path in paths(job.input.slopes)}
    save_figure(plot_patient_slopes(plan, slopes), paths(job.output.figures), plan.dpi)
    progress(f"{len(slopes)} outcomes drawn")


if __name__ == "__main__":
    run(main)
