"""Draw the mean decline of each arm as the primary model has it."""

from typing import Any

import numpy as np

from alsdecline.datasets.study_time import analysed_values
from alsdecline.figures.decline import observed_changes, plot_decline
from alsdecline.figures.style import FigurePlan, save_figure
from alsdecline.fits.identified import read_reasons
from alsdecline.fits.plan import FitPlan
from alsdecline.fits.quantities import mean_changes
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import read_parquet

N_POINTS = 21
"""Times at which a course that is no straight line is drawn."""


class Given(JobSettings):
    """What the job is given of the settings."""

    figure: FigurePlan
    fits: list[FitPlan]
    horizon_week: float


def main(job: Any, progress: Progress) -> None:
    """Save the figure."""
    given = Given.of(job)
    plan = given.figure
    fits = given.fits
    main = fits[0]
    # a straight line's quantiles are straight lines too
    n_points = 2 if main.member.straight else N_POINTS
    weeks = np.linspace(0.0, given.horizon_week, n_points)
    changes: dict[str, dict[str, np.ndarray]] = {}
    for fit, path, diagnostics in zip(
        fits, paths(job.input.posteriors), paths(job.input.diagnostics), strict=True
    ):
        unidentified = read_reasons(diagnostics)
        for outcome, by_arm in mean_changes(fit, read_parquet(path), weeks).items():
            changes[outcome] = {
                arm: drawn
                for arm, drawn in by_arm.items()
                if (outcome, "mean_slope", arm) not in unidentified
            }
    bds = {path.stem: read_parquet(path) for path in paths(job.input.bds)}
    for path in paths(job.input.adsl):  # where not all patients or values count
        adsl = read_parquet(path)
        bds = {
            outcome: analysed_values(
                values, adsl, main.population, until_last_dose=main.until_last_dose
            )
            for outcome, values in bds.items()
        }
    observed = {outcome: observed_changes(values) for outcome, values in bds.items()}
    figure = plot_decline(plan, changes, weeks, main.model, observed)
    save_figure(figure, paths(job.output.figures), plan.dpi)
    progress(f"{len(changes)} outcomes drawn")


if __name__ == "__main__":
    run(main)
