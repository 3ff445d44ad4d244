"""A valid value of each key of config.yaml: ``examples.yaml`` beside this module.

Messages, the page of all keys and the schema take them from here. They stand apart from
the settings, since a rewording of those that plan fits would fit all again.
"""

import functools
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args, get_origin

import pydantic

from alsdecline.plain_scalars import meant
from alsdecline.plain_yaml import parse_yaml, read_yaml_text
from alsdecline.settings.trial import Settings

FILE = Path(__file__).with_name("examples.yaml")

Location = tuple[str | int, ...]

_PLAIN = re.compile(r"[\w./%µ<>+-](?:[\w ./%µ;()<>+-]*[\w./%µ;()<>+-])?")


_ID = re.compile(r"[a-z][a-z0-9_]*")
_ARM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_IS_NAME = {"placebo": _ARM, "active": _ARM, "alsfrs_r": _ID, "rate": _ID}
"""Names in the examples that a trial gives itself, and the form of its own."""


@functools.cache
def _given() -> dict[str, dict[str, Any]]:
    content: dict[str, dict[str, Any]] = parse_yaml(read_yaml_text(FILE)).content
    return content


def section_of(annotation: Any) -> type[pydantic.BaseModel] | None:
    """Return the section that a key holds, alone, in a list or in a mapping."""
    if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel):
        return annotation
    found = [section_of(part) for part in get_args(annotation)]
    return next((section for section in found if section is not None), None)


def example_of(section: type[pydantic.BaseModel], key: str) -> Any:
    """Return a valid value of a key.

    Parameters
    ----------
    section : type
        The section that has the key.
    key : str
        One of its keys.

    Returns
    -------
    object
        Texts, numbers, lists and mappings; of a section its compulsory keys.
    """
    declared = (_given().get(parent.__name__, {}) for parent in section.__mro__)
    given = next((examples[key] for examples in declared if key in examples), None)
    annotation = section.model_fields[key].annotation
    inner = section_of(annotation)
    if inner is None or isinstance(given, dict | list):
        return given
    within = example_of_section(inner)
    if get_origin(annotation) is dict:
        return {given: within}
    return [within] if get_origin(annotation) is list else within


def example_of_section(section: type[pydantic.BaseModel]) -> dict[str, Any]:
    """Return the keys that a section is of no use without, each with an example.

    Where there are none it is the first key.
    """
    fields = section.model_fields
    also = _given().get(section.__name__, {}).get("also", [])
    keys = [key for key, field in fields.items() if field.is_required() or key in also]
    return {key: example_of(section, key) for key in keys or [next(iter(fields))]}


def _text(value: str) -> str:
    plain = _PLAIN.fullmatch(value) and meant(value) == (value, "")
    return value if plain else json.dumps(value, ensure_ascii=False)


def in_one_line(value: Any) -> str:
    """Write a value as YAML of one line.

    Parameters
    ----------
    value : object
        Texts, numbers, truth values, lists and mappings.

    Returns
    -------
    str
    """
    if isinstance(value, Mapping):
        pairs = (f"{_text(str(k))}: {in_one_line(v)}" for k, v in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(in_one_line, value))}]"
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _names_of(content: Any) -> dict[str, str]:
    """Return what the trial at hand calls what examples call otherwise."""

    def name(*path: str | int) -> Any:
        part = content
        for key in path:
            try:
                part = part[key]
            except (KeyError, IndexError, TypeError):
                return None
        return part

    groups = name("arms", "groups")
    arms = [g.get("id") for g in groups or [] if isinstance(g, dict)]
    reference = name("arms", "reference")
    treated = [arm for arm in arms if arm != reference]
    outcomes = [o for o in name("outcomes") or [] if isinstance(o, dict)]
    measured = [o.get("id") for o in outcomes if not o.get("sum_of")]
    given = {
        "placebo": reference,
        "active": treated[0] if treated else None,
        "alsfrs_r": measured[0] if measured else None,
        "rate": name("estimands", 0, "id"),
    }
    # one that is refused itself is no example
    return {
        k: v
        for k, v in given.items()
        if isinstance(v, str) and _IS_NAME[k].fullmatch(v)
    }


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {names.get(k, k): _renamed(v, names) for k, v in value.items()}
    if isinstance(value, list):
        return [_renamed(part, names) for part in value]
    return names.get(value, value) if isinstance(value, str) else value


def example_at(location: Location, content: Any = None) -> str:
    """Write an example of a setting, or of that whose list or mapping this is part of.

    Parameters
    ----------
    location : tuple
        Keys and positions, from the top of the configuration.
    content : object
        The configuration at hand, whose names the example takes.

    Returns
    -------
    str
        As ``chains: 4``; empty where there is no such setting.
    """
    section: type[pydantic.BaseModel] | None = Settings
    found = ""
    value: Any = None
    for part in location:
        if section is None or isinstance(part, int):
            continue
        if part not in section.model_fields:
            # a name that the trial gives, in a mapping of sections
            continue
        # that of a section as a whole has its keys in agreement
        within = isinstance(value, dict) and part in value
        value = value[part] if within else example_of(section, part)
        shown = _renamed(value, _names_of(content))
        found = f"{part}: {in_one_line(shown)}"
        section = section_of(section.model_fields[part].annotation)
    return found
