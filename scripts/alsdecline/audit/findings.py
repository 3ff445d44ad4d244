"""What an audit finds: a file that is not as it was recorded."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Finding:
    """Something that is not as it was recorded.

    Attributes
    ----------
    path : str
        The file: from the trial's folder, or of the code from the project's.
    message : str
        What is wrong, and what to do.
    failure : bool
        False for a note: bytes differ, but not what they mean.
    """

    path: str
    message: str
    failure: bool = True
