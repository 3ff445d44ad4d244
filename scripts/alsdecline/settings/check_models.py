"""Checks of the models, their covariates and their priors against the settings."""

from collections.abc import Iterator

from alsdecline.near_names import nearest
from alsdecline.settings.catalogue import scale_found
from alsdecline.settings.check_references import (
    ONE_ARM,
    Location,
    Problem,
    repeated,
    unknown,
)
from alsdecline.settings.examples import (
    example_of,
    example_of_section,
    in_one_line,
)
from alsdecline.settings.members import FAMILY
from alsdecline.settings.models import Covariate, CovariatePrior, OutcomePriors, Priors
from alsdecline.settings.remedies import characteristic_named
from alsdecline.settings.trial import Settings


def _named(settings: Settings) -> Iterator[Problem]:
    """Check that what the models name is an outcome, once, and has a prior."""
    models = settings.models
    ids = [outcome.id for outcome in settings.outcomes]
    measured = [outcome.id for outcome in settings.outcomes if not outcome.sum_of]
    for model, names in models.by_member.items():
        together = FAMILY[model].together
        known, what = (measured, "measured outcome") if together else (ids, "outcome")
        for i, name in enumerate(names):
            yield from unknown(("models", model, i), name, known, what)
        yield from repeated(("models", model), names, "outcome")
    for name in sorted(models.fitted):
        if name in ids and name not in settings.priors.outcomes:
            mistyped = nearest(name, settings.priors.outcomes.keys() - set(ids))
            message = (
                f"outcome {name!r} is fitted but has no prior; call {mistyped!r} so"
                if mistyped
                else f"outcome {name!r} is fitted but has no prior; write below it, "
                f"with numbers of your own: `{_new_prior(name)}`"
            )
            yield ("priors", "outcomes"), message
    for name in settings.priors.outcomes:
        at = ("priors", "outcomes", name)
        yield from unknown(at, name, ids, "outcome", "leave it out")
    if "weak" not in settings.priors.alternatives:
        example = in_one_line(example_of(Priors, "alternatives"))[1:-1]
        message = (
            "'weak' is missing; the report shows it. Write below it, for example: "
            f"`{example}`"
        )
        yield ("priors", "alternatives"), message
    if "default" in settings.priors.alternatives:
        yield (
            ("priors", "alternatives", "default"),
            "'default' is the name of the plan's own prior; use another",
        )


def _new_prior(outcome: str) -> str:
    """Return how the priors of an outcome are written."""
    return in_one_line({outcome: example_of_section(OutcomePriors)})[1:-1]


def _bases(settings: Settings) -> Iterator[Problem]:
    """Check that what priors rest on is said of priors that there are."""
    keys = set(OutcomePriors.model_fields) - {"basis"}
    for name, prior in settings.priors.outcomes.items():
        for key in prior.basis:
            here: Location = ("priors", "outcomes", name, "basis", key)
            yield from unknown(here, key, sorted(keys), "prior of an outcome")


def _with_priors(settings: Settings, model: str) -> Iterator[tuple[int, str]]:
    """Yield position and name of a member's outcomes that have priors."""
    for i, name in enumerate(settings.models.by_member[model]):
        if name in settings.priors.outcomes:
            yield i, name


def _missing_prior(outcome: str, key: str, needed_by: str) -> Problem:
    """Say that a prior is missing, and in its own description what it is."""
    _, _, what = str(OutcomePriors.model_fields[key].description).partition(": ")
    example = f"{key}: {in_one_line(example_of(OutcomePriors, key))}"
    message = (
        f"`{key}` is missing, which `{needed_by}` needs: {what} Write below it, for "
        f"example: `{example}`"
    )
    return ("priors", "outcomes", outcome), message


def _members(settings: Settings) -> Iterator[Problem]:
    """Check what each member needs of arms, priors and scales."""
    for model, member in FAMILY.items():
        fitted = settings.models.by_member[model]
        if fitted and member.arms_multiply and len(settings.arms.groups) < 2:
            yield ("models", model), f"{ONE_ARM}; use `single`"
        for _, name in _with_priors(settings, model):
            prior = settings.priors.outcomes[name]
            for key in member.priors:
                if getattr(prior, key) is None:
                    yield _missing_prior(name, key, model)
        if member.bounded:
            yield from _bounded(settings, model)


