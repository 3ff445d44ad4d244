"""Texts that tell who somebody is, by their shape; few others have it.

A pattern is looked for in all cells of a column at once, joined by line ends, so none
of them reaches over one.
"""

import re
from bisect import bisect_right
from itertools import accumulate

from alsdecline.raw.check_digits import are_checked_numbers
from alsdecline.raw.identifier_names import Kind

_DATE = r"\d{1,4}[./ -](?:\d{1,2}|[A-Za-z]{3,9})[./ -]\d{2,4}"
_NAME = r"[A-ZÀ-Þ][a-zß-ÿ]+(?:[-'][A-ZÀ-Þ][a-zß-ÿ]+)?"

_IN_A_TEXT: tuple[tuple[Kind, str, str], ...] = (
    (
        "e-mail addresses",
        "@ (at) [at]",
        (
            r"[A-Za-z0-9._%+-]+(?:@|\(at\)|\[at\])[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
            r"\.[A-Za-z]{2,}\b"
        ),
    ),
    (
        "names",
        "mr ms mme mlle herr frau monsieur madame señor signor mev dhr meneer senhor",
        (
            r"\b(?:Mr|Mrs|Ms|Herrn?|Frau|Mme|Mlle|Monsieur|Madame|Señora?|Signora?|"
            r"Mevr|"
            rf"Mevrouw|Meneer|Dhr|Senhora?)\.?[ ](?:[A-Z]\.[ ]?)*{_NAME}"
        ),
    ),
    (
        "dates of birth",
        "dob d.o.b born birth geb né nacid nat nascid",
        (
            r"(?i:\b(?:DOB|D\.O\.B\.?|born(?:[ ]on)?|date[ ]of[ ]birth|geb\.|"
            r"geboren(?:[ ]"
            r"am|[ ]op)?|née?[ ]le|nacid[oa][ ]el|nat[oa][ ]il|"
            r"nascid[oa][ ]em)[ :]{0,3})"
            rf"{_DATE}"
        ),
    ),
    (
        "record or national numbers",
        "mrn nhs ssn record hospital chart bsn akte dni nir cpf",
        (
            r"(?i:\b(?:MRN|NHS|SSN|medical[ ]record|hospital|patient[ ]record|chart|"
            r"BSN|"
            r"Akten?|DNI|NIR|CPF)(?:[ -]?(?:no|nr|number|nummer|num)\.?)?[ .:#]{0,3})"
            r"[A-Z]{0,2}(?:\d{5,}|\d{3}[ ]\d{3}[ ]\d{3,4})\b(?![-/.]\d)"
        ),
    ),
    (
        "addresses",
        "street road avenue lane drive boulevard crescent close",
        (
            r"\b\d{1,5}[a-z]?,?[ ](?:[A-Z][a-z]+[ ]){1,3}(?:Street|Road|Avenue|Lane|"
            r"Drive|"
            r"Boulevard|Crescent|Close)\b"
        ),
    ),
    (
        "addresses",
        "straße strasse straat gasse allee str.",
        r"\b[A-ZÄÖÜ][a-zäöüß-]+(?:straße|strasse|straat|gasse|allee|str\.)[ ]\d{1,4}\b",
    ),
    (
        "addresses",
        "rue avenue boulevard chemin allée impasse",
        (
            r"\b\d{1,4}(?:[ ]?(?:bis|ter))?,?[ ](?:rue|avenue|boulevard|chemin|allée|"
            r"impasse)[ ](?:(?:de|du|des|la|le|les|d'|l')[ ]?)*[A-ZÀ-Þ]"
        ),
    ),
    (
        "addresses",
        "calle avenida via piazza rua travessa",
        (
            rf"\b(?:Calle|Avenida|Via|Viale|Piazza|Rua|Travessa)[ ](?:(?:de|del|la|"
            rf"da|do|"
            rf"di)[ ])*{_NAME},?[ ]\d{{1,4}}\b"
        ),
    ),
    (
        "telephone numbers",
        "+",
        r"(?<![\w.])\+[1-9]\d{0,2}[ (./-]{1,2}\d[\d ()./-]{5,}\d\b",
    ),
    ("telephone numbers", "+", r"(?<![\w.])\+[1-9]\d{9,13}\b"),
    (
        "telephone numbers",
        "+",
        (
            r"(?i:\b(?:phone|tel|telephone|telefon\w*|mobile|mobil|cell|fax|handy|"
            r"portable|"
            r"móvil|tél)\b[ .:]{1,3})\(?[+0-9][\d ()./-]{5,}\d"
        ),
    ),
)
"""Patterns that may stand anywhere in a text, behind words in small letters of which
one must stand there too, and which are found faster."""

