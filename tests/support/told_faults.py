"""What is told of a fault, without the remedy, which tests of remedies hold."""

import re

_REMEDY = re.compile(r"[;.] .*( \[\w+\])$")


def fault_of(line: str) -> str:
    """Cut the remedy from the line of a finding: place, fault and rule stay."""
    return _REMEDY.sub(r"\1", line)
