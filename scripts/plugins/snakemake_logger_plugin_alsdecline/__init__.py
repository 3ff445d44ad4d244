"""Has the logger of this project where Snakemake looks for loggers by their name.

``scripts/set_up.sh`` adds the folder above to the paths of .venv; the default profile
chooses the logger where it is found.
"""

import sys
from pathlib import Path

SCRIPTS = str(Path(__file__).resolve().parents[2])
if SCRIPTS not in sys.path:
    sys.path.append(SCRIPTS)

from alsdecline.terminal.handler import LogHandler  # noqa: E402, known from here
from alsdecline.terminal.unsaid import leave_profile_unsaid  # noqa: E402

__all__ = ["LogHandler"]

leave_profile_unsaid(sys.argv)
