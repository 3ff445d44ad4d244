"""What Snakemake prints before any logger is asked, and nobody needs each time."""

import sys
from collections.abc import Sequence
from typing import Any

PROFILE = "for setting default command line arguments."
"""How the line ends that says which profile is used."""


def leave_profile_unsaid(arguments: Sequence[str]) -> None:
    """Have Snakemake's command line not say which profile it uses.

    Parameters
    ----------
    arguments : sequence of str
        Of the command line; with ``--verbose`` all is said.
    """
    cli = sys.modules.get("snakemake.cli")
    if cli is None or "--verbose" in arguments:
        return

    def said(*words: Any, **options: Any) -> None:
        if not (words and str(words[-1]).endswith(PROFILE)):
            print(*words, **options)

    cli.__dict__["print"] = said
