"""Digests of code as params of rules, kept from one run to the next.

To parse all modules takes a second, a third of a run that has nothing to do.
"""

import contextlib
import hashlib
import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path

from alsdecline.digests import code_param
from alsdecline.stable_files import write_json

BYTE_CODE = "__pycache__"


def _kept_in() -> Path | None:
    """Return the folder of what is kept; None for a user without one."""
    try:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    except RuntimeError:
        return None
    return Path(base) / "als-decline"


def _state_of(scripts: Path) -> str:
    """SHA-256 of all files of code, names and bytes, and of the version of Python."""
    total = hashlib.sha256(platform.python_version().encode())
    for path in sorted(scripts.rglob("*")):
        if BYTE_CODE not in path.parts and path.is_file():
            name = path.relative_to(scripts).as_posix()
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            total.update(f"{name}\0{digest}\n".encode())
    return total.hexdigest()


class CodeParams:
    """The params ``code`` of rules.

    What is kept counts only where every file of code has the bytes that it had. It lies
    in the user's own cache, beside the compiled models, and in no trial's folder.

    Parameters
    ----------
    scripts : Path
        The folder of the scripts.
    """

    def __init__(self, scripts: Path) -> None:
        self._scripts = scripts
        self._state = _state_of(scripts)
        folder = _kept_in()
        name = hashlib.sha256(str(scripts.resolve()).encode()).hexdigest()[:16]
        self._file = folder / f"code-{name}.json" if folder else None
        self._params = self._kept()

    def _kept(self) -> dict[str, str]:
        kept = None
        if self._file is not None:
            with contextlib.suppress(OSError, ValueError):
                kept = json.loads(self._file.read_text(encoding="utf-8"))
        if not isinstance(kept, dict) or kept.get("state") != self._state:
            return {}
        return {str(k): str(v) for k, v in dict(kept.get("params") or {}).items()}

    def of(self, script: str, others: Sequence[str] = ()) -> str:
        """Return the param of a script as :func:`alsdecline.digests.code_param` does.

        Parameters
        ----------
        script : str
            The script that a rule runs.
        others : sequence of str
            Files that are code by another name.

        Returns
        -------
        str
        """
        name = " ".join([script, *others])
        if name not in self._params:
            self._params[name] = code_param(self._scripts, script, others)
            self._keep()
        return self._params[name]

    def _keep(self) -> None:
        if self._file is not None:
            # a cache that cannot be written costs time alone
            with contextlib.suppress(OSError):
                write_json(self._file, {"state": self._state, "params": self._params})
