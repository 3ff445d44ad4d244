"""Checks of the models, their covariates and their priors against the settings."""

import itertools
from collections.abc import Iterator

from alsdecline.settings.catalogue import scale_found
from alsdecline.settings.check_references import Location, Problem, repeated, unknown
from alsdecline.settings.members import NOT_GAUSSIAN, Member
from alsdecline.settings.trial import Settings

NEEDED_BY_CURVED = {
    "curvature_sd": "SD of the prior of the term in the square of time",
    "sd_curvature": "scale of the prior of that term's SD between patients",
}


def _named(settings: Settings) -> Iterator[Problem]:
    """Check that what the models name is an outcome, once, and has a prior."""
    models = settings.models
    ids = [outcome.id for outcome in settings.outcomes]
    measured = [outcome.id for outcome in settings.outcomes if not outcome.sum_of]
    if not models.fitted:
        yield ("models",), "no model at all; name outcomes under `joint` or `single`"
    for i, name in enumerate(models.joint):
        yield from unknown(("models", "joint", i), name, measured, "measured outcome")
    yield from repeated(("models", "joint"), models.joint, "outcome")
    for model, names in models.by_outcome.items():
        for i, name in enumerate(names):
            yield from unknown(("models", model, i), name, ids, "outcome")
        yield from repeated(("models", model), names, "outcome")
    for name in sorted(models.fitted):
        if name in ids and name not in settings.priors.outcomes:
            yield ("priors", "outcomes"), f"outcome {name!r} is fitted but has no prior"
    for name in settings.priors.outcomes:
        yield from unknown(("priors", "outcomes", name), name, ids, "outcome")
    if "weak" not in settings.priors.alternatives:
        yield ("priors", "alternatives"), "'weak' is missing; the report shows it"
    if "default" in settings.priors.alternatives:
        yield (
            ("priors", "alternatives", "default"),
            "'default' is the name of the plan's own prior; use another",
        )


def _with_priors(settings: Settings, model: Member) -> Iterator[tuple[int, str]]:
    """Yield position and name of a member's outcomes that have priors."""
    for i, name in enumerate(settings.models.by_outcome[model]):
        if name in settings.priors.outcomes:
            yield i, name


def _members(settings: Settings) -> Iterator[Problem]:
    """Check what single members need of arms and priors."""
    if settings.models.ratio and len(settings.arms.groups) < 2:
        yield (
            ("models", "ratio"),
            "there is one arm alone, and nothing to compare; use `single`",
        )
    for _, name in _with_priors(settings, "curved"):
        prior = settings.priors.outcomes[name]
        for key, what in NEEDED_BY_CURVED.items():
            if getattr(prior, key) is None:
                message = f"`{key}` is missing, which `curved` needs: {what}"
                yield ("priors", "outcomes", name), message


def _bounded(settings: Settings) -> Iterator[Problem]:
    """Check that bounded scores are counts of points up to a maximum."""
    outcomes = {outcome.id: outcome for outcome in settings.outcomes}
    for i, name in _with_priors(settings, "bounded"):
        here: Location = ("models", "bounded", i)
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
        mean = settings.priors.outcomes[name].baseline.mean
        if not 0 < mean < top:
            message = f"must be above 0 and below {top:g}, for `bounded`"
            yield ("priors", "outcomes", name, "baseline", "mean"), message


def _variances_by_arm(settings: Settings) -> Iterator[Problem]:
    if not settings.models.variances_by_arm:
        return
    here: Location = ("models", "variances_by_arm")
    if len(settings.arms.groups) < 2:
        yield here, "there is one arm alone, and nothing to differ; leave it out"
        return
    models = settings.models
    by_outcome = [
        names for m, names in models.by_outcome.items() if m not in NOT_GAUSSIAN
    ]
    gaussian = {*models.joint, *itertools.chain(*by_outcome)}
    if not gaussian:
        yield here, f"has no use in {' and '.join(NOT_GAUSSIAN)}; leave it out"
    for name in sorted(gaussian & settings.priors.outcomes.keys()):
        if settings.priors.outcomes[name].log_sd_ratio_sd is None:
            message = (
                "`log_sd_ratio_sd` is missing, which `variances_by_arm` needs: SD of "
                "the prior of the logarithm of a ratio of SDs between arms"
            )
            yield ("priors", "outcomes", name), message


def _covariates(settings: Settings) -> Iterator[Problem]:
    described = {c.column: c.kind for c in settings.data.subjects.characteristics}
    columns = [covariate.column for covariate in settings.models.covariates]
    yield from repeated(("models", "covariates"), columns, "covariate")
    for i, covariate in enumerate(settings.models.covariates):
        here: Location = ("models", "covariates", i)
        name, levels = covariate.column, covariate.levels
        yield from unknown(
            (*here, "column"), name, described, "characteristic of the subjects"
        )
        yield from repeated((*here, "levels"), levels, "level")
        kind = described.get(name)
        if kind == "category" and len(levels) < 2:
            message = (
                f"{name!r} is a category; name its values under `levels`, two at "
                "least, the one that the others are compared with first"
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
                message = (
                    f"`covariates` has no {name!r}; give its `baseline_sd` and "
                    "`slope_sd`, SDs of its effects on intercept and slope"
                )
                yield here, message
        for name in prior.covariates:
            at = (*here, "covariates", name)
            yield from unknown(at, name, columns, "covariate of the models")


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
        *_members(settings),
        *_bounded(settings),
        *_variances_by_arm(settings),
        *_covariates(settings),
        *_covariate_priors(settings),
    ]
