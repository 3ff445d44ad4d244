"""The catalogue of rating scales, which is data: ``scales.yaml`` beside this module.

Only what plans jobs reads it. A job is given the numbers of its scales, so that a scale
that is added, or a source that is reworded, redoes nothing that does not print it.
"""

import functools
from collections.abc import Mapping
from pathlib import Path

import pydantic

from alsdecline.plain_yaml import parse_yaml, read_yaml_text
from alsdecline.settings.proposed_priors import KnownSlope
from alsdecline.settings.scales import Scale

FILE = Path(__file__).with_name("scales.yaml")


class UsualRange(pydantic.BaseModel):
    """What values of a scale without a maximum are between, but for mistakes.

    It is no part of the scale: it makes warnings, and no number depends on it.
    """

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    range: list[float] = pydantic.Field(min_length=2, max_length=2)
    source: str


class Catalogue(pydantic.BaseModel):
    """All scales by name, the version that the report prints, slopes, usual ranges.

    Slopes are by scale and disease. They are proposed as priors alone, which say where
    they come from themselves, so the version is of the scales.
    """

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    version: str
    scales: dict[str, Scale]
    slopes: dict[str, dict[str, KnownSlope]]
    usual: dict[str, UsualRange]


@functools.cache
def catalogue() -> Catalogue:
    """Read the catalogue, once."""
    return Catalogue.model_validate(parse_yaml(read_yaml_text(FILE)).content)


def scale_found(name: str, more: Mapping[str, Scale]) -> Scale | None:
    """Return a scale of the catalogue or configured beside it, if there is one."""
    return catalogue().scales.get(name) or more.get(name)


def scale_named(name: str, more: Mapping[str, Scale]) -> Scale:
    """Return a scale that is known to be of the catalogue or configured beside it."""
    return catalogue().scales.get(name) or more[name]


def known_slope(scale: str, disease: str) -> KnownSlope | None:
    """Return what is known of a scale's slope in a disease, if anything."""
    return catalogue().slopes.get(scale, {}).get(disease.casefold().strip())


def usual_range(scale: str) -> list[float] | None:
    """Return what values of a scale of the catalogue usually are, if it says so."""
    known = catalogue().usual.get(scale)
    return known.range if known else None
