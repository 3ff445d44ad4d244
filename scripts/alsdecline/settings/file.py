"""Reading a trial's config.yaml; what is wrong is told at once, each by its line."""

import difflib
import math
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any, get_args

import pydantic
import yaml

from alsdecline.settings.check_columns import column_problems
from alsdecline.settings.check_estimands import estimand_problems
from alsdecline.settings.check_models import model_problems
from alsdecline.settings.check_references import Location, problems
from alsdecline.settings.check_schedule import schedule_problems
from alsdecline.settings.check_supplementary import supplementary_problems
from alsdecline.settings.trial import Settings

CONFIG = Path("config.yaml")
"""The configuration's name in a trial's folder."""


class SettingsError(Exception):
    """The configuration cannot be used; the message has a line for each fault."""


class _Loader(yaml.SafeLoader):
    """Leaves dates as text: YAML's own reader gives up at a day that does not exist."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in forms if not tag.endswith(":timestamp")]
    for first, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _node_lines(node: yaml.Node, at: Location, lines: dict[Location, int]) -> None:
    lines[at] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*at, key.value)
            _node_lines(value, here, lines)
            lines[here] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            _node_lines(value, (*at, i), lines)


def _repeated_keys(node: yaml.Node) -> list[tuple[int, str]]:
    """Keys that a mapping has twice, which YAML would silently take the last of."""
    found: list[tuple[int, str]] = []
    if isinstance(node, yaml.MappingNode):
        seen: set[Hashable] = set()
        for key, value in node.value:
            if key.value in seen:
                found.append((key.start_mark.line + 1, key.value))
            seen.add(key.value)
            found += _repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            found += _repeated_keys(value)
    return found


def _dotted(location: Location) -> str:
    return ".".join(str(part) for part in location)


def _line_of(location: Location, lines: dict[Location, int]) -> int:
    while location and location not in lines:
        written = (*location[:-1], str(location[-1]))  # as a key of a mapping is
        location = written if written in lines else location[:-1]
    return lines.get(location, 1)


def _section_at(location: Location) -> type[pydantic.BaseModel] | None:
    """Return the model that holds the key at this location."""
    model: Any = Settings
    for part in location[:-1]:
        if isinstance(model, type) and issubclass(model, pydantic.BaseModel):
            field = model.model_fields.get(str(part))
            model = field.annotation if field else None
        elif get_args(model):
            model = get_args(model)[-1]
        options = [a for a in get_args(model) if a is not type(None)]
        if len(options) == 1 and type(None) in get_args(model):
            model = options[0]
    if isinstance(model, type) and issubclass(model, pydantic.BaseModel):
        return model
    return None


def _meant(error: Any) -> str | None:
    """Return the permitted key that an unknown one is closest to, if any is close."""
    section = _section_at(error["loc"])
    fields = list(section.model_fields) if section else []
    near = difflib.get_close_matches(str(error["loc"][-1]), fields, n=1)
    return near[0] if near else None


def _without_misspelt(errors: list[Any]) -> list[Any]:
    """Leave out the absence of a key that is there misspelt, which is told already."""
    misspelt = {
        (*e["loc"][:-1], _meant(e)) for e in errors if e["type"] == "extra_forbidden"
    }
    return [e for e in errors if e["type"] != "missing" or e["loc"] not in misspelt]


def _description(location: Location) -> str:
    """Describe the setting here, or that of whose mapping or list this is a part."""
    while location:
        section = _section_at(location)
        if section and location[-1] in section.model_fields:
            return section.model_fields[str(location[-1])].description or ""
        location = location[:-1]
    return ""


def _explain(error: Any) -> str:
    """Say what is wrong with one setting and what is permitted."""
    location: Location = error["loc"]
    name = _dotted(location).removesuffix(".[key]")
    section = _section_at(location)
    fields = section.model_fields if section else {}
    if error["type"] == "extra_forbidden":
        near = _meant(error)
        hint = f"did you mean {near!r}?" if near else "remove it."
        return f"unknown key {name!r}; {hint} Permitted here: {', '.join(fields)}"
    description = _description(location)
    if error["type"] == "missing":
        return f"key {name!r} is missing. {description}".rstrip()
    shown = repr(error["input"])
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    complaint = error["msg"][0].lower() + error["msg"][1:]
    if error["type"] in {"model_type", "dict_type"}:
        complaint = "a mapping of keys to values is needed here"
    if error["type"] == "string_type" and isinstance(
        error["input"], (bool, int, float)
    ):
        complaint = "a text is needed here; put it in quotes"
    return f"{name} is {shown}: {complaint}. {description}".rstrip()


def _load(text: str, name: str) -> tuple[yaml.Node, dict[Any, Any]]:
    """Read YAML as nodes, which know their lines, and as values."""
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        content = loader.construct_document(root) if root is not None else None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise SettingsError(
            f"{name}, line {line}: not valid YAML: a control character; remove it"
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        reason = getattr(error, "problem", None) or "cannot be read"
        raise SettingsError(
            f"{name}, line {line}: not valid YAML: {reason}; check indentation, "
            "quotes and colons"
        ) from None
    if root is None or not isinstance(content, dict):
        raise SettingsError(f"{name}, line 1: empty, or no mapping of keys to values")
    return root, content


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


def parse_settings(text: str, name: str) -> Settings:
    """Check a configuration's text and return its settings.

    Parameters
    ----------
    text : str
        YAML.
    name : str
        What to call the file in messages.

    Returns
    -------
    Settings

    Raises
    ------
    SettingsError
        With a line for each fault: file, line, key, value and remedy.
    """
    try:
        found = _faults_or_settings(text, name)
    except RecursionError:
        raise SettingsError(
            f"{name}, line 1: nested too deeply, or within itself; check brackets and "
            "anchors"
        ) from None
    if isinstance(found, Settings):
        return found
    raise SettingsError(
        "\n".join(f"{name}, line {line}: {message}" for line, message in sorted(found))
    )


def _faults_or_settings(text: str, name: str) -> list[tuple[int, str]] | Settings:
    """Return the faults, each with its line, or the settings where there is none."""
    root, content = _load(text, name)
    repeated = _repeated_keys(root)
    if repeated:
        return [
            (line, f"key {key!r} is there twice; keep one") for line, key in repeated
        ]
    lines: dict[Location, int] = {}
    _node_lines(root, (), lines)
    endless = {
        at: f"{_dotted(at)} is {value}: not a number that can be used; write digits"
        for at, value in _endless(content)
    }
    faults: list[tuple[Location, str]] = [*endless.items()]
    try:
        settings = Settings.model_validate(content)
    except pydantic.ValidationError as error:
        faults += [
            (e["loc"], _explain(e))
            for e in _without_misspelt(error.errors(include_url=False))
            if e["loc"] not in endless
        ]
    else:
        if not faults:
            # names of columns are looked up by scales and outcomes that must exist
            names = [
                *problems(settings),
                *estimand_problems(settings),
                *model_problems(settings),
                *schedule_problems(settings),
            ]
            contradictions = names or [
                *column_problems(settings),
                *supplementary_problems(settings),
            ]
            faults = [(at, f"{_dotted(at)}: {what}") for at, what in contradictions]
        if not faults:
            return settings
    return [(_line_of(at, lines), message) for at, message in faults]


def read_settings(path: Path) -> Settings:
    """Read and check a trial's configuration file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Settings

    Raises
    ------
    SettingsError
        If it is absent, not UTF-8, or wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SettingsError(
            f"{path} is not there; a trial is a folder with a config.yaml, chosen by "
            "--directory"
        ) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingsError(
            f"{path}, line {line}: not UTF-8; save the file as UTF-8"
        ) from None
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from None
    return parse_settings(text, str(path))
