"""Checks of settings against each other: every name that is used must exist."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from alsdecline.near_names import did_you_mean
from alsdecline.settings.catalogue import catalogue, scale_found
from alsdecline.settings.data import Outcome
from alsdecline.settings.examples import example_at, in_one_line
from alsdecline.settings.remedies import NEEDS_DOSES, scale_defined
from alsdecline.settings.trial import Settings

FLAG = re.compile(r"[A-Z][A-Z0-9_]{0,7}")
"""Names of the columns that tell who is in a population."""

ONE_ARM = "there is one arm alone, and nothing to compare"

ITS_OWN = "give each its own, or leave one out"
EFFECT_SD = example_at(("priors", "outcomes", "effect_sd"))

Location = tuple[str | int, ...]
Problem = tuple[Location, str]


def listed_weeks(weeks: Iterable[float]) -> str:
    """Write weeks as they stand in the configuration."""
    return ", ".join(f"{week:g}" for week in weeks)


def unknown(
    location: Location, value: str, known: Iterable[str], what: str, else_: str = ""
) -> Iterator[Problem]:
    """Find a name that points nowhere, and tell which ones there are.

    Parameters
    ----------
    location : tuple
        Where the name is.
    value : str
        The name.
    known : iterable of str
        Those that there are.
    what : str
        What they are, for the message.
    else_ : str
        How another one is made, for the message.

    Yields
    ------
    (location, message)
    """
    permitted = list(known)
    if value in permitted:
        return
    near = did_you_mean(value, permitted)
    there = f"use one of {', '.join(permitted)}" if permitted else "there is none"
    if near:
        there = f"{near.rstrip()} There are {', '.join(permitted)}"
    remedy = f"; or {else_}" if else_ else ""
    yield location, f"{value!r} is no {what}; {there}{remedy}"


def repeated(
    location: Location,
    values: list[str],
    what: str,
    keys: Iterable[str | int] | None = None,
    remedy: str = "keep one",
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
    remedy : str
        What to do.

    Yields
    ------
    (location, message)
    """
    places = list(range(len(values)) if keys is None else keys)
    last = dict(zip(values, places, strict=True))
    for value, count in Counter(values).items():
        if count > 1:
            message = f"{what} {value!r} is there {count} times; {remedy}"
            yield (*location, last[value]), message


def _outcomes(settings: Settings) -> Iterator[Problem]:
    ids = [outcome.id for outcome in settings.outcomes]
    measured = [outcome.id for outcome in settings.outcomes if not outcome.sum_of]
    yield from repeated(("outcomes",), ids, "outcome", remedy=ITS_OWN)
    parameters = [outcome.parameter for outcome in settings.outcomes]
    yield from repeated(("outcomes",), parameters, "parameter", remedy=ITS_OWN)
    labels = [outcome.label for outcome in settings.outcomes]
    yield from repeated(("outcomes",), labels, "label", remedy=ITS_OWN)
    for i, outcome in enumerate(settings.outcomes):
        here: Location = ("outcomes", i)
        scales = [*catalogue().scales, *settings.scales]
        defined = f"define it at the top: `{scale_defined(outcome.scale)}`"
        at: Location = (*here, "scale")
        yield from unknown(at, outcome.scale, scales, "scale", defined)
        for j, part in enumerate(outcome.sum_of):
            yield from unknown((*here, "sum_of", j), part, measured, "measured outcome")
        yield from repeated((*here, "sum_of"), outcome.sum_of, "outcome")
        yield from _items(settings, here, outcome)


def _items(settings: Settings, here: Location, outcome: Outcome) -> Iterator[Problem]:
    """Check the items of a total against those of its scale."""
    if not outcome.items:
        for name in {"missing_items", "items_needed"} & outcome.model_fields_set:
            yield (*here, name), "the outcome has no `items`; leave it out"
        return
    if outcome.sum_of:
        yield (*here, "items"), "a sum of outcomes has no items; leave one of them out"
    yield from repeated((*here, "items"), outcome.items, "item")
    scale = scale_found(outcome.scale, settings.scales)
    if scale is not None and len(outcome.items) != len(scale.item_maxima):
        message = (
            f"{len(outcome.items)} items, but scale {outcome.scale!r} has "
            f"{len(scale.item_maxima)} `item_maxima`; name one for each"
        )
        yield (*here, "items"), message
    if outcome.items_needed > len(outcome.items):
        message = f"there are {len(outcome.items)} items; write at most that many"
        yield (*here, "items_needed"), message
    if (
        outcome.missing_items == "missing"
        and "items_needed" in outcome.model_fields_set
    ):
        yield (*here, "items_needed"), "needs `missing_items: prorate`; or leave it out"


