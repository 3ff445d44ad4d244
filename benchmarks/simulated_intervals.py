"""What the intervals and p-values of a trial's report are worth, by simulation.

    python benchmarks/simulated_intervals.py [--directory FOLDER] [--fitted N] ...

Trials are simulated from the model of the primary estimand in the trial's own design
(arms as allocated, all scheduled visits attended, no rounding), at the centre of the
plan's priors: means, medians of SDs, and slopes of different outcomes that correlate
as told. The true effect is 0, a third, two thirds and the whole of the mean slope, of
every outcome alike. The first N of each are fitted as the plan says, but with two
chains of 1,000 draws; more of them are tested. FOLDER needs its results as far as
ingest.

Writes ``data/design/coverage.csv`` there, which the report shows where the
configuration names it, and beside it ``.simulated_trials.csv``, an analysis of a trial
a row, by which it goes on where it was stopped, whatever the number of cores. Both are
made anew where code or settings are others.
"""

import argparse
import concurrent.futures
import dataclasses
import functools
import multiprocessing
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
SCRIPTS = PROJECT / "scripts"
sys.path.insert(0, str(SCRIPTS))

from alsdecline.models.compile_cache import use_compile_cache  # noqa: E402

use_compile_cache()

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from scipy import stats  # noqa: E402

from alsdecline.analyses.known_variances import FRACTIONS  # noqa: E402
from alsdecline.analyses.mixed_model import (  # noqa: E402
    fit_mixed_model,
    parameter_table,
)
from alsdecline.analyses.patient_slopes import ordinary_slopes  # noqa: E402
from alsdecline.analyses.permutation import permutation_test  # noqa: E402
from alsdecline.analyses.two_samples import welch, wilcoxon  # noqa: E402
from alsdecline.digests import task_seed  # noqa: E402
from alsdecline.faults import DataError  # noqa: E402
from alsdecline.fits.declared import declared_model  # noqa: E402
from alsdecline.fits.plan import DEFAULT, WEAK, FitPlan  # noqa: E402
from alsdecline.fits.posterior_draws import fit_model  # noqa: E402
from alsdecline.fits.priors import outcome_priors  # noqa: E402
from alsdecline.fits.quantities import mean_slopes  # noqa: E402
from alsdecline.fits.simulated import (  # noqa: E402
    mean_slope,
    simulated_digest,
    simulated_fits,
)
from alsdecline.models.sampling import CompiledModel  # noqa: E402
from alsdecline.models.simulate import (  # noqa: E402
    DeclineParameters,
    simulate_outcomes,
)
from alsdecline.settings.file import read_settings  # noqa: E402
from alsdecline.stable_files import read_parquet, write_csv  # noqa: E402
from alsdecline.time_units import singular  # noqa: E402

CHAINS, TUNE, DRAWS = 2, 500, 1000
LEVEL = 0.95
HALF_NORMAL_MEDIAN = stats.norm.ppf(0.75)
COLUMNS = ["analysis", "estimate", "lower", "upper", "p_value", "divergences"]
_COMPILED: dict[tuple[int, int], CompiledModel] = {}
BATCH = 5
"""Trials after which the table is written."""


