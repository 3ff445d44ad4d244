"""Where compiled code is kept between processes.

Numba stamps a cached function with its own file only, and compiled code depends on
the processor, so the folder is named by the code, the lock and the processor.
"""

import hashlib
import os
import platform
from pathlib import Path

from alsdecline.digests import code_digest, sha256_of_file
from alsdecline.project import LOCK, SCRIPTS

COMPILED = (
    "alsdecline/models/gaussian/declaration.py",
    "alsdecline/models/explicit/declaration.py",
    "alsdecline/models/sampling.py",
)
"""What is compiled; with all that it imports, it names the folder."""


def processor_identity() -> str:
    """Model and features of the processor, as the kernel tells them.

    Returns
    -------
    str
        The first processor's model and flags on Linux, else what the platform says.
    """
    cpuinfo = Path("/proc/cpuinfo")
    if not cpuinfo.is_file():
        return f"{platform.machine()} {platform.processor()}"
    wanted = ("model name", "flags", "Features")
    first = cpuinfo.read_text(encoding="utf-8").split("\n\n")[0]
    return "\n".join(line for line in first.splitlines() if line.startswith(wanted))


def cache_folder() -> Path:
    """Return the folder for this code, lock and processor, under the user's cache."""
    key = hashlib.sha256()
    for module in COMPILED:
        key.update(code_digest(SCRIPTS / module).encode())
    key.update(sha256_of_file(LOCK).encode())
    key.update(platform.python_version().encode())
    key.update(processor_identity().encode())
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "als-decline" / key.hexdigest()[:16]


def use_compile_cache() -> Path:
    """Point numba and PyTensor at the cache; call before either is imported.

    PyTensor's fast-math is off: with it, results differ in the last bits between a
    run that compiles and a run that finds its code in the cache.

    Returns
    -------
    Path
        The folder, which exists afterwards.
    """
    folder = cache_folder()
    (folder / "numba").mkdir(parents=True, exist_ok=True)
    # a user's own settings could change the bits
    os.environ["PYTENSORRC"] = os.devnull
    os.environ["NUMBA_CACHE_DIR"] = str(folder / "numba")
    os.environ["PYTENSOR_FLAGS"] = (
        f"numba__fastmath=False,base_compiledir={folder / 'pytensor'}"
    )
    return folder
