"""Checks of simulated designs against the rest of the settings."""

from collections.abc import Iterator
from itertools import combinations, pairwise

from alsdecline.settings.check_references import Location, Problem, repeated, unknown
from alsdecline.settings.members import FAMILY
from alsdecline.settings.simulated_design import (
    PLANNED,
    DesignScenario,
    SimulatedDesign,
)
from alsdecline.settings.trial import Settings

HERE: Location = ("simulated_design",)


def _scenario(
    settings: Settings, here: Location, scenario: DesignScenario
) -> Iterator[Problem]:
    reference = settings.arms.reference
    arms = [arm.id for arm in settings.arms.groups]
    for arm in scenario.patients:
        yield from unknown((*here, "patients"), arm, arms, "arm")
    if reference not in scenario.patients:
        message = f"how many patients {reference!r} has, the reference, is missing"
        yield (*here, "patients"), message
    compared = [arm for arm in scenario.patients if arm != reference]
    kinds = ("differences", "design_prior", "ratios")
    for key in kinds:
        for arm in getattr(scenario, key):
            yield from unknown(
                (*here, key), arm, compared, "arm of `patients:` but the reference"
            )
    for one, other in combinations(kinds, 2):
        for arm in sorted(set(getattr(scenario, one)) & set(getattr(scenario, other))):
            message = f"arm {arm!r} has {one.replace('_', ' ')} too; give one of both"
            yield (*here, other), message
    sizes = scenario.sizes or []
    if any(a >= b for a, b in pairwise(sizes)):
        yield (*here, "sizes"), "sizes must rise"
    weeks = scenario.weeks or settings.visits.schedule
    if weeks[0] != 0 or any(a >= b for a, b in pairwise(weeks)):
        message = (
            "weeks of visits must rise, and begin at 0; give those of the scenario"
        )
        yield (*here, "weeks"), message


def _in_report(settings: Settings, simulated: SimulatedDesign) -> Iterator[Problem]:
    if not simulated.in_report:
        return
    here = (*HERE, "in_report")
    if settings.decision is None:
        yield here, "the plan has no rule that could be met; give `decision:`"
    if not simulated.fitted:
        yield here, "the rule is held to fitted trials; give `fitted:`"
    yield from repeated(here, list(simulated.in_report), "scenario")
    made = simulated.each(settings.arms.reference)
    primary = next((e for e in settings.estimands if e.id == settings.primary), None)
    for name in simulated.in_report:
        yield from unknown(here, name, list(made), "scenario")
        if name in made and primary and primary.treatment not in made[name].patients:
            message = f"{name!r} does not have arm {primary.treatment!r}, of `primary:`"
            yield here, message


def _fitted(settings: Settings, simulated: SimulatedDesign) -> Iterator[Problem]:
    """Yield why trials cannot be fitted, or rules not be held to them."""
    here = (*HERE, "fitted")
    if simulated.fitted > simulated.trials:
        message = (
            f"there are {simulated.trials} trials (`trials:`), of which "
            f"{simulated.fitted} cannot be fitted; give as many at most"
        )
        yield here, message
    primary = next((e for e in settings.estimands if e.id == settings.primary), None)
    decided = settings.decision is not None and simulated.fitted
    if decided and primary and primary.summary == "mean_slope":
        message = (
            "`decision:` is of a mean slope, and simulated trials are told of by "
            "differences in slope; fit none, or make a difference the primary "
            "estimand"
        )
        yield here, message
    if simulated.rules and not simulated.fitted:
        yield (*HERE, "rules"), "rules are held to fitted trials; give `fitted:`"
    if PLANNED in simulated.rules:
        message = f"{PLANNED!r} is the plan's own rule; choose another name"
        yield (*HERE, "rules", PLANNED), message


def _fitted_by(settings: Settings, simulated: SimulatedDesign) -> Iterator[Problem]:
    """Yield why models cannot fit what is simulated."""
    here = (*HERE, "fitted_by")
    yield from repeated(here, list(simulated.fitted_by), "model")
    primary = next((e for e in settings.estimands if e.id == settings.primary), None)
    if primary is None:
        return
    for model in simulated.by_models:
        if primary.outcome not in settings.outcomes_of(model):
            message = (
                f"{model!r} does not fit {primary.outcome!r}, the primary outcome; add "
                f"what does to `models: {model}:`, leave it out, or fit no trials"
            )
            yield here, message
        if FAMILY[model].bounded:
            for name, scenario in simulated.scenarios.items():
                if not scenario.as_recorded:
                    message = (
                        f"{model!r} takes whole points within the scale; give "
                        "`as_recorded: true`"
                    )
                    yield (*HERE, "scenarios", name), message


