"""Time the fit jobs of the engine as processes of their own, with their ESS.

Run by ``make bench``. Every figure of a job is of a whole process, Python's start
included, on 2 cores with 4 chains of 1,000 + 1,000 iterations; compiled code is in the
cache, but for the jobs that say so. Trials but the bundled one are simulated at a fixed
seed. Figures go to the terminal, to ``benchmarks/engine.json`` and, as a picture beside
their limits, to ``benchmarks/engine.svg``.
"""

import dataclasses
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT / "scripts"))

from alsdecline.models.compile_cache import use_compile_cache  # noqa: E402, known from here

use_compile_cache()  # before PyTensor is imported

import arviz_stats  # noqa: E402
import numpy as np  # noqa: E402
import nutpie  # noqa: E402
import pandas as pd  # noqa: E402
import pymc as pm  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402

from alsdecline.datasets.study_time import model_observations  # noqa: E402
from alsdecline.digests import spec_param  # noqa: E402
from alsdecline.fits.plan import FitPlan  # noqa: E402
from alsdecline.fits.planning import fit_plan  # noqa: E402
from alsdecline.fits.priors import outcome_priors  # noqa: E402
from alsdecline.jobs.surroundings import processor  # noqa: E402
from alsdecline.models.simulate import DeclineParameters, simulate_outcomes  # noqa: E402
from alsdecline.settings.file import read_settings  # noqa: E402
from alsdecline.stable_files import read_parquet, write_parquet  # noqa: E402
from alsdecline.time_units import DAYS_PER_MONTH  # noqa: E402

SEED = 20050727
CORES = 2
N_VISITS = 21
FOUR_ALTERNATIVES = {
    "weak": {"baseline": 10, "slope": 10, "effect": 10, "between": 3, "residual": 3},
    "sceptical": {"effect": 0.5},
    "enthusiastic": {"effect": 2},
    "wide": {"between": 2, "residual": 2},
}


@dataclasses.dataclass(frozen=True)
class Measured:
    """A figure beside its limit.

    Attributes
    ----------
    name, unit : str
        What was measured.
    value, limit : float
        The figure, and what it should be at most, or at least for ``times as many``.
    quality : str
        ESS, R-hat and divergences of the fit.
    """

    name: str
    unit: str
    value: float
    limit: float
    quality: str = ""


def bundled_outcomes(folder: Path) -> dict[str, Path]:
    """Run the bundled trial as far as its analysis datasets."""
    (folder / "config.yaml").write_bytes((PROJECT / "config.yaml").read_bytes())
    (folder / "data").symlink_to(PROJECT / "data")
    snakemake = Path(sys.executable).with_name("snakemake")
    target = "results/data/adsl.parquet"
    subprocess.run(
        [snakemake, "-c1", "-s", PROJECT / "Snakefile", "--directory", folder, target],
        check=True,
        capture_output=True,
    )
    return {p.stem: p for p in (folder / "results/data/bds").glob("*.parquet")}


def truth(plan: FitPlan) -> DeclineParameters:
    """Return true values: the priors' means, an effect of a third of the decline."""
    values: dict[str, float] = {}
    for outcome, prior in plan.priors.items():
        values |= {
            f"intercept[{outcome}]": prior.baseline.mean,
            f"slope[{outcome}]": prior.slope.mean,
            f"sd_intercept[{outcome}]": prior.sd_baseline / 1.5,
            f"sd_slope[{outcome}]": prior.sd_slope / 1.5,
            f"sd_residual[{outcome}]": prior.sd_residual / 1.5,
        }
        for arm in plan.arms:
            values[f"effect[{outcome},{arm}]"] = -prior.slope.mean / 3
    return DeclineParameters.from_names(plan.structure, values)


