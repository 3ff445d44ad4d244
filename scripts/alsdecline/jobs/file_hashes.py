"""SHA-256 of files as they are, each read once as long as it stays as it is."""

import functools
import stat
from pathlib import Path

from alsdecline.digests import sha256_of_file


@functools.cache
def _sha256(path: Path, *_state: int) -> str:
    return sha256_of_file(path)


def sha256_now(path: Path) -> str | None:
    """Return the SHA-256 of a file as it is now.

    Parameters
    ----------
    path : Path
        A file; a link stands for what it leads to.

    Returns
    -------
    str or None
        None where there is no file, or none that can be read.
    """
    try:
        now = path.stat()
        if not stat.S_ISREG(now.st_mode):
            return None
        # the time of the last change of state cannot be set, as that of the bytes can
        state = (now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns)
        return _sha256(path, *state)
    except OSError:
        return None