def _comparison(settings: Settings) -> Iterator[Problem]:
    """Check what a comparison of arms needs, and that one arm alone has none of it."""
    priors, summaries = settings.priors, settings.summaries
    if len(settings.arms.groups) > 1:
        for name, prior in priors.outcomes.items():
            if prior.effect_sd is None:
                yield (
                    ("priors", "outcomes", name),
                    (
                        "`effect_sd` is missing: SD of the prior of an effect on the "
                        f"slope; write below it, for example: `{EFFECT_SD}`"
                    ),
                )
        if settings.design is None:
            message = (
                "is missing; give `sd_slope`, `sd_residual` and `effect`, by which the "
                "report says what a comparison of the arms can show. Write at the top, "
                f"for example: `{example_at(('design',))}`"
            )
            yield ("design",), message
        return
    useless: dict[Location, bool] = {
        **{
            ("priors", "outcomes", name, "effect_sd"): prior.effect_sd is not None
            for name, prior in priors.outcomes.items()
        },
        **{
            ("priors", "alternatives", name, key): key in p.model_fields_set
            for name, p in priors.alternatives.items()
            for key in ("effect", "slowing", "effect_correlation")
        },
        ("priors", "effect_correlation"): "effect_correlation"
        in priors.model_fields_set,
        ("summaries", "ratio_thresholds"): bool(summaries.ratio_thresholds),
        ("summaries", "equality_of_effects"): bool(summaries.equality_of_effects),
        ("design",): settings.design is not None,
        ("data", "allocation"): settings.data.allocation is not None,
        ("trial", "blinded"): settings.trial.blinded,
    }
    for at, given in useless.items():
        remedy = "empty it: []" if at[-1] == "ratio_thresholds" else "leave it out"
        if given:
            yield at, f"has no use where there is one arm alone; {remedy}"


def _arms(settings: Settings) -> Iterator[Problem]:
    groups = settings.arms.groups
    arms = [arm.id for arm in groups]
    # files are named by arm, and some file systems do not tell capitals apart
    for what, names in (
        ("arm", [arm.casefold() for arm in arms]),
        ("label", [arm.label for arm in groups]),
    ):
        yield from repeated(("arms", "groups"), names, what, remedy=ITS_OWN)
    yield from unknown(("arms", "reference"), settings.arms.reference, arms, "arm")
    for i, arm in enumerate(arms):
        if arm == "all":
            message = "'all' stands for all arms together in tables; use another id"
            yield ("arms", "groups", i, "id"), message


def _scales(settings: Settings) -> Iterator[Problem]:
    for name, scale in settings.scales.items():
        if name in catalogue().scales:
            yield ("scales", name), f"{name!r} is in the catalogue; use another name"
        if scale.maximum is not None and scale.maximum <= scale.minimum:
            message = f"must be above the minimum, {scale.minimum:g}"
            yield ("scales", name, "maximum"), message
        where: Location = ("scales", name, "item_maxima")
        if any(most <= 0 for most in scale.item_maxima):
            yield where, "must each be above 0, the lowest points of an item"
        elif scale.item_maxima and scale.minimum != 0:
            message = (
                f"is {scale.minimum:g}, but items begin at 0, so 0 points are "
                "possible; write `minimum: 0`, or leave `item_maxima` out"
            )
            yield ("scales", name, "minimum"), message
        total = math.fsum(scale.item_maxima)
        if scale.item_maxima and scale.maximum not in (None, total):
            message = (
                f"have the sum {total:g}, but `maximum` is {scale.maximum:g}; correct "
                f"one of the items, or write `maximum: {total:g}`"
            )
            yield where, message


def _populations(settings: Settings) -> Iterator[Problem]:
    measured = [outcome.id for outcome in settings.outcomes]
    for flag, population in settings.populations.items():
        if not FLAG.fullmatch(flag):
            message = (
                "must be the name of a flag: at most 8 capitals, digits, '_'; write "
                f"`{re.sub('[^A-Z0-9_]', '', flag.upper()).lstrip('0123456789_')[:8]}:`"
            )
            yield ("populations", flag), message
        where: Location = ("populations", flag, "values_after_baseline")
        for name in population.values_after_baseline:
            yield from unknown(where, name, measured, "outcome")
        if population.dosed and settings.data.exposure is None:
            yield ("populations", flag, "dosed"), f"{NEEDS_DOSES}; or leave it out"


def _rest(settings: Settings) -> Iterator[Problem]:
    for i, pair in enumerate(settings.summaries.equality_of_effects):
        here: Location = ("summaries", "equality_of_effects", i)
        if len(pair) != 2:
            yield here, "a pair has two outcomes; write it as [limb, bulbar]"
        for name in pair:
            yield from unknown(here, name, settings.models.joint, "joint outcome")
    if settings.time_origin == "first_dose" and settings.data.exposure is None:
        message = f"'first_dose' {NEEDS_DOSES}; or write `time_origin: randomisation`"
        yield ("time_origin",), message
    keys = [deviation.key for deviation in settings.plan_deviations]
    yield from repeated(("plan_deviations",), keys, "key")
    if "svg" not in settings.figures.formats:
        formats = in_one_line(["svg", *settings.figures.formats])
        message = f"the report needs 'svg'; add it: `formats: {formats}`"
        yield ("figures", "formats"), message
    if settings.sampler.retry_target_accept <= settings.sampler.target_accept:
        yield (
            ("sampler", "retry_target_accept"),
            (
                "must be higher than target_accept, or the retry repeats the fit; for "
                "example: `retry_target_accept: "
                f"{(1 + settings.sampler.target_accept) / 2:.4g}`"
            ),
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
        *_populations(settings),
        *_rest(settings),
        *_outcomes(settings),
        *_comparison(settings),
    ]
