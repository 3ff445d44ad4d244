"""Write the raw files of a simulated trial.

Usage: ``python scripts/simulate_trial.py data/simulation.yaml data``
"""

import argparse
import sys
from pathlib import Path

from alsdecline.simulation.files import raw_files
from alsdecline.simulation.plan import SimulationPlanError, read_plan


def main() -> None:
    """Read the generating values, simulate, and write the CSV files."""
    parser = argparse.ArgumentParser(description="Write a simulated trial's raw files.")
    parser.add_argument("plan", type=Path, help="generating values, a YAML file")
    parser.add_argument("folder", type=Path, help="where the CSV files go")
    arguments = parser.parse_args()
    try:
        files = raw_files(read_plan(arguments.plan))
        arguments.folder.mkdir(parents=True, exist_ok=True)
        for name, frame in files.items():
            # Bytes, for a text file's line ends would follow the platform.
            text = frame.to_csv(index=False, lineterminator="\n")
            (arguments.folder / name).write_bytes(text.encode())
    except SimulationPlanError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"{error.filename}: cannot be written: {error.strerror}")


if __name__ == "__main__":
    main()
