"""YAML as a person means it: what readers take differently is told, not guessed.

YAML 1.1 and 1.2 disagree about ``010`` (8 or 10), ``1:30`` (90 or a text), ``0x10``,
``1_000`` and others, so that another program may read other settings from the same
file. Where a document is too large, too deep or within itself, reading ends early.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from alsdecline.plain_scalars import meant, shortened
from alsdecline.yaml_slips import slip_told, typeset, unprintable

Location = tuple[str | int, ...]
"""Keys and positions in lists, from the top of the document."""

MOST_BYTES = 250_000
MOST_VALUES = 10_000
DEEPEST = 50
TOO_LARGE = f"more than {MOST_BYTES} bytes, too many for settings"
DECIMAL_COMMA = "a decimal comma? write a point"
ENCODING = "not UTF-8; save the file as UTF-8"


class YamlError(Exception):
    """The text cannot be read as YAML; the message says why.

    Attributes
    ----------
    line : int
        Where, from 1.
    mended : str
        The text without this slip, where it is plain what was meant; else empty.
    """

    def __init__(self, line: int, message: str, mended: str = "") -> None:
        super().__init__(message)
        self.line = line
        self.mended = mended


@dataclasses.dataclass(frozen=True)
class Place:
    """Where in the text something stands, and how it is written there.

    Attributes
    ----------
    line, column : int
        From 1; of what has a key, those of the key's line and of the value.
    written : str or None
        The value as it is written, in quotes if it has any; None of mappings and lists.
    """

    line: int
    column: int
    written: str | None


@dataclasses.dataclass(frozen=True)
class Document:
    """A document as it was read.

    Attributes
    ----------
    content : object
        Mappings with texts as keys, lists, texts, numbers, truth values and None.
    places : mapping of Location to Place
        Of all that is in it.
    doubts : mapping of Location to str
        Of what cannot be taken for one value alone: what is wrong, and the remedy. In
        the content stands its text.
    repeated : list of tuple of int and str
        Line and name of each key that its mapping has already.
    """

    content: Any
    places: Mapping[Location, Place]
    doubts: Mapping[Location, str]
    repeated: list[tuple[int, str]]


class _Composer(yaml.SafeLoader):
    """Makes nodes of a text, and stops where it is too deep or has too many."""

    nodes = 0
    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        line = event.start_mark.line + 1
        self.nodes += 1
        self.depth += 1
        _check_size(line, self.nodes // 2, self.depth)  # keys are nodes too
        if getattr(event, "tag", None) is not None:
            tag = shortened(event.tag)
            raise YamlError(
                line, f"not valid YAML here: the tag {tag!r}; remove it, quotes do"
            )
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:  # noqa: ARG002
        """Leave it to :func:`meant` what a text stands for."""
        return ""


def _check_size(line: int, values: int, depth: int) -> None:
    if values > MOST_VALUES:
        raise YamlError(
            line,
            f"more than {MOST_VALUES} values, too many for settings; those of an alias "
            "count each time",
        )
    if depth > DEEPEST:
        raise YamlError(
            line, "nested too deeply, or within itself; check brackets and anchors"
        )


class _Reading:
    """Reads nodes, each where it stands and again where an alias stands for it."""

    def __init__(self) -> None:
        self.places: dict[Location, Place] = {}
        self.doubts: dict[Location, str] = {}
        self.repeated: dict[tuple[int, str], None] = {}
        self._values = 0

    def value(self, node: yaml.Node, at: Location, line: int) -> Any:
        """Return what a node stands for, and keep where it stands."""
        self._values += 1
        _check_size(line, self._values, len(at) + 1)
        self.places[at] = Place(line, node.start_mark.column + 1, _written(node))
        if isinstance(node, yaml.MappingNode):
            return dict(self._pairs(node, at, len(at) + 1))
        if isinstance(node, yaml.SequenceNode):
            return [
                self.value(part, (*at, i), part.start_mark.line + 1)
                for i, part in enumerate(node.value)
            ]
        plain = isinstance(node, yaml.ScalarNode) and node.style is None
        meaning, doubt = meant(node.value) if plain else (node.value, "")
        doubt = doubt or (typeset(node.value) if plain else "")
        if doubt := unprintable(node.value) or doubt:
            self.doubts[at] = doubt
        return meaning

    def _merged(
        self, value: yaml.Node, at: Location, depth: int
    ) -> Iterator[tuple[str, Any]]:
        """Yield the pairs of a mapping, or of several, that ``<<`` takes over."""
        parts = value.value if isinstance(value, yaml.SequenceNode) else [value]
        for part in reversed(parts):  # the first counts most
            line = part.start_mark.line + 1
            self._values += 1
            _check_size(line, self._values, depth)
            if not isinstance(part, yaml.MappingNode):
                raise YamlError(line, "not valid YAML here: '<<' needs a mapping")
            yield from self._pairs(part, at, depth + 1)

    def _pairs(
        self, node: yaml.MappingNode, at: Location, depth: int
    ) -> Iterator[tuple[str, Any]]:
        """Yield keys and values; those that are merged in come first."""
        for key, value in node.value:
            if _merges(key):
                yield from self._merged(value, at, depth)
        seen: set[str] = set()
        for key, value in node.value:
            if _merges(key):
                continue
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise YamlError(line, "not valid YAML here: a key that is no text")
            here = (*at, key.value)
            if key.value in seen:
                self.repeated[line, key.value] = None
            seen.add(key.value)
            yield key.value, self.value(value, here, line)
            empty = node.flow_style and _written(value) == ""
            self._check_key(key, here, in_braces_alone=empty)

    def _check_key(
        self, key: yaml.ScalarNode, here: Location, in_braces_alone: bool
    ) -> None:
        """Doubt a key that is no text, for all keys of settings are texts."""
        meaning, doubt = meant(key.value) if key.style is None else (key.value, "")
        if not isinstance(meaning, str):
            doubt = "a text is needed here; put it in quotes"
            if in_braces_alone:  # as the 5 of {mean: 2,5}
                doubt = f"{DECIMAL_COMMA}, or a text in quotes"
        if doubt := unprintable(key.value) or doubt or typeset(key.value):
            self.doubts[here] = doubt
            line, column = key.start_mark.line + 1, key.start_mark.column + 1
            self.places[here] = Place(line, column, _written(key))


def _written(node: yaml.Node) -> str | None:
    if not isinstance(node, yaml.ScalarNode):
        return None
    return str(node.value) if node.style is None else repr(node.value)


def _merges(key: yaml.Node) -> bool:
    return isinstance(key, yaml.ScalarNode) and key.style is None and key.value == "<<"


def _composed(text: str) -> Any:
    """Return the root of a text's nodes; None where it has none."""
    loader = None
    try:
        loader = _Composer(text)
        return loader.get_single_node()
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        if "\0" in text:
            raise YamlError(line, ENCODING) from None
        raise YamlError(
            line, "not valid YAML: a control character; remove it"
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        opened = getattr(error, "context_mark", None) or mark
        line, slip, mended = slip_told(
            text,
            mark.line + 1 if mark else 1,
            opened.line + 1 if opened else 1,
            getattr(error, "problem", None) or "cannot be read",
            getattr(error, "context", None) or "",
        )
        raise YamlError(line, f"not valid YAML: {slip}", mended) from None
    except (ValueError, OverflowError):  # an escape or a version beyond all numbers
        line = loader.line + 1 if loader else 1
        raise YamlError(
            line, "not valid YAML: a number that is too large; check escapes"
        ) from None


def parse_yaml(text: str) -> Document:
    """Read one document.

    Parameters
    ----------
    text : str
        YAML.

    Returns
    -------
    Document
        With None as content where there is nothing in the text.

    Raises
    ------
    YamlError
        If it is no YAML, has tags, or is too large or too deep to be settings.
    """
    if len(text) > MOST_BYTES:
        raise YamlError(1, TOO_LARGE)
    root = _composed(text)
    reading = _Reading()
    content = None if root is None else reading.value(root, (), 1)
    return Document(content, reading.places, reading.doubts, [*reading.repeated])


def read_yaml_text(path: Path) -> str:
    """Read the text of a file that is to hold YAML.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str

    Raises
    ------
    YamlError
        If it is too large to be settings, or not UTF-8.
    OSError
        If it cannot be read, or is no file.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise OSError(0, "it is no file")  # a pipe would be waited for without end
    with path.open("rb") as stream:
        content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise YamlError(1, TOO_LARGE)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise YamlError(content[: error.start].count(b"\n") + 1, ENCODING) from None