@dataclasses.dataclass(frozen=True)
class Simulated:
    """A trial's design and plan, as they are simulated and analysed.

    Attributes
    ----------
    primary : FitPlan
        The fit of the primary estimand, whose model is simulated.
    fits : list of FitPlan
        Those that give the primary outcome, the primary one first.
    outcome, arm : str
        What the primary estimand is of.
    arms : list of str
        Each patient's.
    weeks : list of float
        Of the scheduled visits.
    correlation : float
        Of true slopes of two outcomes.
    """

    primary: FitPlan
    fits: list[FitPlan]
    outcome: str
    arm: str
    arms: list[str]
    weeks: list[float]
    correlation: float

    @property
    def times(self) -> np.ndarray:
        """Times of the scheduled visits in the plan's unit, shape (T,)."""
        return np.array([self.primary.time_of(week) for week in self.weeks])

    @property
    def patients(self) -> str:
        """How many are treated, and how many of the reference arm."""
        sizes = [self.arms.count(arm) for arm in (self.arm, self.primary.reference)]
        return " ".join(map(str, sizes))

    @property
    def digest(self) -> str:
        """What the simulations depend on, but the arms' sizes."""
        return simulated_digest(self.fits, self.weeks, self.correlation)

    def truth(self, fraction: float) -> DeclineParameters:
        """Parameters at the centre of the priors, with an effect."""
        structure, priors = self.primary.structure, outcome_priors(self.primary)
        values = dict.fromkeys(structure.parameter_names, 0.0)
        for name, prior in priors.items():
            values[f"intercept[{name}]"] = prior.intercept_mean
            values[f"slope[{name}]"] = prior.slope_mean
            values[f"effect[{name},{self.arm}]"] = -fraction * prior.slope_mean
            for sd in ("intercept", "slope", "residual"):
                scale = getattr(prior, f"sd_{sd}")
                values[f"sd_{sd}[{name}]"] = scale * HALF_NORMAL_MEDIAN
        for name in structure.correlation_names:
            if name.count("slope:") == 2:
                values[name] = self.correlation
        return DeclineParameters.from_names(structure, values)


def read_design(folder: Path) -> Simulated:
    """Read what is simulated of a trial."""
    settings = read_settings(folder / "config.yaml")
    if settings.design is None:
        raise SystemExit("config.yaml has no `design:`, and nothing to compare")
    estimand = next(e for e in settings.estimands if e.id == settings.primary)
    fits = simulated_fits(settings)
    adsl = read_parquet(folder / "results/data/adsl.parquet")
    return Simulated(
        fits[0],
        fits,
        estimand.outcome,
        estimand.treatment,
        sorted(adsl["ARMCD"]),
        list(settings.visits.schedule),
        settings.design.correlation_of_slopes,
    )


def simulate(
    design: Simulated, fraction: float, number: int
) -> dict[str, pd.DataFrame]:
    """Simulate one trial: values of every outcome, and of the primary sum."""
    seed = task_seed("coverage", design.primary.trial, f"{fraction:.4f}", str(number))
    values = simulate_outcomes(
        design.primary.structure,
        design.truth(fraction),
        design.arms,
        design.times,
        np.random.default_rng(seed),
    )
    n, _, visits = values.shape
    patients = [f"p{i:04d}" for i in range(n)]
    frame = pd.DataFrame(
        {
            "patient": np.repeat(patients, visits),
            "arm": np.repeat(design.arms, visits),
            "time": np.tile(design.times, n),
        }
    )
    found = {
        name: frame.assign(value=values[:, k].ravel())
        for k, name in enumerate(design.primary.outcomes)
    }
    total = sum(
        found[part]["value"] for part in design.primary.parts_of(design.outcome)
    )
    return found | {design.outcome: frame.assign(value=total)}


@functools.cache
def _design(folder: Path) -> Simulated:
    return read_design(folder)


def _compiled(design: Simulated, index: int) -> CompiledModel:
    """Compile one of the fits of a design, once for all its trials."""
    key = (id(design), index)
    if key not in _COMPILED:
        plan = design.fits[index]
        model = declared_model(plan)
        laid_out = _laid_out(plan, model, simulate(design, 0.0, 0))
        _COMPILED[key] = model.compile(laid_out)
    return _COMPILED[key]


def _laid_out(plan: FitPlan, model: object, trial: dict[str, pd.DataFrame]) -> object:
    first = trial[plan.outcomes[0]]
    patients = first[["patient", "arm"]].drop_duplicates(ignore_index=True)
    return model.lay_out(patients, {name: trial[name] for name in plan.outcomes})


