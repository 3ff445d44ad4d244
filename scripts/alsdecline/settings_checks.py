"""Checks of settings against each other: every name that is used must exist."""

from collections import Counter
from collections.abc import Iterable, Iterator

from alsdecline.scales import CATALOGUE
from alsdecline.settings import Settings

Location = tuple[str | int, ...]
Problem = tuple[Location, str]


def _unknown(
    location: Location, value: str, known: Iterable[str], what: str
) -> Iterator[Problem]:
    permitted = list(known)
    if value not in permitted:
        remedy = f"use one of {', '.join(permitted)}" if permitted else "there is none"
        yield location, f"{value!r} is no {what}; {remedy}"


def repeated(
    location: Location,
    values: list[str],
    what: str,
    keys: Iterable[str | int] | None = None,
) -> Iterator[Problem]:
    """Find values that are there more than once, and tell where the last one is.

    Parameters
    ----------
    location : tuple
        Where the values are.
    values : list of str
        The values.
    what : str
        What they are, for the message.
    keys : iterable of str or int, optional
        Where in `location` each value is; its position if not given.

    Yields
    ------
    (location, message)
    """
    places = list(range(len(values)) if keys is None else keys)
    last = dict(zip(values, places, strict=True))
    for value, count in Counter(values).items():
        if count > 1:
            message = f"{what} {value!r} is there {count} times; keep one"
            yield (*location, last[value]), message


def _outcomes(settings: Settings) -> Iterator[Problem]:
    ids = [outcome.id for outcome in settings.outcomes]
    measured = [outcome.id for outcome in settings.outcomes if not outcome.sum_of]
    yield from repeated(("outcomes",), ids, "outcome")
    parameters = [outcome.parameter for outcome in settings.outcomes]
    yield from repeated(("outcomes",), parameters, "parameter")
    labels = [outcome.label for outcome in settings.outcomes]
    yield from repeated(("outcomes",), labels, "label")
    for i, outcome in enumerate(settings.outcomes):
        here: Location = ("outcomes", i)
        scales = [*CATALOGUE, *settings.scales]
        yield from _unknown((*here, "scale"), outcome.scale, scales, "scale")
        for j, part in enumerate(outcome.sum_of):
            yield from _unknown(
                (*here, "sum_of", j), part, measured, "measured outcome"
            )
        yield from repeated((*here, "sum_of"), outcome.sum_of, "outcome")
        if not outcome.sum_of and outcome.column is None:
            yield here, f"outcome {outcome.id!r} needs `column` or `sum_of`"


def _models(settings: Settings) -> Iterator[Problem]:
    ids = [outcome.id for outcome in settings.outcomes]
    measured = [outcome.id for outcome in settings.outcomes if not outcome.sum_of]
    if not settings.models.joint and not settings.models.single:
        yield ("models",), "no model at all; name outcomes under `joint` or `single`"
    for i, name in enumerate(settings.models.joint):
        yield from _unknown(("models", "joint", i), name, measured, "measured outcome")
    for i, name in enumerate(settings.models.single):
        yield from _unknown(("models", "single", i), name, ids, "outcome")
    yield from repeated(("models", "joint"), settings.models.joint, "outcome")
    yield from repeated(("models", "single"), settings.models.single, "outcome")
    for name in sorted({*settings.models.joint, *settings.models.single}):
        if name in ids and name not in settings.priors.outcomes:
            yield ("priors", "outcomes"), f"outcome {name!r} is fitted but has no prior"
    for name in settings.priors.outcomes:
        yield from _unknown(("priors", "outcomes", name), name, ids, "outcome")
    if "weak" not in settings.priors.alternatives:
        yield ("priors", "alternatives"), "'weak' is missing; the report shows it"
    if "default" in settings.priors.alternatives:
        yield (
            ("priors", "alternatives", "default"),
            "'default' is the name of the plan's own prior; use another",
        )


def _estimands(settings: Settings) -> Iterator[Problem]:
    arms = [arm.id for arm in settings.arms.groups]
    treated = [arm for arm in arms if arm != settings.arms.reference]
    ids = [estimand.id for estimand in settings.estimands]
    given = {"joint": settings.joint_outcomes, "single": settings.models.single}
    yield from repeated(("estimands",), ids, "estimand")
    yield from _unknown(("primary",), settings.primary, ids, "estimand")
    for i, estimand in enumerate(settings.estimands):
        here: Location = ("estimands", i)
        yield from _unknown(
            (*here, "outcome"),
            estimand.outcome,
            given[estimand.model],
            f"outcome of model {estimand.model!r}",
        )
        yield from _unknown(
            (*here, "treatment"), estimand.treatment, treated, "arm to compare"
        )


def _arms(settings: Settings) -> Iterator[Problem]:
    groups = settings.arms.groups
    arms = [arm.id for arm in groups]
    # files are named by arm, and some file systems do not tell capitals apart
    yield from repeated(("arms", "groups"), [arm.casefold() for arm in arms], "arm")
    yield from repeated(("arms", "groups"), [arm.label for arm in groups], "label")
    yield from _unknown(("arms", "reference"), settings.arms.reference, arms, "arm")
    for i, arm in enumerate(arms):
        if arm == "all":
            message = "'all' stands for all arms together in tables; use another id"
            yield ("arms", "groups", i, "id"), message


def _scales(settings: Settings) -> Iterator[Problem]:
    for name, scale in settings.scales.items():
        if name in CATALOGUE:
            yield ("scales", name), f"{name!r} is in the catalogue; use another name"
        if scale.maximum is not None and scale.maximum <= scale.minimum:
            yield ("scales", name, "maximum"), "must be above the minimum"


def _rest(settings: Settings) -> Iterator[Problem]:
    weeks = settings.visits.weeks
    if weeks != sorted(set(weeks)):
        yield ("visits", "weeks"), "weeks must rise, each once"
    if 0 not in weeks:
        yield ("visits", "weeks"), "week 0, the baseline, is missing"
    if min(weeks) < 0:
        yield ("visits", "weeks"), "weeks start at 0; leave out those before it"
    for i, pair in enumerate(settings.summaries.equality_of_effects):
        here: Location = ("summaries", "equality_of_effects", i)
        if len(pair) != 2:
            yield here, "a pair has two outcomes"
        for name in pair:
            yield from _unknown(here, name, settings.models.joint, "joint outcome")
    if settings.time_origin == "first_dose" and settings.data.exposure is None:
        yield (
            ("time_origin",),
            "'first_dose' needs doses; name their file under `data: exposure:`",
        )
    if "svg" not in settings.figures.formats:
        yield ("figures", "formats"), "the report needs 'svg'; add it"
    if settings.sampler.retry_target_accept <= settings.sampler.target_accept:
        yield (
            ("sampler", "retry_target_accept"),
            "must be higher than target_accept, or the retry repeats the fit",
        )


def problems(settings: Settings) -> list[Problem]:
    """Find names that point nowhere and settings that contradict each other.

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
        *_arms(settings),
        *_scales(settings),
        *_rest(settings),
        *_outcomes(settings),
        *_models(settings),
        *_estimands(settings),
    ]
