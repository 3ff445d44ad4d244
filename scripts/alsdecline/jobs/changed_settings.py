"""Which settings of a job differ from those of its record, in words.

A rule passes its script a part of the configuration, under names of its own, so that
what differs there is looked up in the whole configuration and told by the key there.
"""

import itertools
from collections.abc import Iterator
from typing import Any

from alsdecline.digests import canonical_json
from alsdecline.settings.changes import entry_names

LONGEST_VALUE = 40
"""Characters up to which an old and a new value are told."""

WORKFLOW = "workflow."
"""What begins the paths of files of rules, of which settings may hold the digests."""

Difference = tuple[str, Any, Any]
"""Dotted path, value then, value now."""


def _by_name(entries: list[Any]) -> dict[str, Any] | None:
    """Return a list's entries by name, or else by place; None if they have no parts."""
    if not entries or not all(isinstance(entry, dict) for entry in entries):
        return None
    names = entry_names(entries) or map(str, range(len(entries)))
    return dict(zip(names, entries, strict=True))


def _parts(value: Any) -> dict[str, Any] | None:
    if isinstance(value, list):
        return _by_name(value)
    return value if isinstance(value, dict) else None


def _shown(value: Any) -> str:
    return "none" if value is None else canonical_json(value)


def differences(then: Any, now: Any, at: str = "") -> Iterator[Difference]:
    """Find where settings differ.

    Parameters
    ----------
    then, now : object
        Settings as JSON has them.
    at : str
        The path to them.

    Yields
    ------
    tuple of str, object and object
        Dotted path, value then and value now, None where there is none. Entries of a
        list go by their names, or else by their places.
    """
    before, after = _parts(then), _parts(now)
    if before is None or after is None:
        if _shown(then) != _shown(now):
            yield at, then, now
        return
    if isinstance(now, list):
        order_then = [name for name in before if name in after]
        order_now = [name for name in after if name in before]
        if order_then != order_now:
            yield at, list(before), list(after)
    for name in [*before, *(name for name in after if name not in before)]:
        inner = before.get(name), after.get(name)
        yield from differences(*inner, f"{at}.{name}" if at else name)


def _same_end(path: str, key: str) -> int:
    """Count the parts that two dotted paths have in common at their ends."""
    ends = zip(reversed(path.split(".")), reversed(key.split(".")), strict=False)
    return sum(1 for _ in itertools.takewhile(lambda parts: parts[0] == parts[1], ends))


def _nodes(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Return all parts of settings, from the whole to the last, by dotted path."""
    yield at, value
    for name, part in (_parts(value) or {}).items():
        yield from _nodes(part, f"{at}.{name}" if at else name)


class _Configuration:
    """The whole configuration, in which a difference is looked up."""

    def __init__(self, then: Any, now: Any) -> None:
        self._now = dict(_nodes(now))
        self._changed = [] if then is None else list(differences(then, now))

    def key(self, path: str, old: Any, new: Any) -> str | None:
        """Return the key that a difference of a job is of, if it is plain."""
        changed = [key for key, *values in self._changed if values == [old, new]]
        # one of another name is plain where its old value is known too
        found = _nearest(path, changed) or (changed[0] if len(changed) == 1 else None)
        # the last report may be older than the job
        return found or _nearest(path, [k for k, v in self._now.items() if v == new])


def _nearest(path: str, keys: list[str]) -> str | None:
    """Return the key whose end is most like that of a path, if there is one such."""
    ends = {key: _same_end(path, key) for key in keys}
    most = max(ends.values(), default=0)
    best = [key for key, count in ends.items() if count == most]
    return best[0] if most and len(best) == 1 else None


def _in_words(setting: str, old: Any, new: Any) -> str:
    if old is None and isinstance(new, dict):
        return f"{setting} is new"
    if new is None and isinstance(old, dict):
        return f"{setting} is gone"
    values = _shown(old), _shown(new)
    if max(map(len, values)) > LONGEST_VALUE:
        return f"{setting} changed"
    return f"{setting}: {values[0]} -> {values[1]}"


def changed_settings(then: Any, now: Any, configuration: tuple[Any, Any]) -> list[str]:
    """Say which settings of a job differ.

    Parameters
    ----------
    then, now : object
        The job's own settings: by its record, and by its rule.
    configuration : tuple of object
        The whole configuration, as JSON has it: of the last report, None if that is
        not known, and the present one.

    Returns
    -------
    list of str
        A reason each, by the key of the configuration; by the path in the job's own
        settings where it takes something that follows from several keys.
    """
    found = []
    whole_configuration = None
    for path, old, new in differences(then, now):
        if path.startswith(WORKFLOW):
            found.append(f"workflow: {path.removeprefix(WORKFLOW)} changed")
            continue
        whole_configuration = whole_configuration or _Configuration(*configuration)
        if key := whole_configuration.key(path, old, new):
            found.append(_in_words(f"setting {key}", old, new))
        else:
            named = path.removeprefix("plan.")
            found.append(_in_words(f"setting {named} (as the job takes it)", old, new))
    return list(dict.fromkeys(found))
