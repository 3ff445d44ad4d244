"""The generating values of a simulated trial as a whole, and their reading."""

import datetime
import math
from pathlib import Path
from typing import Any, Self

import numpy as np
from pydantic import Field, ValidationError, model_validator

from alsdecline.models.simulate import DeclineParameters
from alsdecline.models.structure import Structure
from alsdecline.plain_scalars import shortened
from alsdecline.plain_yaml import (
    Document,
    Location,
    YamlError,
    parse_yaml,
    read_yaml_text,
)
from alsdecline.settings.silent_conversions import silent_conversions
from alsdecline.simulation.conduct import DAYS_PER_WEEK, Nuisances, VisitSchedule
from alsdecline.simulation.plan_parts import (
    AdverseEventPlan,
    ArmPlan,
    CharacteristicsPlan,
    CorrelationPlan,
    NuisancePlan,
    OutcomePlan,
    Part,
    TotalPlan,
    TrialPlan,
    VisitPlan,
)

MOST_TOLD = 20
"""Faults that the one line tells."""


class SimulationPlanError(Exception):
    """The generating values cannot be used; the message is one line."""


class SimulationPlan(Part):
    """Everything that a simulated trial is made from."""

    trial: TrialPlan
    reference: str = Field(description="The arm whose slope is the outcome's slope.")
    arms: dict[str, ArmPlan]
    visits: VisitPlan
    outcomes: dict[str, OutcomePlan]
    totals: list[TotalPlan]
    correlations: list[CorrelationPlan]
    nuisances: NuisancePlan
    characteristics: CharacteristicsPlan
    adverse_events: AdverseEventPlan

    @property
    def subjects(self) -> list[str]:
        """Subject ids, in the order of randomisation."""
        total = sum(arm.patients for arm in self.arms.values())
        return [f"{self.trial.subject_prefix}-{i:03d}" for i in range(1, total + 1)]

    @property
    def structure(self) -> Structure:
        """Outcomes and arms of the model that is simulated."""
        treatments = tuple(arm for arm in self.arms if arm != self.reference)
        return Structure(tuple(self.outcomes), self.reference, treatments)

    @property
    def parameters(self) -> DeclineParameters:
        """True values of the model."""
        structure = self.structure
        values: dict[str, float] = {}
        for name, outcome in self.outcomes.items():
            values[f"intercept[{name}]"] = outcome.intercept.mean
            values[f"slope[{name}]"] = outcome.slope.mean
            for arm, effect in outcome.effect.items():
                values[f"effect[{name},{arm}]"] = effect
            values[f"sd_intercept[{name}]"] = outcome.intercept.sd
            values[f"sd_slope[{name}]"] = outcome.slope.sd
            values[f"sd_residual[{name}]"] = outcome.sd_residual
        for correlation in self.correlations:
            first, second = correlation.between
            # The structure names each pair once, in an order the user need not know.
            name = f"correlation[{first},{second}]"
            if name not in structure.correlation_names:
                name = f"correlation[{second},{first}]"
            values[name] = correlation.value
        return DeclineParameters.from_names(structure, values)

    @property
    def schedule(self) -> VisitSchedule:
        """When patients are to be seen."""
        visits = self.visits
        weeks = range(0, visits.last_week + 1, visits.every_weeks)
        return VisitSchedule(tuple(weeks), visits.window_days)

    @property
    def nuisance_settings(self) -> Nuisances:
        """What happens to the data, as the simulator takes it."""
        chosen, outcomes = self.nuisances, self.outcomes
        return Nuisances(
            missed_visit=chosen.missed_visit,
            missing_outcome=chosen.missing_outcome,
            dropout_hazard=chosen.dropout_hazard,
            death_hazard=chosen.death_hazard,
            hazard_ratios=chosen.hazard_ratios,
            withdrawal_days={
                w.subject: DAYS_PER_WEEK * w.week for w in chosen.withdrawals
            },
            whole_points=frozenset(k for k, o in outcomes.items() if o.whole_points),
            limits={
                name: (
                    -math.inf if outcome.minimum is None else outcome.minimum,
                    math.inf if outcome.maximum is None else outcome.maximum,
                )
                for name, outcome in outcomes.items()
            },
        )

    def totals_after(self, outcome: str) -> list[TotalPlan]:
        """Totals whose last part, in the order of the outcomes, is this one."""
        order = list(self.outcomes)
        return [t for t in self.totals if max(t.parts, key=order.index) == outcome]

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        """Refuse what no single key can show to be wrong."""
        if self.reference not in self.arms:
            raise ValueError(f"reference {self.reference!r} is not one of the arms")
        trial = self.trial
        weekdays = np.busday_count(
            trial.first_randomisation,
            trial.last_randomisation + datetime.timedelta(days=1),
        )
        if len(self.subjects) > weekdays:
            raise ValueError(
                f"{len(self.subjects)} patients, each randomised on a weekday of their "
                f"own, need more than the {weekdays} from first_randomisation to "
                "last_randomisation"
            )
        unknown = {w.subject for w in self.nuisances.withdrawals} - set(self.subjects)
        if unknown:
            raise ValueError(
                f"withdrawals of {sorted(unknown)}: subjects are "
                f"{self.subjects[0]} to {self.subjects[-1]}"
            )
        late = [w.week for w in self.nuisances.withdrawals]
        if late and max(late) >= self.visits.last_week:
            raise ValueError(f"a withdrawal must precede week {self.visits.last_week}")
        parts = {part for total in self.totals for part in total.parts}
        if not parts <= set(self.outcomes):
            raise ValueError(f"totals: no outcome {sorted(parts - set(self.outcomes))}")
        if abs(sum(self.adverse_events.severity.values()) - 1.0) > 1e-9:
            raise ValueError("adverse_events.severity: probabilities must sum to 1")
        # These raise on windows that overlap and on parameters that do not fit.
        _ = self.schedule, self.parameters
        return self


