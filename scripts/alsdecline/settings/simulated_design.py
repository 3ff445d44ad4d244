"""Trials of other designs, simulated: what they would show, and how often they err."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from alsdecline.settings.decision_rule import DecisionRule, Success
from alsdecline.settings.members import FAMILY, MemberName
from alsdecline.settings.models import Normal
from alsdecline.settings.section import Section

MethodName = Literal["t_on_slopes", "welch", "permutation", "mixed_model", "ancova"]

METHODS: tuple[MethodName, ...] = (
    "t_on_slopes",
    "welch",
    "permutation",
    "mixed_model",
    "ancova",
)
"""All of them, in the order in which they are shown."""

ScenarioName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]

TWO_SIDED = 1.96
"""Monte Carlo standard errors on either side of what is told: a 95% interval."""

LARGEST = 100_000
"""Most patients of an arm, and trials of a batch."""


class DesignScenario(Section):
    """A trial of the primary outcome as it might be; arms by their ids.

    Slopes, SDs and effects are in points a `time_unit`, hazards per `time_unit`.
    """

    patients: dict[str, Annotated[int, Field(ge=2, le=LARGEST)]] = Field(
        min_length=2,
        description="Patients by arm, 2 at least, the reference arm among them; an arm "
        "that is not named is not in the trial.",
    )
    sizes: list[Annotated[int, Field(ge=2, le=LARGEST)]] | None = Field(
        default=None,
        min_length=2,
        description="Sizes of a curve, rising: patients of the reference arm in place "
        "of those in `patients:`, of other arms in proportion. Each makes a scenario "
        "of its own, as `slower_n40`; one size, that of `patients:`, if left out.",
    )
    differences: dict[str, float] = Field(
        default_factory=dict,
        description="True difference in slope from the reference by arm; above 0 is "
        "better. 0 where none is given, nor a ratio.",
    )
    design_prior: dict[str, Normal] = Field(
        default_factory=dict,
        description="By arm, mean and SD of the normal distribution from which each "
        "trial draws its true difference in slope, above 0 better: errors are then "
        "averaged over it. Other than the prior by which trials are analysed.",
    )
    ratios: dict[str, Annotated[float, Field(gt=0)]] = Field(
        default_factory=dict,
        description="By arm, what each patient's slope is multiplied by: 0.7 is 30% "
        "slower decline.",
    )
    slope: float | None = Field(
        default=None,
        description="Mean slope without effect; that of the prior if left out.",
    )
    baseline: float | None = Field(
        default=None, description="Mean at time zero; that of the prior if left out."
    )
    sd_baseline: float | None = Field(
        default=None,
        ge=0,
        description="SD at time zero; the median of its prior if left out.",
    )
    sd_slope: float | None = Field(
        default=None, gt=0, description="As of `design:` if left out."
    )
    sd_residual: float | None = Field(
        default=None, gt=0, description="As of `design:` if left out."
    )
    correlation: float = Field(
        default=0,
        gt=-1,
        lt=1,
        description="Of patients' values at time zero and slopes; of each outcome "
        "where several are simulated.",
    )
    weeks: list[float] | None = Field(
        default=None,
        min_length=2,
        description="Weeks of visits, rising from 0; those of `visits:` if left out.",
    )
    withdrawal_hazard: float = Field(
        default=0, ge=0, description="Hazard of drop-out; 0 is off."
    )
    death_hazard: float = Field(default=0, ge=0, description="Hazard of death.")
    hazard_ratio: float = Field(
        default=1,
        gt=0,
        description="Factor on both for each SD by which a patient's slope, treated as "
        "it is, is worse than the mean one; 1 where they do not depend on the course.",
    )
    missed_visit: float = Field(
        default=0,
        ge=0,
        lt=1,
        description="Probability that a visit after the first is missed.",
    )
    as_recorded: bool = Field(
        default=False,
        description="Whether values are rounded and held to the limits as the "
        "outcome's scale is.",
    )


def _of_sizes(
    name: str, scenario: DesignScenario, reference: str
) -> dict[str, DesignScenario]:
    """Return a scenario, or those of each of its sizes, by name."""
    if not scenario.sizes:
        return {name: scenario}
    whole = scenario.patients.get(reference, 1)
    return {
        f"{name}_n{size}": scenario.model_copy(
            update={
                "sizes": None,
                "patients": {
                    arm: max(2, round(patients * size / whole))
                    for arm, patients in scenario.patients.items()
                },
            }
        )
        for size in scenario.sizes
    }


def has_one_line(model: MemberName) -> bool:
    """Say whether all of a model but four parameters can be integrated exactly.

    So it is of one Gaussian outcome with straight courses, to whose slopes arms add,
    where SDs are the same in all arms.
    """
    member = FAMILY[model]
    apart = member.gaussian and member.straight
    return apart and not (member.together or member.arms_multiply)


PLANNED = "plan"
"""What the plan's own rule is called among those compared."""


class Calibration(Section):
    """The scenario and error to which thresholds of rules are calibrated."""

    scenario: ScenarioName = Field(
        description="A scenario without an effect; of one with `sizes:` that of a size."
    )
    type_i_error: float = Field(
        default=0.025,
        gt=0,
        lt=0.5,
        description="Share of its trials that a rule may call a success.",
    )


