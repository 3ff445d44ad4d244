"""Settings of what may be known of patients by the results, and the key of pseudonyms.

The key comes from the environment and goes no farther than the process that reads it:
what stands in specs and records is its fingerprint, from which nobody can tell it.
"""

import hashlib
import hmac
import os

from pydantic import Field

from alsdecline.faults import DataError
from alsdecline.settings.section import Section

KEY_VARIABLE = "ALSDECLINE_PSEUDONYM_KEY"
"""Environment variable that holds the key."""

FEWEST_CHARACTERS = 16
"""Of a key; identifiers of patients are few, and a short key would be tried out."""


class Privacy(Section):
    """What may be known of patients by the results."""

    pseudonymise: bool = Field(
        default=False,
        description="true: patients' identifiers become pseudonyms by the key in "
        "ALSDECLINE_PSEUDONYM_KEY, and dates days from time zero, in all results.",
    )
    shareable: bool = Field(
        default=False,
        description="true: results/shareable/ has tables without patients' rows and "
        "small counts, which can be passed on.",
    )
    smallest_count: int = Field(
        default=5,
        ge=3,
        description="Smaller counts of patients than this are not shown under "
        "results/shareable/, nor what would tell them.",
    )


def pseudonym_key() -> bytes:
    """Return the key of the pseudonyms.

    Raises
    ------
    DataError
        If there is none, or it is too short to be one.
    """
    key = os.environ.get(KEY_VARIABLE, "").strip()
    if not key:
        raise DataError(
            f"`privacy: pseudonymise: true` needs the key in {KEY_VARIABLE}, which is "
            "not set; set it to the trial's key (a new one: openssl rand -hex 32), and "
            "keep it apart from the results"
        )
    if len(key) < FEWEST_CHARACTERS:
        raise DataError(
            f"the key in {KEY_VARIABLE} has fewer than {FEWEST_CHARACTERS} characters; "
            "make one by: openssl rand -hex 32"
        )
    return key.encode()


def keyed_digest(key: bytes, *parts: str) -> str:
    """Return HMAC-SHA256 of texts, hexadecimal; texts cannot run into each other."""
    texts = [part.encode() for part in ("als-decline", *parts)]
    message = b"".join(b"%d:%s" % (len(text), text) for text in texts)
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def fingerprint(key: bytes, study: str) -> str:
    """Return what tells a key from another one and nothing of it, for one study."""
    return keyed_digest(key, "fingerprint", study)[:16]
