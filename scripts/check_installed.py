"""Tell whether what is installed is what locks pin; ``set_up.sh`` asks it.

Usage: ``python scripts/check_installed.py envs/requirements.txt``
"""

import argparse
import sys
from pathlib import Path

from alsdecline.faults import DataError
from alsdecline.jobs.installed import check_installed


def main() -> None:
    """Check each lock; exit with a line where one does not hold."""
    parser = argparse.ArgumentParser(description="Check what is installed.")
    parser.add_argument("locks", type=Path, nargs="+", help="requirements files")
    for lock in parser.parse_args().locks:
        try:
            check_installed(lock)
        except DataError as error:
            sys.exit(str(error))


if __name__ == "__main__":
    main()
