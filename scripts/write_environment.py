"""Write the locked packages as a conda environment, for those who use conda."""

import argparse
import re
from pathlib import Path

import yaml

HEADER = (
    "# The pins of requirements.txt as a conda environment; written by `make lock`.\n"
)
PIN = re.compile(
    r"^(?P<pin>[a-z0-9][\w.-]*==[^\s;]+(?: *;[^\\]*[^\\\s])?)", re.MULTILINE
)


def environment(lock: str, python: str = "3.13") -> str:
    """Return the conda environment that holds the pins of a lock.

    Parameters
    ----------
    lock
        A requirements file with one ``name==version`` a line, each with its
        environment marker, if any, and hashes on lines of their own.
    python
        The version of Python to ask for.

    Returns
    -------
    str
        The environment file in YAML. pip installs all packages, since conda's
        builds are not the ones that the hashes stand for.
    """
    pins = [match["pin"] for match in PIN.finditer(lock)]
    content = {
        "name": "als-decline",
        "channels": ["conda-forge", "nodefaults"],
        "dependencies": [f"python={python}", "pip", {"pip": pins}],
    }
    return HEADER + yaml.safe_dump(content, sort_keys=False, width=1000)


def main() -> None:
    """Read the lock and write the environment file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lock", type=Path, help="the requirements file with the pins")
    parser.add_argument("environment", type=Path, help="the file to write")
    paths = parser.parse_args()
    paths.environment.write_text(environment(paths.lock.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
