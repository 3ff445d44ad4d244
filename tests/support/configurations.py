"""Configurations to put faults into, and what is said of them."""

import pytest

from alsdecline.settings.file import SettingsError, parse_settings
from support.trial_folder import PROJECT

PILOT = (PROJECT / "tests/validation/cdisc_pilot01/config.yaml").read_text("utf-8")
"""A trial with items, measurements, windows, populations and an ANCOVA."""

LONG = (PROJECT / "tests/validation/armd_interferon/config.yaml").read_text("utf-8")
"""A trial with planned weeks in one long file, and mixed models."""


Change = tuple[str, object]
"""Path of a setting, with dots, and its new value; None takes it away."""

Fault = tuple[str, str, str, str]
"""What is replaced, by what, a text of the line that is named, what is said of it."""


def spoilt(text: str, old: str, new: str) -> str:
    """Replace a text that is there exactly once."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)


def refusal(text: str) -> list[str]:
    """Return the lines that say why a configuration is refused."""
    with pytest.raises(SettingsError) as refused:
        parse_settings(text, "config.yaml")
    return str(refused.value).split("\n")


def line_of(text: str, part: str) -> int:
    """Return the line at which a part stands that is there once."""
    assert text.count(part) == 1, f"{part!r} stands {text.count(part)} times"
    return text[: text.index(part)].count("\n") + 1


def told_at_its_line(text: str, fault: Fault) -> None:
    """Put a fault into a configuration, and expect a line that tells of it."""
    old, new, at, says = fault
    wrong = spoilt(text, old, new)
    told = refusal(wrong)
    expected = f"config.yaml, line {line_of(wrong, at)}: {says}"
    assert [line for line in told if line.startswith(expected)], (expected, told)


def changed(content: dict, *changes: Change) -> dict:
    """Change settings by their paths, or take them away, in place."""
    for path, value in changes:
        *sections, key = path.split(".")
        part = content
        for name in sections:
            part = part[int(name)] if isinstance(part, list) else part[name]
        at = int(key) if isinstance(part, list) else key
        if value is None:
            del part[at]
        else:
            part[at] = value
    return content