class SimulatedDesign(Section):
    """Scenarios, and how many trials of each are simulated and analysed."""

    trials: int = Field(
        default=1000, ge=2, le=10_000_000, description="Trials of each scenario."
    )
    batch: int = Field(
        default=1000,
        ge=1,
        le=LARGEST,
        description="Trials of one job; results do not depend on it.",
    )
    methods: list[MethodName] = Field(
        default_factory=lambda: list(METHODS),
        min_length=1,
        description="By what each trial is analysed: 't_on_slopes' (Student's t of "
        "patients' slopes), 'welch', 'permutation', 'mixed_model' (REML with Kenward "
        "and Roger's inference), 'ancova' (of the last value, carried forward).",
    )
    fitted: int = Field(
        default=0,
        ge=0,
        le=1_000_000,
        description="How many trials of each scenario, the first ones, are also fitted "
        "by the models of `fitted_by:`, under the prior of the plan, to which "
        "`decision:` is then held; 0 is off.",
    )
    fitted_by: list[MemberName] = Field(
        default_factory=lambda: ["single"],
        min_length=1,
        description="By which models, of those that `models:` has for the primary "
        "outcome. A fit by 'single' takes some 0.05 seconds, by 'joint' and other "
        "models of which chains are drawn 0.2 to 2, by 'robust' and 'bounded' many.",
    )
    wanted_power: float = Field(
        default=0.8,
        gt=0,
        lt=1,
        description="Share of significant trials, or of successes, for which curves "
        "tell the size.",
    )
    scenarios: dict[ScenarioName, DesignScenario] = Field(
        min_length=1, description="The scenarios, by a short name."
    )

    in_report: list[ScenarioName] = Field(
        default_factory=list,
        description="Scenarios for which the report states beside the plan's decision "
        "rule how often simulated trials meet it; one with `sizes:` by the name that a "
        "size gives it.",
    )
    rules: dict[ScenarioName, Success] = Field(
        default_factory=dict,
        description="Other rules that count as success, by a short name, compared on "
        "the same fitted trials with `success:` of the plan's `decision:` (`plan`).",
    )
    calibrated: Calibration | None = Field(
        default=None,
        description="Whether rules are also compared, each with the probability that "
        "gives the same type I error.",
    )

    @property
    def several_outcomes(self) -> bool:
        """Whether a model takes several outcomes, so that all are simulated."""
        return bool(self.fitted) and any(FAMILY[m].together for m in self.fitted_by)

    @property
    def by_models(self) -> list[MemberName]:
        """By which models trials are fitted; none where none are."""
        return list(self.fitted_by) if self.fitted else []

    def decided_by(self, primary: MemberName) -> MemberName:
        """Return the model whose fits decide: that of the primary estimand if it can.

        Parameters
        ----------
        primary : str
            That model.
        """
        return primary if primary in self.fitted_by else self.fitted_by[0]

    def rules_compared(self, decision: DecisionRule | None) -> dict[str, Success]:
        """Return the plan's rule, if there is one, and the others by name."""
        planned = {} if decision is None else {PLANNED: decision.success}
        return planned | self.rules

    def margins(self, decision: DecisionRule | None) -> list[float]:
        """Return the margins of all rules, each once; 0 where the plan has no rule."""
        found = [rule.margin for rule in self.rules.values()]
        if decision is None:
            found.append(0.0)
        else:
            found.append(decision.success.margin)
            found += [decision.futility.margin] if decision.futility else []
        return sorted(set(found))

    def each(self, reference: str) -> dict[str, DesignScenario]:
        """Return all scenarios of one size by name.

        Parameters
        ----------
        reference : str
            The arm whose patients sizes are.
        """
        return {
            name: scenario
            for given, one in self.scenarios.items()
            for name, scenario in _of_sizes(given, one, reference).items()
        }

    def curves(self, reference: str) -> dict[str, str]:
        """Return the scenario with sizes that each of one size is made from."""
        return {
            name: given
            for given, one in self.scenarios.items()
            if one.sizes
            for name in _of_sizes(given, one, reference)
        }

    def batches_of(self, trials: int) -> list[tuple[int, int]]:
        """Return the first and last trial of each batch of so many trials."""
        return [
            (first, min(first + self.batch, trials) - 1)
            for first in range(0, trials, self.batch)
        ]


class AssumedOutcome(Section):
    """What is assumed of an outcome."""

    outcome: str
    slope: float
    baseline: float
    sd_baseline: float
    sd_slope: float
    sd_residual: float
    floor: float
    ceiling: float | None
    whole_points: bool


class AssumedCourse(AssumedOutcome):
    """What is assumed of the primary outcome where a scenario does not say it.

    And, where several outcomes are simulated, of these: the primary one is one of them,
    or the sum of some.
    """

    reference: str
    weeks: list[float]
    time_of_week: float
    better: Literal["higher", "lower"]
    outcomes: list[AssumedOutcome] = Field(default_factory=list)
    sum_of: list[str] = Field(default_factory=list)
    correlation_of_slopes: float = 0.0

    @property
    def parts(self) -> list[AssumedOutcome]:
        """What makes the primary outcome, of those that are simulated."""
        named = self.sum_of or [self.outcome]
        return [one for one in self.outcomes if one.outcome in named]
