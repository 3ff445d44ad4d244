"""Scenarios as a configuration has them, made into what trials are simulated from."""

import math

import numpy as np
import numpy.typing as npt

from alsdecline.design.comparison import Comparison, Estimates
from alsdecline.design.courses import drawn_effects
from alsdecline.design.mixed_models import mixed_model
from alsdecline.design.nuisances import Departure, Nuisances, Recording
from alsdecline.design.planned_truth import planned_truth
from alsdecline.design.simulated_trials import Scenario, simulate_trials
from alsdecline.design.slope_tests import permutation, t_on_slopes
from alsdecline.design.streams import Floats, Streams
from alsdecline.design.trial_design import Arm, TrialDesign
from alsdecline.design.truth import Truth
from alsdecline.design.visit_ancova import ancova_of_last_value
from alsdecline.settings.simulated_design import (
    AssumedCourse,
    AssumedOutcome,
    DesignScenario,
    MethodName,
)


def _form(outcome: AssumedOutcome) -> Recording:
    return Recording(
        1.0 if outcome.whole_points else 0.0,
        outcome.floor,
        math.inf if outcome.ceiling is None else outcome.ceiling,
    )


def _by_course(
    given: DesignScenario, assumed: AssumedCourse, truth: Truth
) -> dict[str, float]:
    """Return hazard ratios for an SD of each outcome, for one of the primary outcome.

    That of a sum is its parts' together, each by its share of the SD of the sum.
    """
    if given.hazard_ratio == 1.0:
        return {}
    sign = 1.0 if assumed.better == "higher" else -1.0
    sds = [truth.outcomes[k].sd_slope for k in truth.places(assumed.outcome)]
    whole = assumed.sd_slope if given.sd_slope is None else given.sd_slope
    names = truth.sums.get(assumed.outcome, (assumed.outcome,))
    return {
        name: given.hazard_ratio ** (sign * sd / whole)
        for name, sd in zip(names, sds, strict=True)
    }


def planned_scenario(given: DesignScenario, assumed: AssumedCourse) -> Scenario:
    """Make a scenario.

    Parameters
    ----------
    given, assumed
        As of :func:`alsdecline.design.planned_truth.planned_truth`.

    Returns
    -------
    Scenario
        In the units of the outcomes and of the configuration's time.
    """
    truth = planned_truth(given, assumed)
    by_course = _by_course(given, assumed, truth)
    forms = {one.outcome: _form(one) for one in assumed.outcomes or [assumed]}
    design = TrialDesign(
        tuple(Arm(name, size) for name, size in given.patients.items()),
        tuple(assumed.time_of_week * week for week in given.weeks or assumed.weeks),
    )
    nuisances = Nuisances(
        Departure(given.withdrawal_hazard, by_course),
        Departure(given.death_hazard, by_course),
        given.missed_visit,
        recording=forms if given.as_recorded else {},
    )
    return Scenario(design, truth, nuisances)


def analyse(method: MethodName, data: Comparison, level: float, seed: int) -> Estimates:
    """Analyse trials by a method.

    Parameters
    ----------
    method : str
        Its name in the configuration.
    data : Comparison
        Two arms of them.
    level : float
        Of the intervals.
    seed : int
        Of allocations that are drawn.

    Returns
    -------
    Estimates
    """
    match method:
        case "t_on_slopes":
            return t_on_slopes(data, level)
        case "welch":
            return t_on_slopes(data, level, equal_variances=False)
        case "permutation":
            return permutation(data, level, seed)
        case "mixed_model":
            return mixed_model(data, level)
        case "ancova":
            return ancova_of_last_value(data, level)


def analysed_batch(
    given: DesignScenario,
    assumed: AssumedCourse,
    methods: list[MethodName],
    trials: range,
    level: float,
    seed: int,
) -> dict[tuple[str, MethodName], Estimates]:
    """Simulate some trials of a scenario, and analyse them.

    Parameters
    ----------
    given, assumed
        As of :func:`planned_scenario`.
    methods : list of str
        By what.
    trials : range
        Their numbers.
    level : float
        Of the intervals.
    seed : int
        Of all trials, the same in all scenarios, so that these differ by themselves
        alone.

    Returns
    -------
    dict
        Effects by arm and method; above 0 is better.
    """
    scenario = planned_scenario(given, assumed)
    simulated = simulate_trials(scenario, seed, np.arange(trials.start, trials.stop))
    found = {}
    for arm in given.patients:
        if arm == assumed.reference:
            continue
        data = Comparison.of(
            scenario, simulated, assumed.outcome, arm, (assumed.reference,)
        )
        for method in methods:
            estimates = analyse(method, data, level, seed)
            found[arm, method] = (
                estimates if assumed.better == "higher" else estimates.turned()
            )
    return found


def true_effects(
    given: DesignScenario,
    assumed: AssumedCourse,
    arm: str,
    trials: npt.ArrayLike,
    seed: int,
) -> Floats:
    """Return an arm's true difference in mean slope in each trial; above 0 is better.

    Parameters
    ----------
    given, assumed
        As of :func:`planned_scenario`.
    arm : str
        Which.
    trials : array_like of int, shape (B,)
        Their numbers.
    seed : int
        Of all trials, by which those of a design prior are drawn.

    Returns
    -------
    ndarray, shape (B,)
        The same of all trials but where there is a design prior.
    """
    scenario = planned_scenario(given, assumed)
    places = scenario.truth.places(assumed.outcome)
    # no effect that is configured depends on the dose or on a horizon
    mean = sum(
        scenario.truth.outcomes[k].true_difference(arm, dose=0.0, horizon=1.0)
        for k in places
    )
    effects = np.full(np.shape(trials), mean)
    streams = Streams(seed, trials)
    drawn = drawn_effects(scenario.design, scenario.truth, streams)
    if drawn is not None:
        arms = [one.name for one in scenario.design.arms]
        effects += drawn[:, arms.index(arm), places].sum(axis=1)
    return effects if assumed.better == "higher" else -effects
