"""Draw the effects of one arm, by model, prior and method."""

from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.figures.effects import effects_of_arm, plot_effects
from alsdecline.figures.style import FigurePlan, save_figure
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.result_tables import read_result_table
from alsdecline.settings.analysis import Estimand
from alsdecline.settings.section import JobSettings


class Given(JobSettings):
    """What the job is given of the settings."""

    figure: FigurePlan
    arm: str
    reference: str
    primary: Estimand


def main(job: Any, progress: Progress) -> None:
    """Save the figure."""
    given = Given.of(job)
    plan = given.figure
    tests = pd.concat([read_result_table(path) for path in paths(job.input.tests)])
    sensitivity = read_result_table(Path(job.input.sensitivity))
    effects = effects_of_arm(given.arm, sensitivity, tests, given.primary)
    labels = {arm.id: arm.label for arm in plan.arms}
    title = f"{labels[given.arm]} against {labels[given.reference]}"
    figure = plot_effects(plan, effects, title)
    save_figure(figure, paths(job.output.figures), plan.dpi)
    progress(f"{len(effects)} effects drawn")


if __name__ == "__main__":
    run(main)
