"""Reading a trial's config.yaml; what is wrong is told at once, each by its line."""

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pydantic

from alsdecline.plain_scalars import shortened
from alsdecline.plain_text import one_line
from alsdecline.plain_yaml import (
    Document,
    Location,
    YamlError,
    parse_yaml,
    read_yaml_text,
)
from alsdecline.settings.check_columns import column_problems
from alsdecline.settings.check_decision import decision_problems
from alsdecline.settings.check_dialects import dialect_problems
from alsdecline.settings.check_estimands import estimand_problems
from alsdecline.settings.check_glyphs import glyph_problems
from alsdecline.settings.check_models import model_problems
from alsdecline.settings.check_paths import path_problems
from alsdecline.settings.check_references import problems
from alsdecline.settings.check_schedule import schedule_problems
from alsdecline.settings.check_simulated_design import simulated_design_problems
from alsdecline.settings.check_supplementary import supplementary_problems
from alsdecline.settings.check_usual import usual_problems
from alsdecline.settings.completion import completed
from alsdecline.settings.filled_in import FILLED_IN, Filled
from alsdecline.settings.silent_conversions import silent_conversions
from alsdecline.settings.slips import slips_in
from alsdecline.settings.told_faults import (
    as_written,
    dotted,
    explain,
    place_of,
    section_at,
    value_told,
    without_misspelt,
)
from alsdecline.settings.trial import Settings

CONFIG = Path("config.yaml")
"""The configuration's name in a trial's folder."""

MOST_TOLD = 100
"""Faults that are told one by one; nobody reads more at a time."""

NOT_FINITE = "not a number that can be used; write digits"

Fault = str | Mapping[str, Any]
"""What is told, or an error of pydantic's that is yet to be explained."""


class SettingsError(Exception):
    """The configuration cannot be used; the message has a line for each fault."""