def _bounded(settings: Settings, model: str) -> Iterator[Problem]:
    """Check that bounded scores are counts of points up to a maximum."""
    outcomes = {outcome.id: outcome for outcome in settings.outcomes}
    for i, name in _with_priors(settings, model):
        here: Location = ("models", model, i)
        outcome = outcomes.get(name)
        if outcome is None:
            continue
        scale = scale_found(outcome.scale, settings.scales)
        if scale is None:
            continue
        top = scale.maximum
        if not scale.whole_points or scale.minimum != 0 or top is None or top % 1:
            message = (
                f"scale {outcome.scale!r} of {name!r} is not one of whole points from "
                "0 to a whole maximum; use `single` or `robust`"
            )
            yield here, message
            continue
        if outcome.missing_items == "prorate":
            message = (
                f"totals of {name!r} are prorated and may be no whole points; use "
                "`missing_items: missing`, or `single` or `robust`"
            )
            yield here, message
        if settings.visits.repeats == "mean":
            message = (
                f"means of repeated values of {name!r} may be no whole points; use "
                "another of `visits: repeats:`, or `single` or `robust`"
            )
            yield here, message
        mean = settings.priors.outcomes[name].baseline.mean
        if not 0 < mean < top:
            message = (
                f"must be above 0 and below {top:g}, for `{model}`; for example: "
                f"`mean: {top * 0.75:g}`"
            )
            yield ("priors", "outcomes", name, "baseline", "mean"), message


def _variances_by_arm(settings: Settings) -> Iterator[Problem]:
    if not settings.models.variances_by_arm:
        return
    here: Location = ("models", "variances_by_arm")
    if len(settings.arms.groups) < 2:
        yield here, "there is one arm alone, and nothing to differ; leave it out"
        return
    by_member = settings.models.by_member
    others = [name for name, member in FAMILY.items() if not member.gaussian]
    gaussian = {k for m, ids in by_member.items() if m not in others for k in ids}
    if not gaussian:
        yield here, f"has no use in {' and '.join(others)}; leave it out"
    for name in sorted(gaussian & settings.priors.outcomes.keys()):
        if settings.priors.outcomes[name].log_sd_ratio_sd is None:
            yield _missing_prior(name, "log_sd_ratio_sd", "variances_by_arm")


def _covariates(settings: Settings) -> Iterator[Problem]:
    described = {c.column: c.kind for c in settings.data.subjects.characteristics}
    columns = [covariate.column for covariate in settings.models.covariates]
    yield from repeated(("models", "covariates"), columns, "covariate")
    for i, covariate in enumerate(settings.models.covariates):
        here: Location = ("models", "covariates", i)
        name, levels = covariate.column, covariate.levels
        yield from unknown(
            (*here, "column"),
            name,
            described,
            "characteristic of the subjects",
            characteristic_named(name),
        )
        yield from repeated((*here, "levels"), levels, "level")
        kind = described.get(name)
        if kind == "category" and len(levels) < 2:
            message = (
                f"{name!r} is a category; name its values under `levels`, two at "
                "least, the one that the others are compared with first; for example: "
                f"`levels: {in_one_line(example_of(Covariate, 'levels'))}`"
            )
            yield here, message
        if kind == "number" and levels:
            yield (*here, "levels"), f"{name!r} is a number; leave `levels` out"


def _covariate_priors(settings: Settings) -> Iterator[Problem]:
    columns = [covariate.column for covariate in settings.models.covariates]
    for outcome, prior in settings.priors.outcomes.items():
        here: Location = ("priors", "outcomes", outcome)
        for name in columns if outcome in settings.models.fitted else []:
            if name not in prior.covariates:
                example = {name: example_of_section(CovariatePrior)}
                message = (
                    f"`covariates` has no {name!r}; give its `baseline_sd` and "
                    "`slope_sd`, SDs of its effects on intercept and slope. Write "
                    f"below it, for example: `covariates: {in_one_line(example)}`"
                )
                yield here, message
        for name in prior.covariates:
            at = (*here, "covariates", name)
            named = in_one_line([{"column": name}])
            else_ = f"leave it out, or write `covariates: {named}` below `models:`"
            yield from unknown(at, name, columns, "covariate of the models", else_)


def model_problems(settings: Settings) -> list[Problem]:
    """Find models and priors that do not go together, or with data and arms.

    Parameters
    ----------
    settings : Settings
        Settings that are valid one by one.

    Returns
    -------
    list of (location, message)
        Empty where all is well.
    """
    return [
        *_named(settings),
        *_bases(settings),
        *_members(settings),
        *_variances_by_arm(settings),
        *_covariates(settings),
        *_covariate_priors(settings),
    ]
