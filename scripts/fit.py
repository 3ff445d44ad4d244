"""Fit one model under its prior and every named alternative."""

import json
from pathlib import Path
from typing import Any

from alsdecline.compile_cache import use_compile_cache
from alsdecline.digests import read_spec
from alsdecline.fit_plan import DEFAULT, plan_from_spec
from alsdecline.script_entry import Progress, paths, run
from alsdecline.stable_files import read_parquet, write_json, write_parquet


def main(job: Any, progress: Progress) -> None:
    """Write the posterior, those of the alternatives, and all diagnostics."""
    use_compile_cache()
    # numba and PyTensor read where their caches are when they are imported
    import pandas as pd

    from alsdecline.fitting import run_fit

    plan = plan_from_spec(read_spec(job.params.spec)["plan"])
    values = {
        outcome: read_parquet(path)
        for outcome, path in zip(plan.outcomes, paths(job.input.bds), strict=True)
    }
    fits = run_fit(plan, values, progress)
    for fit in fits:
        progress(f"prior {fit.prior}: {json.dumps(fit.attempts[-1], sort_keys=True)}")
    by_prior = {fit.prior: fit.draws for fit in fits}
    write_parquet(Path(job.output.posterior), by_prior.pop(DEFAULT))
    alternatives = [d.assign(prior=name) for name, d in sorted(by_prior.items())]
    write_parquet(
        Path(job.output.alternatives), pd.concat(alternatives, ignore_index=True)
    )
    write_json(
        Path(job.output.diagnostics),
        {"fit": plan.name, "priors": {f.prior: f.attempts for f in fits}},
    )


if __name__ == "__main__":
    run(main)
