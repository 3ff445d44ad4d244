"""Checks of the supplementary analyses against the rest of the settings."""

from collections.abc import Iterator

from alsdecline.settings.check_references import (
    ITS_OWN,
    ONE_ARM,
    Location,
    Problem,
    listed_weeks,
    repeated,
    unknown,
)
from alsdecline.settings.examples import example_at
from alsdecline.settings.remedies import characteristic_named, population_named
from alsdecline.settings.supplementary import Ancova, MixedModel
from alsdecline.settings.trial import Settings

HERE: Location = ("supplementary",)

VISIT_COLUMNS = ("AVAL", "BASE", "CHG", "DOSE")
"""Columns of what is compared at a visit, which no covariate may replace."""


def _groupings(settings: Settings) -> list[str]:
    """Return the columns of subjects that are categories."""
    subjects = settings.data.subjects
    named = [c.column for c in subjects.characteristics if c.kind == "category"]
    return [*named, *(pooling.column for pooling in subjects.pooled)]


def _common(
    settings: Settings, here: Location, analysis: Ancova | MixedModel
) -> Iterator[Problem]:
    ids = [outcome.id for outcome in settings.outcomes]
    yield from unknown((*here, "outcome"), analysis.outcome, ids, "outcome")
    if analysis.population:
        yield from unknown(
            (*here, "population"),
            analysis.population,
            settings.populations,
            "population",
            population_named(analysis.population),
        )


def _ancova(settings: Settings, here: Location, ancova: Ancova) -> Iterator[Problem]:
    yield from _common(settings, here, ancova)
    if settings.visits.scheduled_week(ancova.week) is None:
        weeks = listed_weeks(settings.visits.schedule)
        yield (*here, "week"), f"{ancova.week:g} is not scheduled; use one of {weeks}"
    if ancova.carried_forward and settings.visits.carry_forward == "none":
        yield (
            (*here, "carried_forward"),
            (
                "nothing is carried forward; say how below `visits:`, for example: "
                f"`{example_at(('visits', 'carry_forward'))}`"
            ),
        )
    for i, name in enumerate(ancova.factors):
        at: Location = (*here, "factors", i)
        groupings = _groupings(settings)
        else_ = characteristic_named(name, "category")
        yield from unknown(at, name, groupings, "category of the subjects", else_)
    characteristics = settings.data.subjects.characteristics
    numbers = [c.column for c in characteristics if c.kind == "number"]
    for i, name in enumerate(ancova.covariates):
        at = (*here, "covariates", i)
        else_ = characteristic_named(name)
        yield from unknown(at, name, numbers, "number of the subjects", else_)
    for part, names in (("factors", ancova.factors), ("covariates", ancova.covariates)):
        yield from repeated((*here, part), names, "column")
        for i, name in enumerate(names):
            if name.upper() in VISIT_COLUMNS:
                message = f"{name!r} is a column of the values too; use another name"
                yield (*here, part, i), message
    groups = settings.arms.groups
    if len(groups) < 2:
        yield here, ONE_ARM
    if ancova.dose_response and any(arm.dose is None for arm in groups):
        message = (
            "every arm needs a `dose` for it; write it below `arms: groups:` (0 of a "
            "placebo), or leave it out"
        )
        yield (*here, "dose_response"), message


def supplementary_problems(settings: Settings) -> list[Problem]:
    """Find names that point nowhere, and what the data cannot give.

    Parameters
    ----------
    settings : Settings
        Settings that are valid one by one.

    Returns
    -------
    list of (location, message)
        Empty where all is well.
    """
    found: list[Problem] = []
    analyses = settings.supplementary
    adjusted: Location = (*HERE, "adjusted_for")
    named = [c.column for c in settings.data.subjects.characteristics]
    for i, name in enumerate(analyses.adjusted_for):
        found += unknown(
            (*adjusted, i),
            name,
            named,
            "characteristic of the subjects",
            characteristic_named(name),
        )
    found += repeated(adjusted, analyses.adjusted_for, "characteristic")
    if analyses.adjusted_for and len(settings.arms.groups) == 1:
        found.append((adjusted, ONE_ARM))
    ids = [ancova.id for ancova in analyses.ancova]
    found += repeated((*HERE, "ancova"), ids, "analysis", remedy=ITS_OWN)
    ids = [model.id for model in analyses.mixed_models]
    found += repeated((*HERE, "mixed_models"), ids, "analysis", remedy=ITS_OWN)
    for i, ancova in enumerate(analyses.ancova):
        found += _ancova(settings, (*HERE, "ancova", i), ancova)
    for i, model in enumerate(analyses.mixed_models):
        here: Location = (*HERE, "mixed_models", i)
        found += _common(settings, here, model)
        found += repeated((*here, "random"), [str(e) for e in model.random], "effect")
    return found
