"""Run one fit job as the pipeline does, and write when each of its steps began.

Run by ``benchmarks/engine.py`` as a process of its own: ``fit_job.py JOB TIMELINE``.
"""

import json
import resource
import sys
import time
from pathlib import Path
from types import SimpleNamespace

STARTED = time.perf_counter()
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

from fit import main  # noqa: E402, the scripts' folder is known from here on


def run(job: Path, timeline: Path) -> None:
    """Run the job and write its steps, with its peak memory."""
    described = json.loads(job.read_text(encoding="utf-8"))
    steps: list[tuple[float, str]] = []
    main(
        SimpleNamespace(
            input=SimpleNamespace(bds=described["bds"], adsl=[]),
            output=SimpleNamespace(**described["output"]),
            params=SimpleNamespace(spec=described["spec"]),
            threads=described["threads"],
        ),
        lambda message: steps.append((time.perf_counter() - STARTED, message)),
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    record = {"steps": steps, "peak_gb": peak}
    timeline.write_text(json.dumps(record), encoding="utf-8")


if __name__ == "__main__":
    run(Path(sys.argv[1]), Path(sys.argv[2]))
