"""Which jobs a run may do: of its targets, and the limits that a person sets to it.

Snakemake decides which of these must run. It leaves out what others need where it is
told to (`--until`, `--omit-from`, `--allowed-rules`).
"""

import dataclasses
from collections.abc import Collection, Iterable

from alsdecline.jobs.planned import PlannedJob
from alsdecline.jobs.upstream import all_above, makers


@dataclasses.dataclass(frozen=True)
class Named:
    """Jobs as a command line names them.

    Attributes
    ----------
    rules, files : collection of str
        Names of rules, and paths from the trial's folder.
    """

    rules: Collection[str] = ()
    files: Collection[str] = ()

    def __bool__(self) -> bool:
        """Tell whether any is named."""
        return bool(self.rules or self.files)

    def has(self, job: PlannedJob) -> bool:
        """Tell whether a job is named."""
        return rule_of(job) in self.rules or any(
            file in self.files for file in (*job.outputs, job.record, job.benchmark)
        )


@dataclasses.dataclass(frozen=True)
class Limits:
    """What a person asks of a run.

    Attributes
    ----------
    targets, until, omitted : Named
        What is to be made, where to stop, and from where to leave out.
    allowed : collection of str
        Rules that alone may run; all if there is none.
    """

    targets: Named
    until: Named = Named()
    omitted: Named = Named()
    allowed: Collection[str] = ()

    @property
    def partial(self) -> bool:
        """Whether the run stops before its targets."""
        return bool(self.until or self.omitted)


def rule_of(job: PlannedJob) -> str:
    """Return the rule of a job."""
    return job.name.partition("/")[0]


def jobs_of_run(jobs: Iterable[PlannedJob], limits: Limits, all_rule: str) -> set[str]:
    """Return the jobs that a run may do.

    Parameters
    ----------
    jobs : iterable of PlannedJob
        Of the trial.
    limits : Limits
        What is asked for.
    all_rule : str
        The rule that has no job of its own and asks for all of them.

    Returns
    -------
    set of str
        Names.
    """
    by_name = {job.name: job for job in jobs}
    made_by = makers({n: [*j.outputs, j.record] for n, j in by_name.items()})

    def above(name: str) -> set[str]:
        return {made_by[file] for file in by_name[name].inputs if file in made_by}

    def with_above(names: Iterable[str]) -> set[str]:
        return {found for name in names for found in all_above(name, above)}

    everything = all_rule in limits.targets.rules
    found = with_above(
        name for name, job in by_name.items() if everything or limits.targets.has(job)
    )
    # all has no file; to stop there, or to leave it out, is to leave out nothing here
    if limits.until and all_rule not in limits.until.rules:
        found = with_above(name for name in found if limits.until.has(by_name[name]))
    omitted = {name for name in found if limits.omitted.has(by_name[name])}
    found = {n for n in found if omitted.isdisjoint(all_above(n, above))}
    if limits.allowed:
        found = {n for n in found if rule_of(by_name[n]) in limits.allowed}
    return found
