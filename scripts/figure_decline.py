"""Draw the mean decline of each arm as the primary model has it."""

from typing import Any

from alsdecline.digests import read_spec
from alsdecline.figures.decline import plot_decline
from alsdecline.figures.style import FigurePlan, save_figure
from alsdecline.fit_plan import plan_from_spec
from alsdecline.posterior import mean_slopes
from alsdecline.script_entry import Progress, paths, run
from alsdecline.stable_files import read_parquet


def main(job: Any, progress: Progress) -> None:
    """Save the figure."""
    spec = read_spec(job.params.spec)
    plan = FigurePlan.model_validate(spec["figure"])
    fits = [plan_from_spec(fit) for fit in spec["fits"]]
    slopes = {
        s.outcome: s
        for fit, path in zip(fits, paths(job.input.posteriors), strict=True)
        for s in mean_slopes(fit, read_parquet(path))
    }
    figure = plot_decline(plan, slopes, spec["horizon_week"], fits[0].model)
    save_figure(figure, paths(job.output.figures), plan.dpi)
    progress(f"{len(slopes)} outcomes drawn")


if __name__ == "__main__":
    run(main)