_PHONE_ALONE = (
    r"(?<![\w-])\(\d{3}\)[ ]?\d{3}[-. ]\d{4}\b|(?<![\w.-])[2-9]\d{2}-[2-9]\d{2}-\d{4}"
    r"(?![\w-])|(?<![\w.-])\(?0\d{2,4}\)?[ /]{1,3}\d{5,8}(?![\w/.-])|"
    r"(?<![\w.-])0[1-9](?:[ .]\d{2}){4}(?![\w.-])|"
    r"(?<![\w.-])0\d{2,4}[ ]\d{3,4}[ ]\d{3,4}(?![\w.-])|"
    # of Japan, of ten digits, or eleven where they are of a mobile telephone
    r"(?<![\w.-])(?:0[5-9]0-\d{4}-\d{4}|(?=[\d-]{12}(?![\w-]))0[1-9]\d{0,3}-\d{1,4}-"
    r"\d{4}|0120-\d{3}-\d{3})(?![\w-])"
)
_SSN = r"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])"

_AMONG_LABELS: tuple[tuple[Kind, str], ...] = (
    ("telephone numbers", _PHONE_ALONE),
    ("record or national numbers", _SSN),
)
"""Patterns that identifiers of subjects and samples have too."""

_ALL_CELLS: tuple[tuple[Kind, str], ...] = (
    ("names", rf"{_NAME},[ ]{_NAME}(?:[ ][A-Z]\.?)?"),
    ("postcodes", r"[A-Z]{1,2}\d[A-Z\d]?[ ]\d[A-Z]{2}"),
)
"""Patterns that all cells of a column must have."""

FEWEST = 3
"""Different texts of a column that must all have one of these."""

_ANYWHERE = [
    (kind, marks.split(), re.compile(pattern)) for kind, marks, pattern in _IN_A_TEXT
]
_LABELS = [(kind, re.compile(pattern)) for kind, pattern in _AMONG_LABELS]
_WHOLE = [(kind, re.compile(pattern)) for kind, pattern in _ALL_CELLS]

_PLAIN = re.compile(r"[-+]?\d{0,8}(?:\.\d*)?|\d{4}-\d\d-\d\d")
"""Numbers and dates as every file has them, which tell of nobody."""


def identifying_texts(
    texts: list[str], *, is_label: bool, are_terms: bool = False
) -> dict[Kind, list[int]]:
    """Find the texts of a column that tell who somebody is.

    Parameters
    ----------
    texts : list of str
        The different texts of the column, none empty.
    is_label : bool
        Whether the column holds identifiers of the trial's own, which may look like
        telephone numbers.
    are_terms : bool
        Whether they are names of diseases, which may have a comma as those of people.

    Returns
    -------
    dict of str to list of int
        By what they are, the positions of the texts.
    """
    numbers = {} if is_label else _numbers(texts)
    told = [i for i, text in enumerate(texts) if not _PLAIN.fullmatch(text)]
    found: dict[Kind, set[int]] = {}
    small = [(i, texts[i].lower()) for i in told]
    all_of_them = "\n".join(text for _, text in small)
    for kind, marks, pattern in _ANYWHERE:
        there = [mark for mark in marks if mark in all_of_them]
        marked = sorted({i for mark in there for i, text in small if mark in text})
        found.setdefault(kind, set()).update(_matching(pattern, texts, marked))
    for kind, pattern in [] if is_label else _LABELS:
        found.setdefault(kind, set()).update(_matching(pattern, texts, told))
    if len(texts) >= FEWEST and not are_terms:
        for kind, pattern in _WHOLE:
            if all(pattern.fullmatch(text) for text in texts):
                found.setdefault(kind, set()).update(range(len(texts)))
    places = {kind: sorted(some) for kind, some in found.items() if some}
    return places | numbers


def _matching(pattern: re.Pattern[str], texts: list[str], at: list[int]) -> set[int]:
    """Return the positions, of some, of the texts that have a pattern."""
    kept = [texts[i].replace("\n", " ") for i in at]
    ends = list(accumulate(len(text) + 1 for text in kept))
    matches = pattern.finditer("\n".join(kept))
    return {at[bisect_right(ends, match.start())] for match in matches}


def _numbers(texts: list[str]) -> dict[Kind, list[int]]:
    if not are_checked_numbers(texts):
        return {}
    return {"record or national numbers": list(range(len(texts)))}