def simulated_outcomes(
    plan: FitPlan, n_patients: int, folder: Path, unequal: bool
) -> dict[str, Path]:
    """Simulate a trial of two arms, every patient at days of their own if unequal."""
    rng = np.random.default_rng(SEED)
    days = np.tile(14 * np.arange(N_VISITS), (n_patients, 1))
    if unequal:
        days = days + rng.integers(0, 14, days.shape)
    arms = [plan.reference, plan.arms[0]] * (n_patients // 2)
    months = days / DAYS_PER_MONTH
    values = simulate_outcomes(plan.structure, truth(plan), arms, months, rng)
    found = {}
    for k, outcome in enumerate(plan.outcomes):
        frame = pd.DataFrame(
            {
                "USUBJID": np.repeat(
                    [f"P{i:05d}" for i in range(n_patients)], N_VISITS
                ),
                "ARMCD": np.repeat(arms, N_VISITS),
                "ARELTM": 1.0 * days.ravel(),
                "AVAL": values[:, k].ravel(),
                "DTYPE": "",
            }
        )
        found[outcome] = folder / f"{outcome}_{n_patients}.parquet"
        write_parquet(found[outcome], frame)
    return found


@dataclasses.dataclass(frozen=True)
class Job:
    """What one fit job took.

    Attributes
    ----------
    whole : float
        Seconds of the whole process.
    sampling, further : float
        Seconds of the first fit's sampling and diagnostics; of each further fit's.
    peak_gb : float
        Peak memory.
    quality : str
        Of the first fit.
    """

    whole: float
    sampling: float
    further: float
    peak_gb: float
    quality: str


def run_job(
    plan: FitPlan, outcomes: dict[str, Path], folder: Path, cache: Path | None = None
) -> Job:
    """Run a fit job as a process of its own."""
    names = ("posterior", "alternatives", "left_out")
    output = {name: str(folder / f"{name}.parquet") for name in names}
    output["diagnostics"] = str(folder / "diagnostics.json")
    described = {
        "bds": [str(outcomes[name]) for name in plan.outcomes],
        "output": output,
        "spec": spec_param({"plan": plan.model_dump(mode="json")}),
        "threads": CORES,
    }
    (folder / "job.json").write_text(json.dumps(described), encoding="utf-8")
    command = [sys.executable, PROJECT / "benchmarks" / "fit_job.py"]
    environment = os.environ | {"XDG_CACHE_HOME": str(cache or folder / "cache")}
    started = time.perf_counter()
    subprocess.run(
        [*command, folder / "job.json", folder / "timeline.json"],
        check=True,
        env=environment,
        capture_output=True,
    )
    whole = time.perf_counter() - started
    timeline = json.loads((folder / "timeline.json").read_text(encoding="utf-8"))
    began = [at for at, message in timeline["steps"] if ": sampling" in message]
    ends = [*began[1:], next(a for a, m in timeline["steps"] if m.startswith("prior "))]
    spans = [end - start for start, end in zip(began, ends, strict=True)]
    record = json.loads((folder / "diagnostics.json").read_text(encoding="utf-8"))
    d: dict[str, Any] = record["priors"]["default"][-1]
    quality = (
        f"bulk ESS {d['ess_bulk']:.0f}, R-hat {d['r_hat']:.3f}, "
        f"{d['divergences']} divergences"
    )
    further = float(np.mean(spans[1:])) if len(spans) > 1 else float("nan")
    return Job(whole, spans[0], further, timeline["peak_gb"], quality)


def ess_per_second_explicit(plan: FitPlan, path: Path) -> tuple[float, str]:
    """Sample the same model with explicit patients' effects, in plain PyMC."""
    frame = model_observations(read_parquet(path), "months")
    patient, index = pd.factorize(frame["patient"])
    arm = frame.drop_duplicates("patient")["arm"].to_numpy() == plan.arms[0]
    prior = outcome_priors(plan)[plan.outcomes[0]]
    time = frame["time"].to_numpy()
    with pm.Model() as model:
        intercept = pm.Normal("a", prior.intercept_mean, prior.intercept_sd)
        slope = pm.Normal("b", prior.slope_mean, prior.slope_sd)
        effect = pm.Normal("effect", 0, prior.effect_sd)
        factor, _, _ = pm.LKJCholeskyCov(
            "between",
            n=2,
            eta=plan.correlation_lkj,
            sd_dist=pm.HalfNormal.dist(
                sigma=np.array([prior.sd_intercept, prior.sd_slope])
            ),
        )
        standard = pm.Normal("z", shape=(len(index), 2))
        # written out: a product of matrices would go to BLAS
        own = (standard[:, None, :] * factor[None, :, :]).sum(axis=-1)
        line = intercept + own[patient, 0]
        line += (slope + effect * arm[patient] + own[patient, 1]) * time
        residual = pm.HalfNormal("s", prior.sd_residual)
        pm.Normal("y", line, residual, observed=frame["value"].to_numpy())
    compiled = nutpie.compile_pymc_model(model)
    started = time.perf_counter()
    trace = nutpie.sample(
        compiled,
        seed=SEED,
        chains=4,
        tune=1000,
        draws=1000,
        cores=CORES,
        progress_bar=False,
    )
    seconds = time.perf_counter() - started
    ess = float(arviz_stats.ess(trace["posterior"].to_dataset()[["effect"]])["effect"])
    return ess / seconds, f"ESS {ess:.0f} in {seconds:.1f} s"


def effect_ess_per_second(plan: FitPlan, folder: Path, job: Job) -> tuple[float, str]:
    """Effective draws of the effect a second of the marginal model's sampling."""
    name = f"effect[{plan.outcomes[0]},{plan.arms[0]}]"
    draws = read_parquet(folder / "posterior.parquet")[name].to_numpy()
    ess = float(arviz_stats.ess(draws.reshape(plan.sampler.chains, -1)))
    return ess / job.sampling, f"ESS {ess:.0f} in {job.sampling:.2f} s"


def measure(folder: Path, say: Callable[[Measured], None]) -> None:
    """Measure everything, telling each figure as it comes."""
    settings = read_settings(PROJECT / "config.yaml")

    def plan_of(model: str, outcome: str = "", **updates: Any) -> FitPlan:
        alone = {"alternatives": {}, "leave_out_at_most": 0}
        return fit_plan(settings, model, outcome).model_copy(update=alone | updates)

    bundled = bundled_outcomes(folder)
    single, joint = plan_of("single", "total"), plan_of("joint")
    weak = {"weak": settings.priors.alternatives["weak"]}
    for name, plan, limit in (("single", single, 9.0), ("joint", joint, 15.0)):
        with_weak = plan.model_copy(update={"alternatives": weak})
        job = run_job(with_weak, bundled, folder, folder / f"cache of {name}")
        say(Measured(f"{name}, nothing compiled before", "s", job.whole, float("nan")))
        run_job(plan, bundled, folder)  # compiles for all that follow
        job = run_job(plan, bundled, folder)
        say(Measured(f"{name}, bundled trial", "s", job.whole, limit, job.quality))
    four = {
        name: type(weak["weak"]).model_validate(factors)
        for name, factors in FOUR_ALTERNATIVES.items()
    }
    many = plan_of("single", "total", alternatives=four, leave_out_at_most=30)
    job = run_job(many, bundled, folder)
    say(Measured("single, 14 fits", "s", job.whole, 13, job.quality))
    say(Measured("single, each further fit", "s", job.further, 0.3))
    job = run_job(plan_of("joint", alternatives=four), bundled, folder)
    say(Measured("joint, each further fit", "s", job.further, 2))

    small = run_job(
        single, simulated_outcomes(single, 1000, folder, unequal=False), folder
    )
    say(Measured("single, 1,000 patients", "s", small.whole, 15, small.quality))
    uneven = run_job(
        single, simulated_outcomes(single, 1000, folder, unequal=True), folder
    )
    large = run_job(
        single, simulated_outcomes(single, 10_000, folder, unequal=True), folder
    )
    say(
        Measured(
            "single, 10,000 patients, unequal visits",
            "s",
            large.whole,
            40,
            large.quality,
        )
    )
    say(Measured("the same, peak memory", "GB", large.peak_gb, 2))
    growth = large.sampling / uneven.sampling
    say(Measured("growth of sampling, 1,000 to 10,000", "times", growth, 15))
    job = run_job(joint, simulated_outcomes(joint, 1000, folder, unequal=False), folder)
    say(Measured("joint, 1,000 patients", "s", job.whole, 40, job.quality))

    hundred = simulated_outcomes(single, 100, folder, unequal=False)
    job = run_job(single, hundred, folder)
    ours, quality = effect_ess_per_second(single, folder, job)
    theirs, explicit = ess_per_second_explicit(single, hundred["total"])
    say(
        Measured(
            "ESS a second, n = 100, against explicit effects",
            "times as many",
            ours / theirs,
            100,
            f"{quality}; explicit: {explicit}",
        )
    )


def draw(figures: list[Measured]) -> Figure:
    """Draw each figure as a share of its limit."""
    shown = [m for m in figures if np.isfinite(m.limit) and m.unit != "times as many"]
    figure = Figure(figsize=(8, 0.42 * len(shown) + 1.2), layout="constrained")
    axes = figure.subplots()
    names = [m.name for m in shown]
    axes.barh(names, [m.value / m.limit for m in shown], color="#0072b2")
    axes.axvline(1, color="#444444", linestyle="--")
    for y, m in enumerate(shown):
        text = f" {m.value:.2g} of {m.limit:g} {m.unit}"
        axes.text(m.value / m.limit, y, text, va="center", fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(0, 1.25 * max(1.0, *(m.value / m.limit for m in shown)))
    axes.set_xlabel(f"Share of the limit (dashed), {processor()}, {CORES} cores")
    return figure


def main() -> None:
    """Measure, print and write the figures."""
    figures: list[Measured] = []

    def say(measured: Measured) -> None:
        figures.append(measured)
        limit = f"limit {measured.limit:g}" if np.isfinite(measured.limit) else ""
        print(
            f"{measured.value:8.2f} {measured.unit:13} {limit:10} {measured.name}"
            f"{'; ' if measured.quality else ''}{measured.quality}",
            flush=True,
        )

    print(f"{processor()}, {CORES} cores")
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), say)
    record = {
        "processor": processor(),
        "cores": CORES,
        "figures": [dataclasses.asdict(m) for m in figures],
    }
    path = Path(__file__).with_name("engine.json")
    path.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    draw(figures).savefig(path.with_suffix(".svg"))


if __name__ == "__main__":
    main()
