"""How much memory and time jobs of a simulated design ask for, by its size.

As :mod:`alsdecline.jobs.job_sizes` has it of what reads data: at least twice the memory
and several times the processor time that were measured, the same for all jobs of a
rule, so by the largest scenario. Nothing that a job does depends on it.
"""

import dataclasses
import math
from collections.abc import Collection

from alsdecline.settings.members import FAMILY, MemberName
from alsdecline.settings.simulated_design import (
    AssumedCourse,
    DesignScenario,
    SimulatedDesign,
    has_one_line,
)

START_MINUTES = 20
"""To start, and to compile where nothing is compiled yet."""

TABLE_MINUTES = 240
"""To put all batches together."""

SECONDS_OF_VALUE = 4e-5
"""Ten times what simulation and analysis by all methods take a value."""

SECONDS_OF_FIT, SECONDS_OF_PATIENT = 3.0, 0.01
"""Ten times what a fit takes, and what each patient adds to it."""

SECONDS_OF_CHAINS = 10.0
"""For each outcome of a model of which chains are always drawn: ten times."""

SECONDS_OF_EXPLICIT, SECONDS_OF_EXPLICIT_PATIENT = 300.0, 10.0
"""Of a model whose patients' effects are parameters: five times."""

MEMORY = 1000
"""MB, of any job."""

MB_OF_VALUE = 0.002
"""In addition, for each value of one trial."""

MB_OF_ANALYSIS = 0.0006
"""In addition, for each analysis that a table is of: twice what was measured."""


@dataclasses.dataclass(frozen=True)
class Batch:
    """The largest batch of a simulated design.

    Attributes
    ----------
    trials : int
        Of one job.
    patients : int
        Of one trial.
    visits : int
        Of one patient, that at time zero too.
    """

    trials: int
    patients: int
    visits: int


def largest_batch(
    design: SimulatedDesign,
    assumed: AssumedCourse,
    scenarios: Collection[DesignScenario],
    trials: int,
) -> Batch:
    """Return the largest batch of so many trials of each scenario.

    Its patients are those of the largest scenario, its visits those of the one that has
    most.
    """
    return Batch(
        min(design.batch, trials),
        max(sum(scenario.patients.values()) for scenario in scenarios),
        max(len(scenario.weeks or assumed.weeks) for scenario in scenarios),
    )


def analyses_of(design: SimulatedDesign, scenarios: Collection[DesignScenario]) -> int:
    """Return how many analyses a design's table is of."""
    of_trial = design.trials * len(design.methods)
    of_trial += design.fitted * len(design.by_models)
    arms = sum(len(scenario.patients) - 1 for scenario in scenarios)
    return of_trial * arms


def simulation_minutes(batch: Batch) -> int:
    """Return after how many minutes a batch may be stopped that is simulated."""
    values = batch.trials * batch.patients * batch.visits
    return START_MINUTES + math.ceil(SECONDS_OF_VALUE * values / 60)


def _fit_seconds(model: MemberName, outcomes: int, patients: int) -> float:
    """Return what a fit of one trial by a model may take."""
    member = FAMILY[model]
    if not member.gaussian:
        return SECONDS_OF_EXPLICIT + SECONDS_OF_EXPLICIT_PATIENT * patients
    chains = SECONDS_OF_CHAINS * (outcomes if member.together else 1)
    each = SECONDS_OF_FIT if has_one_line(model) else chains
    return each + SECONDS_OF_PATIENT * patients


def fitting_minutes(
    batch: Batch, models: Collection[MemberName], outcomes: int = 1
) -> int:
    """Return after how many minutes a batch may be stopped of which each is fitted.

    Parameters
    ----------
    batch : Batch
        The largest.
    models : collection of str
        By which batches are fitted, the slowest of which counts.
    outcomes : int
        That are simulated together.
    """
    each = [_fit_seconds(model, outcomes, batch.patients) for model in models]
    return START_MINUTES + math.ceil(max(each, default=0) * batch.trials / 60)


def batch_memory_mb(batch: Batch) -> int:
    """Return the memory that a batch asks for, in MB; it grows with one trial alone.

    What is simulated at once is limited, and fits follow each other.
    """
    return MEMORY + math.ceil(batch.patients * batch.visits * MB_OF_VALUE)


def table_memory_mb(analyses: int) -> int:
    """Return the memory that the table of all analyses asks for, in MB.

    Parameters
    ----------
    analyses : int
        Of all trials by all methods, arm by arm.
    """
    return MEMORY + math.ceil(analyses * MB_OF_ANALYSIS)


def design_needs(
    design: SimulatedDesign,
    assumed: AssumedCourse,
    scenarios: Collection[DesignScenario],
) -> dict[str, tuple[int, int]]:
    """Return memory in MB, and minutes, of the jobs of a simulated design.

    Returns
    -------
    dict of str to tuple of int
        Of ``simulated_batch``, ``fitted_batch`` and ``design_table``.
    """
    simulated = largest_batch(design, assumed, scenarios, design.trials)
    fitted = largest_batch(design, assumed, scenarios, design.fitted)
    return {
        "simulated_batch": (batch_memory_mb(simulated), simulation_minutes(simulated)),
        "fitted_batch": (
            batch_memory_mb(fitted),
            fitting_minutes(fitted, design.by_models, len(assumed.outcomes)),
        ),
        "design_table": (
            table_memory_mb(analyses_of(design, scenarios)),
            TABLE_MINUTES,
        ),
    }
