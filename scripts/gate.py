"""Stop the run where the primary fit's computation cannot be relied on."""

from pathlib import Path
from typing import Any

from alsdecline.faults import DataError
from alsdecline.fits.plan import DEFAULT
from alsdecline.jobs.script_entry import Facts, Progress, run
from alsdecline.settings.analysis import Gates
from alsdecline.settings.section import JobSettings
from alsdecline.stable_files import read_json, write_json


class Given(JobSettings):
    """What the job is given of the settings."""

    gates: Gates


def main(job: Any, progress: Progress) -> Facts:
    """Write that the primary fit passed, or stop.

    Returns
    -------
    mapping
        The verdict.

    Raises
    ------
    DataError
        If it misses a gate after its retry.
    """
    record = read_json(Path(job.input.diagnostics))
    attempts = record["priors"][DEFAULT]
    failures = attempts[-1]["failures"]
    if failures:
        raise DataError(
            f"the primary fit ({record['fit']}) misses its gates after "
            f"{len(attempts)} attempts: {'; '.join(failures)}. Its diagnostics are in "
            f"{job.input.fits}; raise `sampler:` tune and draws, or revise the model"
        )
    verdict = {
        "fit": record["fit"],
        "attempts": len(attempts),
        "gates": Given.of(job).gates.model_dump(),
    }
    write_json(Path(job.output.gate), verdict)
    progress(f"{record['fit']} passes all gates in attempt {len(attempts)}")
    return {"gates": {record["fit"]: {"passed": True, "failures": []}}}


if __name__ == "__main__":
    run(main)