def _endless(value: Any, at: Location = ()) -> Iterator[tuple[Location, float]]:
    """Find numbers that are infinite or none, which no setting may be."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _endless(part, (*at, str(key)))
    elif isinstance(value, list):
        for i, part in enumerate(value):
            yield from _endless(part, (*at, i))
    elif isinstance(value, float) and not math.isfinite(value):
        yield at, value


def _can_be_filled_in(error: Any) -> bool:
    """Tell whether a fault is the absence of a key that may be absent."""
    section = section_at(error["loc"])
    name = f"{section.__name__}.{error['loc'][-1]}" if section else ""
    return error["type"] == "missing" and name in FILLED_IN


def _unusable(document: Document) -> dict[Location, str]:
    """Say which values cannot be taken as written, whatever is needed there."""
    endless = {
        at: value_told(at, str(value), NOT_FINITE, document)
        for at, value in _endless(document.content)
    }
    return endless | {
        at: value_told(at, as_written(document, at), doubt, document)
        for at, doubt in [*document.doubts.items()][:MOST_TOLD]
    }


@dataclasses.dataclass(frozen=True)
class Configuration:
    """A configuration that can be used.

    Attributes
    ----------
    settings : Settings
        All of them.
    filled : Filled
        What they were made of: what was written, and what was filled in.
    """

    settings: Settings
    filled: Filled


def parse_configuration(
    text: str, name: str, folder: Path | None = None
) -> Configuration:
    """Complete and check a configuration's text.

    Parameters
    ----------
    text : str
        YAML.
    name : str
        What to call the file in messages.
    folder : Path, optional
        The trial's folder, of whose raw files what is left out may be taken.

    Returns
    -------
    Configuration

    Raises
    ------
    SettingsError
        With a line for each fault: file, line, key, value and remedy.
    """
    try:
        document = parse_yaml(text)
    except YamlError:
        raise SettingsError(_listed(slips_in(text), name)) from None
    if not document.content or not isinstance(document.content, dict):
        raise SettingsError(
            f"{name}, line 1: empty, or no mapping of keys to values; begin it with a "
            "section, for example: `trial: {id: ALS-01}`, and each missing key is told"
        )
    if document.repeated:
        twice = [
            (line, f"key {shortened(key)!r} is there twice; keep one")
            for line, key in document.repeated
        ]
        raise SettingsError(_listed(twice, name))
    found = _faults_or_settings(document, folder)
    if isinstance(found, tuple):
        return Configuration(*found)
    places = document.places
    lines = sorted(((place_of(at, places).line, what) for at, what in found), key=_line)
    told = [
        (line, what if isinstance(what, str) else explain(what, document))
        for line, what in lines[:MOST_TOLD]
    ]
    raise SettingsError(_listed(told, name, len(lines) - len(told)))


def _line(fault: tuple[int, Fault]) -> int:
    return fault[0]


def _listed(faults: Sequence[tuple[int, str]], name: str, more: int = 0) -> str:
    """Return a line for each fault, in their order in the file."""
    shown = [one_line(f"{name}, line {line}: {what}") for line, what in sorted(faults)]
    more += len(shown[MOST_TOLD:])
    return "\n".join(
        [*shown[:MOST_TOLD], *([f"{name}: and {more} faults more"] if more else [])]
    )


def _faults_of_what_is_written(
    document: Document,
) -> list[tuple[Location, Fault]]:
    """Find what is wrong in a document, and what is absent that must be there."""
    unusable = _unusable(document)
    faults: list[tuple[Location, Fault]] = [*unusable.items()]
    try:
        Settings.model_validate(document.content)
    except pydantic.ValidationError as error:
        errors = without_misspelt(error.errors(include_url=False))
        faults += [
            (e["loc"], e)
            for e in errors
            if e["loc"] not in unusable and not _can_be_filled_in(e)
        ]
    return faults


def _validated(filled: Filled) -> list[tuple[Location, Fault]] | Settings:
    """Check a completed configuration value by value."""
    try:
        return Settings.model_validate(filled.content)
    except pydantic.ValidationError as error:
        return [(e["loc"], e) for e in error.errors(include_url=False)]


def _faults_or_settings(
    document: Document, folder: Path | None
) -> list[tuple[Location, Fault]] | tuple[Settings, Filled]:
    """Return the faults, each with its place, or the settings where there is none."""
    if faults := _faults_of_what_is_written(document):
        return faults
    filled = completed(document.content, folder)
    if filled.faults:
        return [(at, f"{dotted(at)}: {what}") for at, what in filled.faults]
    settings = _validated(filled)
    if not isinstance(settings, Settings):
        return settings
    faults = [
        (at, value_told(at, as_written(document, at), needed, document))
        for at, needed in silent_conversions(document.content, settings)
    ]
    if not faults:
        # names of columns are looked up by scales and outcomes that must exist
        names = [
            *problems(settings),
            *path_problems(settings),
            *dialect_problems(settings),
            *glyph_problems(settings),
            *estimand_problems(settings),
            *model_problems(settings),
            *schedule_problems(settings),
        ]
        contradictions = names or [
            *column_problems(settings),
            *usual_problems(settings),
            *decision_problems(settings),
            *simulated_design_problems(settings),
            *supplementary_problems(settings),
        ]
        faults = [
            (at, f"{dotted(at)}: {what}{_derived(at, what, filled)}")
            for at, what in contradictions
        ]
    return faults or (settings, filled)


def _derived(at: Location, what: str, filled: Filled) -> str:
    """Say what a value that is not written came from; nothing if it is written."""
    around = [at[:n] for n in range(len(at), 0, -1)]
    below = [
        o for o in filled.origins if o[: len(at)] == at and repr(filled.at(*o)) in what
    ]
    found = [filled.origins[o] for o in [*around, *below] if filled.origins.get(o)]
    if not found:
        return ""
    return f" (filled in: {found[0]}; write the key to have another)"


def parse_settings(text: str, name: str) -> Settings:
    """Return the settings of a configuration's text, as :func:`parse_configuration`."""
    return parse_configuration(text, name).settings


def read_settings(path: Path) -> Settings:
    """Return the settings of a trial's file, as :func:`read_configuration`."""
    return read_configuration(path).settings


def read_configuration(path: Path, folder: Path | None = None) -> Configuration:
    """Read, complete and check a trial's configuration file.

    Parameters
    ----------
    path : Path
        The file.
    folder : Path, optional
        The trial's folder; that of the file if not given.

    Returns
    -------
    Configuration

    Raises
    ------
    SettingsError
        If it is absent, not UTF-8, or wrong.
    """
    try:
        text = read_yaml_text(path)
    except FileNotFoundError:
        raise SettingsError(
            f"{path} is not there; a trial is a folder with a config.yaml, chosen by "
            "--directory"
        ) from None
    except YamlError as error:
        raise SettingsError(f"{path}, line {error.line}: {error}") from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from None
    return parse_configuration(text, str(path), folder or path.parent)