def _dotted(location: Location) -> str:
    return shortened(".".join(str(part) for part in location))


def _explain(error: Any) -> str:
    """Say where in the plan a value is wrong, and why."""
    where = _dotted(error["loc"])
    if error["type"] == "extra_forbidden":
        return f"{where}: unknown key; correct its spelling or remove it"
    if error["type"] == "missing":
        return f"{where}: missing; add it"
    reason = error["msg"].removeprefix("Value error, ")
    return f"{where}: {reason}" if where else str(reason)


def _checked(document: Document) -> SimulationPlan:
    """Check what was read; raise with all faults in one line."""
    lines = {at: place.line for at, place in document.places.items()}
    faults = [f"line {n}: key {key!r} is there twice" for n, key in document.repeated]
    faults += [
        f"line {lines[at]}: {_dotted(at)}: {doubt}"
        for at, doubt in document.doubts.items()
    ]
    if not faults:
        try:
            plan = SimulationPlan.model_validate(document.content)
        except ValidationError as error:
            faults = [_explain(fault) for fault in error.errors()]
        else:
            faults = [
                f"line {lines[at]}: {_dotted(at)}: {needed}"
                for at, needed in silent_conversions(document.content, plan)
            ]
    if not faults:
        return plan
    more = len(faults) - MOST_TOLD
    told = [*faults[:MOST_TOLD], *([f"and {more} faults more"] if more > 0 else [])]
    raise SimulationPlanError("; ".join(told))


def read_plan(path: Path) -> SimulationPlan:
    """Read and check the generating values.

    Parameters
    ----------
    path : Path
        A YAML file.

    Returns
    -------
    SimulationPlan

    Raises
    ------
    SimulationPlanError
        If the file cannot be read, is not YAML, or a key or value is wrong.
    """
    try:
        return _checked(parse_yaml(read_yaml_text(path)))
    except OSError as error:
        raise SimulationPlanError(f"{path}: {error.strerror}") from None
    except YamlError as error:
        raise SimulationPlanError(f"{path}: line {error.line}: {error}") from None
    except SimulationPlanError as error:
        raise SimulationPlanError(f"{path}: {error}") from None
