"""What the machine refuses, as a full disk does, in a line that says what to do."""

from alsdecline.plain_text import one_line


def machine_fault(error: OSError) -> str:
    """Say which file the machine refused, why, and what to do.

    Parameters
    ----------
    error : OSError
        As Python raised it.

    Returns
    -------
    str
        One line.
    """
    where = f"{error.filename}: " if error.filename else ""
    reason = error.strerror or str(error)
    return f"{one_line(f'{where}{reason}')}; see to it, and run again"
