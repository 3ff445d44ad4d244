"""Draw the effects of one arm, by model, prior and method."""

from pathlib import Path
from typing import Any

import pandas as pd

from alsdecline.digests import read_spec
from alsdecline.figures.effects import effects_of_arm, plot_effects
from alsdecline.figures.style import FigurePlan, save_figure
from alsdecline.jobs.script_entry import Progress, paths, run
from alsdecline.result_tables import read_result_table
from alsdecline.settings.analysis import Estimand


def main(job: Any, progress: Progress) -> None:
    """Save the figure."""
    spec = read_spec(job.params.spec)
    plan = FigurePlan.model_validate(spec["figure"])
    tests = pd.concat([read_result_table(path) for path in paths(job.input.tests)])
    sensitivity = read_result_table(Path(job.input.sensitivity))
    primary = Estimand.model_validate(spec["primary"])
    effects = effects_of_arm(spec["arm"], sensitivity, tests, primary)
    labels = {arm.id: arm.label for arm in plan.arms}
    title = f"{labels[spec['arm']]} against {labels[spec['reference']]}"
    figure = plot_effects(plan, effects, title)
    save_figure(figure, paths(job.output.figures), plan.dpi)
    progress(f"{len(effects)} effects drawn")


if __name__ == "__main__":
    run(main)
