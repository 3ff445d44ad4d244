"""Has Ctrl-C end programs of .venv in silence, not by a traceback.

Python imports it at its start, by ``alsdecline.pth`` of .venv: a job that is
interrupted while it loads its libraries has run no code of ours yet.
"""

import sys
from types import TracebackType


def _tell(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)


sys.excepthook = _tell
