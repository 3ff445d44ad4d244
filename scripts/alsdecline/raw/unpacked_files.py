"""The content of raw files, packed by gzip or not."""

import gzip
import io
import zlib
from pathlib import Path

from alsdecline.raw.findings import Finding
from alsdecline.raw.rules import Rule

MOST_UNPACKED = 256 * 2**20
"""Bytes that a packed file may unpack to; of a small one fewer."""

FEWEST_UNPACKED = 16 * 2**20
"""Bytes that any packed file may unpack to."""

MOST_TIMES = 200
"""Times its size that it may unpack to else: tables reach 100, what is made to fill a
memory 1,000."""

GZIP = b"\x1f\x8b"
"""How every gzipped file starts."""


def unpacked_content(path: Path, file: str) -> tuple[bytes, list[Finding]]:
    """Read a file.

    Parameters
    ----------
    path : Path
        The file, gzipped where its name ends in .gz.
    file : str
        What to call it.

    Returns
    -------
    bytes
        Unpacked; empty where it cannot be.
    list of Finding
        Why not.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"cannot be read ({error.strerror}); correct the file's permissions"
        return b"", [Finding.by_rule(Rule.UNREADABLE, file, None, "", "", message)]
    if path.suffix.lower() != ".gz":
        if content.startswith(GZIP):
            message = "is packed by gzip; let its name end in .gz, or unpack it"
            return b"", [Finding.by_rule(Rule.GZIP, file, None, "", "", message)]
        return content, []
    most = min(MOST_UNPACKED, max(FEWEST_UNPACKED, MOST_TIMES * len(content)))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            unpacked = stream.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        # that it is none is told with its first bytes
        reason = "no gzip file" if isinstance(error, gzip.BadGzipFile) else error
        message = f"cannot be unpacked by gzip ({reason}); compress the file again"
        return b"", [Finding.by_rule(Rule.GZIP, file, None, "", "", message)]
    if len(unpacked) > most:
        message = (
            f"unpacks to more than {most / 2**20:.0f} MB, as what is made to "
            "fill a disk does; if it is right, unpack it yourself"
        )
        return b"", [Finding.by_rule(Rule.GZIP, file, None, "", "", message)]
    return unpacked, []
