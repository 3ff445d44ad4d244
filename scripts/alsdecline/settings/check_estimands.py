"""Checks of the estimands: that what they say of patients and events is carried out."""

from collections.abc import Iterator

from alsdecline.near_names import did_you_mean
from alsdecline.settings.analysis import CARRIED_OUT, DEATH, WITHDRAWAL
from alsdecline.settings.check_references import (
    ITS_OWN,
    ONE_ARM,
    Location,
    Problem,
    repeated,
    unknown,
)
from alsdecline.settings.remedies import NEEDS_DOSES, population_named
from alsdecline.settings.trial import Settings


def _strategies(settings: Settings, number: int) -> Iterator[Problem]:
    """Check that what an estimand says of an event can be carried out."""
    possible = ", ".join(f"'{name}'" for name in CARRIED_OUT)
    events = settings.estimands[number].intercurrent_events
    for i, event in enumerate(events):
        here: Location = ("estimands", number, "intercurrent_events", i, "strategy")
        strategy, death = event.strategy, event.event.casefold() == DEATH
        if strategy not in CARRIED_OUT:
            near = did_you_mean(strategy, CARRIED_OUT)
            message = f"{strategy!r} cannot be carried out; {near}use one of {possible}"
            yield here, message
        elif death and strategy != "while alive":
            yield here, f"{strategy!r} has no meaning past death; use 'while alive'"
        elif strategy == "while alive" and not death:
            message = (
                "'while alive' is of the event 'death' alone; use 'treatment policy'"
            )
            yield here, message
        elif strategy == "hypothetical" and event.event.casefold() != WITHDRAWAL:
            message = (
                "'hypothetical' is of the event 'withdrawal' alone, after which there "
                "are no values; use 'treatment policy' or 'while on treatment'"
            )
            yield here, message
        elif strategy == "while on treatment" and settings.data.exposure is None:
            yield here, f"{NEEDS_DOSES}; or use 'treatment policy'"
        elif strategy == "while on treatment" and settings.data.visits.time != "date":
            yield here, "needs visits with dates; use 'treatment policy'"
    if settings.until_last_dose and not any(
        event.strategy == "while on treatment" for event in events
    ):
        message = (
            "another estimand leaves out values after the last dose ('while on "
            "treatment'); all are estimated by the same fits, so give all the same"
        )
        yield ("estimands", number, "intercurrent_events"), message


def estimand_problems(settings: Settings) -> Iterator[Problem]:
    """Yield the location and the message of each problem of the estimands."""
    arms = [arm.id for arm in settings.arms.groups]
    treated = [arm for arm in arms if arm != settings.arms.reference]
    ids = [estimand.id for estimand in settings.estimands]
    yield from repeated(("estimands",), ids, "estimand", remedy=ITS_OWN)
    yield from unknown(("primary",), settings.primary, ids, "estimand")
    for i, estimand in enumerate(settings.estimands):
        here: Location = ("estimands", i)
        yield from unknown(
            (*here, "outcome"),
            estimand.outcome,
            settings.outcomes_of(estimand.model),
            f"outcome of model {estimand.model!r}",
            f"name it below `models:` under `{estimand.model}:`",
        )
        if estimand.population != "all":
            yield from unknown(
                (*here, "population"),
                estimand.population,
                ["all", *settings.populations],
                "population",
                population_named(estimand.population),
            )
        if estimand.population != settings.estimands[0].population:
            message = (
                f"is not {settings.estimands[0].population!r}, that of the first "
                "estimand; all are estimated by the same fits, so give all the same"
            )
            yield (*here, "population"), message
        yield from _strategies(settings, i)
        at: Location = (*here, "treatment")
        if estimand.summary == "mean_slope":
            yield from unknown(at, estimand.treatment, arms, "arm")
        elif treated:
            yield from unknown(at, estimand.treatment, treated, "arm to compare")
        else:
            yield (*here, "summary"), f"{ONE_ARM}; use 'mean_slope'"
