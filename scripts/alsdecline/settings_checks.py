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
        yield location, f"{value!r} is no {what}; use one of {', '.join(permitted)}"


def _repeated(location: Location, values: list[str], what: str) -> Iterator[Problem]:
    for value, count in Counter(values).items():
        if count > 1:
            at = len(values) - 1 - values[::-1].index(value)
            yield (*location, at), f"{what} {value!r} is there {count} times; keep one"


def _outcomes(settings: Settings) -> Iterator[Problem]:
    ids = [outcome.id for outcome in settings.outcomes]
    measured = [outcome.id for outcome in settings.outcomes if not outcome.sum_of]
    yield from _repeated(("outcomes",), ids, "outcome")
    parameters = [outcome.parameter for outcome in settings.outcomes]
    yield from _repeated(("outcomes",), parameters, "parameter")
    for i, outcome in enumerate(settings.outcomes):
        here: Location = ("outcomes", i)
        scales = [*CATALOGUE, *settings.scales]
        yield from _unknown((*here, "scale"), outcome.scale, scales, "scale")
        for j, part in enumerate(outcome.sum_of):
            yield from _unknown(
                (*here, "sum_of", j), part, measured, "measured outcome"
            )
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
    yield from _repeated(("models", "joint"), settings.models.joint, "outcome")
    yield from _repeated(("models", "single"), settings.models.single, "outcome")
    for name in sorted({*settings.models.joint, *settings.models.single}):
        if name in ids and name not in settings.priors.outcomes:
            yield ("priors", "outcomes"), f"outcome {name!r} is fitted but has no prior"
    for name in settings.priors.outcomes:
        yield from _unknown(("priors", "outcomes", name), name, ids, "outcome")
    if "weak" not in settings.priors.alternatives:
        yield ("priors", "alternatives"), "'weak' is missing; the report shows it"


def joint_outcomes(settings: Settings) -> list[str]:
    """Outcomes that the joint model gives: its own, and the sums of them."""
    fitted = settings.models.joint
    sums = [
        outcome.id
        for outcome in settings.outcomes
        if outcome.sum_of and set(outcome.sum_of) <= set(fitted)
    ]
    return [*fitted, *sums] if fitted else []


def _estimands(settings: Settings) -> Iterator[Problem]:
    arms = [arm.id for arm in settings.arms.groups]
    treated = [arm for arm in arms if arm != settings.arms.reference]
    ids = [estimand.id for estimand in settings.estimands]
    given = {"joint": joint_outcomes(settings), "single": settings.models.single}
    yield from _repeated(("estimands",), ids, "estimand")
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


def _rest(settings: Settings) -> Iterator[Problem]:
    arms = [arm.id for arm in settings.arms.groups]
    yield from _repeated(("arms", "groups"), arms, "arm")
    yield from _unknown(("arms", "reference"), settings.arms.reference, arms, "arm")
    weeks = settings.visits.weeks
    if weeks != sorted(set(weeks)):
        yield ("visits", "weeks"), "weeks must rise, each once"
    if 0 not in weeks:
        yield ("visits", "weeks"), "week 0, the baseline, is missing"
    ids = [outcome.id for outcome in settings.outcomes]
    yield from _unknown(("design", "outcome"), settings.design.outcome, ids, "outcome")
    for i, pair in enumerate(settings.summaries.equality_of_effects):
        here: Location = ("summaries", "equality_of_effects", i)
        if len(pair) != 2:
            yield here, "a pair has two outcomes"
        for name in pair:
            yield from _unknown(here, name, settings.models.joint, "joint outcome")
    if "svg" not in settings.figures.formats:
        yield ("figures", "formats"), "the report needs 'svg'; add it"
    if settings.sampler.retry_target_accept <= settings.sampler.target_accept:
        yield (
            ("sampler", "retry_target_accept"),
            "must be higher than target_accept, or the retry repeats the fit",
        )
    for name in settings.scales:
        if name in CATALOGUE:
            yield ("scales", name), f"{name!r} is in the catalogue; use another name"


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
        *_rest(settings),
        *_outcomes(settings),
        *_models(settings),
        *_estimands(settings),
    ]
