"""How much memory and time a job asks for, by the size of the trial's raw files.

Where a cluster runs the jobs, it stops those that need more than they asked for. So
twice the memory is asked for that a trial of 9 and one of 10,000 patients were measured
to need (``make bench``), and much more time. It is known before any job runs, and the
same for all jobs of a rule, which one array of jobs requires. Nothing that a job does
depends on it.
"""

import dataclasses
from collections.abc import Iterable
from pathlib import Path

PACKED = 10
"""So many times its bytes a packed file is taken to hold."""

PACKED_ENDINGS = (".gz", ".xlsx", ".xlsm", ".parquet")
"""Of files that are packed, by themselves or within."""


@dataclasses.dataclass(frozen=True)
class Need:
    """What jobs of a kind need.

    Attributes
    ----------
    memory : int
        Of the smallest trial, in MB.
    memory_by_mb : int
        In addition, for each MB of raw files.
    minutes : int
        Of the smallest trial.
    minutes_by_mb : int
        In addition, for each MB of raw files.
    """

    memory: int
    memory_by_mb: int
    minutes: int
    minutes_by_mb: int


NEEDS = {
    "brief": Need(500, 0, 10, 1),
    "data": Need(1000, 150, 20, 5),
    "fit": Need(1500, 200, 240, 60),
    "simulation": Need(2000, 0, 240, 0),
}
"""By kind: what reads records and ledger alone; what reads data; what samples;
what simulates a batch of trials, whatever the data."""


def raw_megabytes(files: Iterable[Path]) -> float:
    """Return the size of raw files, as it is where packed ones are unpacked.

    Parameters
    ----------
    files : iterable of Path
        Which are there.

    Returns
    -------
    float
        In MB (10^6 bytes).
    """
    return (
        sum(
            f.stat().st_size * (PACKED if f.suffix.lower() in PACKED_ENDINGS else 1)
            for f in files
        )
        / 1e6
    )


def memory_mb(kind: str, megabytes: float) -> int:
    """Return the memory that a job asks for.

    Parameters
    ----------
    kind : str
        One of :data:`NEEDS`.
    megabytes : float
        Size of the trial's raw files.

    Returns
    -------
    int
        In MB.
    """
    need = NEEDS[kind]
    return need.memory + round(need.memory_by_mb * megabytes)


def runtime_minutes(kind: str, megabytes: float) -> int:
    """Return after how long a job may be stopped.

    Parameters
    ----------
    kind : str
        One of :data:`NEEDS`.
    megabytes : float
        Size of the trial's raw files.

    Returns
    -------
    int
        In minutes.
    """
    need = NEEDS[kind]
    return need.minutes + round(need.minutes_by_mb * megabytes)
