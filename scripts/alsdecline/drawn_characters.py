"""Which characters the fonts of figures have; no Matplotlib until one is rare.

Both fonts are installed with the lock, whatever else a computer has, so that a figure
is the same everywhere: DejaVu Sans comes with Matplotlib, IPAex Gothic, which has
Japanese, with matplotlib-fontja. Of that package nothing is imported, for it would set
up Matplotlib its own way.
"""

import functools
from importlib.util import find_spec
from pathlib import Path

EVERYDAY = 0x250
"""First character that is looked up; DejaVu Sans has all before it."""

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Marks by which a text is turned round, and would be read as another."""


def japanese_font() -> Path:
    """Return the file of the font that has what DejaVu Sans lacks of Japanese."""
    package = find_spec("matplotlib_fontja")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("matplotlib_fontja", name="matplotlib_fontja")
    return Path(package.origin).parent / "fonts" / "ipaexg.ttf"


@functools.cache
def _drawn() -> frozenset[int]:
    """Return the characters that one of the fonts has."""
    # planning is to stay light, and few labels have such characters
    from matplotlib import get_data_path
    from matplotlib.ft2font import FT2Font

    first = Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    fonts = (FT2Font(str(path)) for path in (first, japanese_font()))
    return frozenset().union(*(font.get_charmap() for font in fonts))


def undrawn(text: str) -> list[str]:
    """Return the characters of a text that figures cannot draw as they are meant.

    Parameters
    ----------
    text : str
        A label.

    Returns
    -------
    list of str
        Each once, in their order; empty where all can be drawn.
    """
    rare = dict.fromkeys(c for c in text if ord(c) >= EVERYDAY)
    return [c for c in rare if c in TURNING or ord(c) not in _drawn()]
