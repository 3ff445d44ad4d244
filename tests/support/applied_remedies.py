"""A remedy that a message prints, applied as it stands, by its words alone."""

import re
from typing import Any

import yaml

_LINE = re.compile(r"[^,]+, line \d+: (?P<what>.*)")
_PATH = re.compile(r"[a-z_]+(?:\.[\w.-]+)*")


def _part(content: Any, path: list[str]) -> Any:
    for name in path:
        content = content[int(name)] if isinstance(content, list) else content[name]
    return content


def _put(where: dict, snippet: dict) -> None:
    for key, value in snippet.items():
        both = isinstance(value, dict) and isinstance(where.get(key), dict)
        if both:
            _put(where[key], value)
        else:
            where[key] = value


def applied(text: str, line: str) -> str:
    """Change a configuration as the last snippet of a message says.

    Parameters
    ----------
    text : str
        The configuration.
    line : str
        The message: it names the setting first, and has YAML in backticks, where needed
        with the words ``at the top`` or ``below `key:```.

    Returns
    -------
    str
        YAML.
    """
    content = yaml.safe_load(text)
    what = _LINE.fullmatch(line)["what"]  # type: ignore[index]
    # a name of a key alone, as `data: subjects:`, tells where
    snippet = [
        yaml.safe_load(printed)
        for printed in re.findall(r"`([^`]*)`", what)
        if ": " in printed and not printed.endswith(":")
    ][-1]
    named = what.removeprefix("key '")
    path = _PATH.match(named)[0].rstrip(".").split(".")  # type: ignore[index]
    below = re.findall(r"below `([^`]+):`", what)
    if "at the top" in what:
        where = content
    elif "below it" in what:
        where = _part(content, path)
    elif below and not what.startswith("key '"):
        where = _part(content, below[-1].split(": "))
    else:
        where = _part(content, path[:-1])
    _put(where, snippet)
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
