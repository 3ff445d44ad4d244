"""The generating values of a simulated trial: what each key means, and its reading."""

import datetime
import math
from pathlib import Path
from typing import Any, Self

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from alsdecline.models.simulate import DeclineParameters
from alsdecline.models.structure import Structure
from alsdecline.simulation.conduct import DAYS_PER_WEEK, Nuisances, VisitSchedule


class SimulationPlanError(Exception):
    """The generating values cannot be used; the message is one line."""


class Part(BaseModel):
    """A part of the plan; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Spread(Part):
    """A normal distribution between patients."""

    mean: float
    sd: float = Field(ge=0)


class Truncated(Spread):
    """A normal distribution, values beyond the limits moved to them."""

    minimum: float
    maximum: float


class Skewed(Part):
    """A log-normal distribution."""

    median: float = Field(gt=0)
    log_sd: float = Field(ge=0, description="SD of the natural logarithm.")


class TrialPlan(Part):
    """The trial's identity and time."""

    seed: int = Field(ge=0, description="Seed of every draw.")
    subject_prefix: str = Field(min_length=1, description="Before each number.")
    first_randomisation: datetime.date = Field(description="Earliest, inclusive.")
    last_randomisation: datetime.date = Field(description="Latest, inclusive.")


class ArmPlan(Part):
    """One arm."""

    patients: int = Field(ge=1, description="Number randomised.")
    dose_ug_per_kg: float = Field(gt=0, description="Dose, micrograms per kilogram.")


class VisitPlan(Part):
    """The visit schedule, in weeks from randomisation."""

    last_week: int = Field(ge=1)
    every_weeks: int = Field(ge=1)
    window_days: int = Field(ge=0, description="Days that a visit may lie off.")


class OutcomePlan(Part):
    """One outcome: its course by month, and how it is recorded."""

    column: str = Field(description="Column in the visits file.")
    label: str = Field(description="What it is, for the data dictionary.")
    unit: str = Field(description="Unit, for the data dictionary.")
    intercept: Spread = Field(description="At randomisation, common to the arms.")
    slope: Spread = Field(description="Per month; the mean is the reference arm's.")
    effect: dict[str, float] = Field(description="Added to the slope, by other arm.")
    sd_residual: float = Field(ge=0, description="SD within a patient.")
    whole_points: bool = Field(description="Recorded as a whole number.")
    minimum: float | None = Field(description="Floor, or null.")
    maximum: float | None = Field(description="Ceiling, or null.")


class TotalPlan(Part):
    """A column that is the sum of recorded outcomes."""

    column: str = Field(description="Column in the visits file.")
    label: str = Field(description="What it is, for the data dictionary.")
    parts: list[str] = Field(min_length=2, description="Outcomes that it sums.")


class CorrelationPlan(Part):
    """A correlation between random effects; those not listed are 0."""

    between: tuple[str, str] = Field(description="As 'slope:limb', 'intercept:limb'.")
    value: float = Field(gt=-1, lt=1)


class WithdrawalPlan(Part):
    """A withdrawal that is part of the design."""

    subject: str
    week: int = Field(ge=1, description="From randomisation.")
    reason: str = Field(min_length=1)


class NuisancePlan(Part):
    """What happens to the data outside the model; 0 or an empty list is off."""

    missed_visit: float = Field(ge=0, lt=1, description="Probability, a visit.")
    missing_outcome: float = Field(ge=0, lt=1, description="Probability, a value.")
    missed_dose: float = Field(ge=0, lt=1, description="Probability, a visit.")
    dropout_hazard: float = Field(ge=0, description="Per month.")
    death_hazard: float = Field(ge=0, description="Per month.")
    dropout_reason: str = Field(description="Of withdrawals by the hazard.")
    withdrawals: list[WithdrawalPlan]


class CharacteristicsPlan(Part):
    """Patients' characteristics, independent of each other and of the outcomes."""

    age_years: Truncated
    female: float = Field(ge=0, le=1, description="Probability.")
    bulbar_onset: float = Field(ge=0, le=1, description="Probability.")
    riluzole: float = Field(ge=0, le=1, description="Probability.")
    months_since_onset: Skewed


class TermPlan(Part):
    """A kind of adverse event."""

    term: str
    weight: float = Field(gt=0, description="Relative frequency.")
    related: float = Field(ge=0, le=1, description="Probability of 'related'.")


class AdverseEventPlan(Part):
    """Adverse events, alike in all arms; none is serious."""

    per_month: float = Field(ge=0, description="Mean number, a patient.")
    mean_days: float = Field(ge=1, description="Mean duration, geometric.")
    severity: dict[str, float] = Field(description="Probabilities, which sum to 1.")
    terms: list[TermPlan] = Field(min_length=1)


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
        others = tuple(arm for arm in self.arms if arm != self.reference)
        return Structure(tuple(self.outcomes), self.reference, others)

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


def _explain(error: Any) -> str:
    """Say where in the plan a value is wrong, and why."""
    where = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"{where}: unknown key; correct its spelling or remove it"
    if error["type"] == "missing":
        return f"{where}: missing; add it"
    reason = error["msg"].removeprefix("Value error, ")
    return f"{where}: {reason}" if where else str(reason)


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
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return SimulationPlan.model_validate(content)
    except OSError as error:
        raise SimulationPlanError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SimulationPlanError(f"{path}: not UTF-8; save it as UTF-8") from None
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise SimulationPlanError(f"{path}: not valid YAML: {reason}") from None
    except ValidationError as error:
        faults = "; ".join(_explain(fault) for fault in error.errors())
        raise SimulationPlanError(f"{path}: {faults}") from None
