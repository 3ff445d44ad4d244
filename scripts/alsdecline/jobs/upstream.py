"""From a job to those that it follows from: by what each reads of the others."""

from collections.abc import Callable, Iterable, Mapping

Upstream = Callable[[str], Iterable[str]]
"""Returns the jobs whose files a job reads, by name."""


def makers(files: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return the job that makes each file, of the files of each job."""
    return {file: job for job, made in files.items() for file in made}


def all_above(job: str, upstream: Upstream) -> set[str]:
    """Return the jobs that a job follows from, near and far, and itself."""
    found: set[str] = set()
    waiting = [job]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += upstream(name)
    return found


def chains(job: str, upstream: Upstream) -> list[list[str]]:
    """Return the shortest way from a job up to each that follows from no other.

    Parameters
    ----------
    job : str
        Where the ways begin; no part of them.
    upstream : callable
        As :data:`Upstream`; without circles.

    Returns
    -------
    list of list of str
        The nearest job first in each, the shortest first; none where the job itself
        follows from no other.
    """
    ways: dict[str, list[str]] = {job: []}
    waiting = [job]
    found = []
    for name in waiting:  # which grows
        above = sorted(upstream(name))
        if not above and name != job:
            found.append(ways[name])
        for upstream_job in above:
            if upstream_job not in ways:
                ways[upstream_job] = [*ways[name], upstream_job]
                waiting.append(upstream_job)
    return found