def _several_outcomes(
    settings: Settings, simulated: SimulatedDesign
) -> Iterator[Problem]:
    """Yield why outcomes that are simulated together have no common truth."""
    models = [m for m in simulated.by_models if FAMILY[m].together]
    if not models or settings.design is None:
        return
    taken = {o for m in models for o in settings.models.by_member[m]}
    estimand = next(e for e in settings.estimands if e.id == settings.primary)
    primary = next(o for o in settings.outcomes if o.id == estimand.outcome)
    parts = primary.sum_of or [primary.id]
    if not set(parts) <= taken:
        return  # told by another check
    priors = [settings.priors.outcomes[part] for part in parts]
    if sum(prior.slope.mean for prior in priors) == 0:
        message = (
            f"an effect is to be the same share of each outcome's decline by "
            f"{models[0]!r}, and the mean slope of {primary.id!r} is 0 in `priors:`; "
            "leave the model out"
        )
        yield (*HERE, "fitted_by"), message
    baseline = sum(prior.baseline.mean for prior in priors)
    among = settings.design.correlation_of_slopes
    least = min(1.0 - among, 1.0 + (len(taken) - 1) * among)
    for name, scenario in simulated.scenarios.items():
        here = (*HERE, "scenarios", name)
        if baseline == 0 and scenario.baseline:
            message = f"the parts of {primary.id!r} have means of 0 in `priors:`"
            yield (*here, "baseline"), f"{message}; leave it out"
        if len(taken) > 1 and scenario.correlation**2 >= least:
            message = (
                f"it cannot hold beside `design: correlation_of_slopes: {among:g}`; "
                f"give one nearer to 0 than {max(least, 0) ** 0.5:.3g}"
            )
            yield (*here, "correlation"), message


def _calibrated(simulated: SimulatedDesign, reference: str) -> Iterator[Problem]:
    """Yield why a scenario has no type I error to calibrate rules by."""
    if simulated.calibrated is None:
        return
    if not simulated.rules:
        message = (
            "`rules:` are calibrated, of which there are none; give some, or leave it "
            "out: column `threshold` has that of the plan's own rule"
        )
        yield (*HERE, "calibrated"), message
    made = simulated.each(reference)
    name, here = simulated.calibrated.scenario, (*HERE, "calibrated", "scenario")
    yield from unknown(here, name, list(made), "scenario")
    if name not in made:
        return
    chosen = made[name]
    moved = {arm for arm, effect in chosen.differences.items() if effect}
    moved |= {arm for arm, ratio in chosen.ratios.items() if ratio != 1}
    for arm in sorted(moved | set(chosen.design_prior)):
        yield here, f"{name!r} has an effect of arm {arm!r}; name one without any"
    arms = {arm for scenario in made.values() for arm in scenario.patients}
    for arm in sorted(arms - set(chosen.patients)):
        yield here, f"{name!r} does not have arm {arm!r}, which other scenarios have"


def simulated_design_problems(settings: Settings) -> Iterator[Problem]:
    """Yield what is wrong with the simulated designs, with its place.

    Parameters
    ----------
    settings : Settings
        All settings, each valid by itself.

    Yields
    ------
    Problem
        Place and message.
    """
    simulated = settings.simulated_design
    if simulated is None:
        return
    if settings.design is None:
        yield HERE, "it compares arms, of which there is one alone; leave it out"
        return
    yield from repeated((*HERE, "methods"), list(simulated.methods), "method")
    yield from _fitted(settings, simulated)
    yield from _fitted_by(settings, simulated)
    yield from _several_outcomes(settings, simulated)
    yield from _calibrated(simulated, settings.arms.reference)
    yield from _in_report(settings, simulated)
    curves = simulated.curves(settings.arms.reference)
    for name in sorted(set(curves) & set(simulated.scenarios)):
        message = f"{curves[name]!r} makes a scenario of that name; choose another"
        yield (*HERE, "scenarios", name), message
    for name, scenario in simulated.scenarios.items():
        yield from _scenario(settings, (*HERE, "scenarios", name), scenario)
