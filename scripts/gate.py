"""Stop the run where the primary fit's computation cannot be relied on."""

import json
from pathlib import Path
from typing import Any

from alsdecline.digests import read_spec
from alsdecline.faults import DataError
from alsdecline.fits.plan import DEFAULT
from alsdecline.jobs.script_entry import Facts, Progress, run
from alsdecline.stable_files import write_json


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
    spec = read_spec(job.params.spec)
    record = json.loads(Path(job.input.diagnostics).read_text(encoding="utf-8"))
    attempts = record["priors"][DEFAULT]
    failures = attempts[-1]["failures"]
    if failures:
        raise DataError(
            f"the primary fit ({record['fit']}) misses its gates after "
            f"{len(attempts)} attempts: {'; '.join(failures)}. Its diagnostics are in "
            f"{job.input.fits}; raise `sampler:` tune and draws, or revise the model"
        )
    verdict = {"fit": record["fit"], "attempts": len(attempts), "gates": spec["gates"]}
    write_json(Path(job.output.gate), verdict)
    progress(f"{record['fit']} passes all gates in attempt {len(attempts)}")
    return {"gates": {record["fit"]: {"passed": True, "failures": []}}}


if __name__ == "__main__":
    run(main)