def fitted_rows(
    design: Simulated, fraction: float, number: int
) -> list[dict[str, object]]:
    """Analyse one trial by every fit, under the plan's prior and the weak one."""
    trial, rows = simulate(design, fraction, number), []
    for index, plan in enumerate(design.fits):
        for prior in (DEFAULT, WEAK):
            model = declared_model(plan, plan.alternatives.get(prior))
            fitted = fit_model(
                model,
                _laid_out(plan, model, trial),
                _compiled(design, index),
                seed=task_seed(
                    "coverage", plan.name, prior, str(fraction), str(number)
                ),
                chains=CHAINS,
                tune=TUNE,
                draws=DRAWS,
                target_accept=plan.sampler.target_accept,
            )
            slopes = mean_slopes(plan, fitted.draws)
            of_outcome = next(s for s in slopes if s.outcome == design.outcome)
            effect = of_outcome.improvement(design.arm)
            lower, upper = np.quantile(effect, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
            rows.append(
                {
                    "analysis": f"{plan.model}, {prior} prior",
                    "estimate": effect.mean(),
                    "lower": lower,
                    "upper": upper,
                    "divergences": fitted.divergences,
                }
            )
    return rows


def tested_rows(
    design: Simulated, fraction: float, number: int
) -> list[dict[str, object]]:
    """Analyse one trial by the methods beside the models."""
    frame = simulate(design, fraction, number)[design.outcome]
    sign = design.primary.sign(design.outcome)
    slopes = ordinary_slopes(frame)["slope"].to_numpy() * sign
    treated = np.array(design.arms) == design.arm
    permuted = permutation_test(slopes, treated, seed=1, confidence=LEVEL)
    by_welch = welch(slopes[treated], slopes[~treated], LEVEL)
    by_ranks = wilcoxon(slopes[treated], slopes[~treated], LEVEL)
    rows = [
        {
            "analysis": "permutation test",
            "estimate": permuted.estimate,
            "lower": permuted.lower,
            "upper": permuted.upper,
            "p_value": permuted.p_value,
        },
        *(
            {
                "analysis": name,
                "estimate": found.estimate,
                "lower": found.lower,
                "upper": found.upper,
                "p_value": found.p_value,
            }
            for name, found in (
                ("Welch's t test", by_welch),
                ("Wilcoxon's test", by_ranks),
            )
        ),
    ]
    ones, time = np.ones(len(frame)), frame["time"].to_numpy()
    of_arm = (frame["arm"] == design.arm).to_numpy(float) * time * sign
    lines = {"intercept": ones, "time": time}
    for rule in ("kenward_roger", "inner_outer"):
        try:
            fit = fit_mixed_model(
                frame["value"].to_numpy(),
                {**lines, "effect": of_arm},
                frame["patient"].to_numpy(),
                lines,
                rule,
            )
        except DataError:
            continue  # counted by its absence
        found = parameter_table(fit, LEVEL).set_index("parameter").loc["effect"]
        columns = ["estimate", "lower", "upper", "p_value"]
        rows.append({"analysis": f"REML, {rule}"} | found[columns].to_dict())
    return rows


def analyse(task: tuple[Path, int, int, bool]) -> pd.DataFrame:
    """Simulate and analyse one trial."""
    folder, at, number, fitted = task
    design = _design(folder)
    fraction = FRACTIONS[at]
    rows = tested_rows(design, fraction, number)
    if fitted:
        rows += fitted_rows(design, fraction, number)
    frame = pd.DataFrame(rows).reindex(columns=COLUMNS)
    frame.insert(0, "trial", number)
    frame.insert(0, "fraction", round(fraction, 4))
    return frame


def coverage_table(trials: pd.DataFrame, slope: float) -> pd.DataFrame:
    """Summarise analyses of simulated trials, with Monte Carlo standard errors."""
    rows = []
    for (analysis, fraction), part in trials.groupby(
        ["analysis", "fraction"], sort=False
    ):
        truth = next(f for f in FRACTIONS if round(f, 4) == fraction) * abs(slope)
        inside = ((part["lower"] <= truth) & (truth <= part["upper"])).to_numpy(float)
        zero = ((part["lower"] > 0) | (part["upper"] < 0)).to_numpy(float)
        error = (part["estimate"] - truth).to_numpy()
        n = len(part)
        rows.append(
            {
                "analysis": analysis,
                "effect": truth,
                "trials": n,
                "coverage": inside.mean(),
                "coverage_error": inside.std() / n**0.5,
                "bias": error.mean(),
                "bias_error": error.std() / n**0.5,
                "excludes_zero": zero.mean(),
                "excludes_zero_error": zero.std() / n**0.5,
                "width": (part["upper"] - part["lower"]).median(),
                "divergent": int((part["divergences"] > 0).sum()),
            }
        )
    return pd.DataFrame(rows)


PAGE = """\
# What intervals and p-values of the bundled design are worth

Simulated trials of {patients} patients (treated, reference), all scheduled visits
attended, at the centre of the plan's priors; slopes of limb and bulbar scores correlate
by {correlation:g}. Effects are points a {per} on {outcome}. Errors are Monte Carlo
standard errors. `python benchmarks/simulated_intervals.py` made this page; fits are of
two chains of 1,000 draws. Nothing here is of patients.

"""
HEAD = (
    "analysis",
    "true effect",
    "trials",
    "interval contains it",
    "bias",
    "interval excludes zero",
    "median width",
    "fits with divergences",
)


def page(design: Simulated, table: pd.DataFrame) -> str:
    """Write the table as a page."""
    head = PAGE.format(
        patients=design.patients.replace(" ", " and "),
        correlation=design.correlation,
        outcome=design.outcome,
        per=singular(design.primary.time_unit),
    )
    lines = [f"| {' | '.join(HEAD)} |", "|" + "---|" * len(HEAD)]
    lines += [
        f"| {row.analysis} | {row.effect:.2f} | {row.trials} "
        f"| {100 * row.coverage:.1f}% ({100 * row.coverage_error:.1f}) "
        f"| {row.bias:.2f} ({row.bias_error:.2f}) "
        f"| {100 * row.excludes_zero:.1f}% ({100 * row.excludes_zero_error:.1f}) "
        f"| {row.width:.2f} | {row.divergent} |"
        for row in table.sort_values(["analysis", "effect"]).itertuples()
    ]
    return head + "\n".join(lines) + "\n"


def main() -> None:
    """Simulate what is lacking, and write both tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--directory", type=Path, default=Path())
    parser.add_argument("--fitted", type=int, default=200)
    parser.add_argument("--tested", type=int, default=1000)
    parser.add_argument("--page", type=Path, help="where to write a page, if at all")
    parser.add_argument("--cores", type=int, default=2)
    given = parser.parse_args()
    folder = given.directory.resolve()
    design = read_design(folder)
    made = {"patients": design.patients, "made_by": design.digest}
    path = folder / "data/design/.simulated_trials.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    done = pd.read_csv(path) if path.exists() else pd.DataFrame()
    if not done.empty and (done[list(made)] != pd.Series(made)).any(axis=None):
        print("code or settings are others: made anew")
        done = pd.DataFrame()
    known = (
        set() if done.empty else set(zip(done["fraction"], done["trial"], strict=True))
    )
    tasks = [
        (folder, at, number, number < given.fitted)
        for number in range(given.tested)
        for at in range(len(FRACTIONS))
        if (round(FRACTIONS[at], 4), number) not in known
    ]
    parts = [done]
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(given.cores, context) as pool:
        for i, frame in enumerate(pool.map(analyse, tasks), start=1):
            parts.append(frame.assign(**made))
            if i % (BATCH * len(FRACTIONS)) == 0 or i == len(tasks):
                parts = [pd.concat(parts, ignore_index=True)]
                write_csv(path, parts[0])
                print(f"{i} of {len(tasks)} trials", flush=True)
    trials = pd.concat(parts, ignore_index=True)
    slope = mean_slope(design.primary, design.outcome)
    table = coverage_table(trials, slope).assign(arm=design.arm, **made)
    write_csv(folder / "data/design/coverage.csv", table)
    if given.page is not None:
        given.page.write_text(page(design, table), encoding="utf-8")
    print(table.drop(columns="made_by").to_string())


if __name__ == "__main__":
    main()
