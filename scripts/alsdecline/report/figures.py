"""Figures as a page holds them, and what it says of how they are drawn."""

import base64
from collections.abc import Sequence
from pathlib import Path

from alsdecline.figures.captions import CENTRAL, MOST_DRAWN, MOST_NAMED
from alsdecline.report import words as text


def crowded(by_arm: Sequence[int]) -> dict[str, bool]:
    """Tell which figures of the patients are drawn for many.

    Parameters
    ----------
    by_arm : sequence of int
        Number of patients of each arm.
    """
    return {
        "trajectories": max(by_arm) > MOST_NAMED,
        "patient_slopes": sum(by_arm) > MOST_NAMED * len(by_arm),
    }


def thinned_courses(by_arm: Sequence[int]) -> str:
    """Say how the courses of an arm of very many patients are drawn; else nothing.

    Parameters
    ----------
    by_arm : sequence of int
        Number of patients of each arm.
    """
    if max(by_arm) <= MOST_DRAWN:
        return ""
    return (
        f" Of an arm of more than {MOST_DRAWN} patients {MOST_DRAWN} are drawn, evenly "
        f"spaced by identifier; the band holds the central {text.percent(CENTRAL)} of "
        "its values at each scheduled visit."
    )


def embedded(path: Path) -> str:
    """Return a figure as a page holds it."""
    content = base64.b64encode(path.read_bytes()).decode()
    return f"data:image/svg+xml;base64,{content}"
