"""What records and ledger say, put into Snakemake's plan of a run before it is made.

Snakemake plans by times and by its own memory. Here jobs are added to what it is forced
to make: those whose records say otherwise than the rules, whose outputs are not what
they wrote, and those that a limited run would pass over. A dry run, and all that only
looks at the plan, writes nothing.
"""

import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from snakemake.io import Mtime

from alsdecline.jobs.held_results import (
    Altered,
    altered_results,
    last_events,
    left_over,
    left_over_text,
    reasons_by_record,
    results_without_record,
    told_altered,
)
from alsdecline.jobs.ledger import read_ledger
from alsdecline.jobs.planned import PlannedJob, name_of, record_named
from alsdecline.jobs.planned_run import Limits, Named, jobs_of_run
from alsdecline.jobs.rerun import (
    absent_results,
    changed_jobs,
    jobs_not_made,
    jobs_of_other_inputs,
)
from alsdecline.jobs.result_times import (
    ahead_text,
    give_time,
    misdated_results,
    results_of_future,
)
from alsdecline.jobs.run_events import enter_what_was_left

CHECK = "check_output_mtime"
ALL = "all"
"""The rule that asks for all jobs."""


async def _no_check(*_: object) -> None: ...


def compare_no_times_of_outputs(dag: type) -> None:
    """Have Snakemake keep what a job made where an input is dated later than that.

    It takes this for the clocks of two machines in disagreement, and deletes what the
    job made. Where a raw file is dated in the future, no job that reads it could be
    done; and after a clock was set back, none that reads a result of before.

    Parameters
    ----------
    dag : type
        Snakemake's class of plans.
    """
    if not hasattr(dag, CHECK):
        raise AttributeError(f"this version of Snakemake has no {CHECK} of its plans")
    setattr(dag, CHECK, _no_check)


def _tell(text: str) -> None:
    """Tell people, however quiet Snakemake is, and not where a plan is printed."""
    print(text, file=sys.stderr, flush=True)


def limits_of(dag: Any) -> Limits:
    """Return what a person asks of a run, as Snakemake has it.

    A rule of another workflow that uses ours as a module may ask for any of our jobs.
    """
    names = {rule.name: name_of(rule) for rule in dag.rules if record_named(rule)}
    targets = {names.get(rule.name, ALL) for rule in dag.targetrules}

    def ours(rules: Iterable[str]) -> set[str]:
        return {names.get(name, name) for name in rules}

    return Limits(
        Named(targets, {*map(str, dag.targetfiles)}),
        Named(ours(dag.untilrules), {*map(str, dag.untilfiles)}),
        Named(ours(dag.omitrules), {*map(str, dag.omitfiles)}),
        ours(dag.rules_allowed_for_needrun or ()),
    )


class RecordedPlan:
    """The plan of a run, as far as records and ledger decide it.

    Parameters
    ----------
    workflow : snakemake.workflow.Workflow
        About to plan.
    jobs : sequence of PlannedJob
        All jobs as the rules have them.
    configuration : object
        The trial's whole configuration, as JSON has it.

    Attributes
    ----------
    reasons : dict of str to list of str
        Why jobs run, by their records.
    """

    def __init__(
        self, workflow: Any, jobs: Sequence[PlannedJob], configuration: Any
    ) -> None:
        self.reasons: dict[str, list[str]] = {}
        self._workflow = workflow
        self._jobs = jobs
        self._configuration = configuration
        # without an executor the plan is drawn, summed up or looked into
        self._plans_a_run = workflow.executor_plugin is not None
        self._writes = self._plans_a_run and not workflow.dryrun

    def _ask_for(self, reasons: Mapping[str, Sequence[str]]) -> None:
        """Have jobs redone, and told why."""
        for record, more in reasons.items():
            known = self.reasons.setdefault(record, [])
            known += [reason for reason in more if reason not in known]
        self._workflow.dag.forcefiles.update(reasons)

    def ask(self) -> None:
        """Have what the records say redone, or stand, before any job is planned.

        Raises
        ------
        SystemExit
            With status 1 where a limited run would leave altered results.
        """
        if self._writes:
            enter_what_was_left()
        chain = read_ledger(Path())
        events = last_events(Path(), chain)
        if rest := left_over(self._jobs, chain):
            _tell(left_over_text(rest))
        limits = limits_of(self._workflow.dag)
        altered = altered_results(self._jobs, events)
        unheld = results_without_record(self._jobs)
        # a limited run reads the latter only where it may not make them
        self._tell_or_refuse([*altered, *(unheld if limits.allowed else [])], limits)
        self._ask_for(reasons_by_record([*altered, *unheld]))
        self._ask_for(changed_jobs(self._jobs, self._configuration))
        if limits.partial:
            # Snakemake takes what lies before the limit for made where nothing reads it
            self._ask_for(jobs_not_made(self._jobs, events))
        if ahead := results_of_future(self._jobs, time.time_ns()):
            _tell(ahead_text(ahead))
        self._renew()

    def _tell_or_refuse(self, altered: Sequence[Altered], limits: Limits) -> None:
        if not altered:
            return
        text, left = told_altered(altered, jobs_of_run(self._jobs, limits, ALL))
        _tell(text)
        if left and self._plans_a_run:
            raise SystemExit(1)

    def ask_again(self) -> None:
        """Do so again once ingest has made its outputs anew, or needs not."""
        events = last_events(Path(), read_ledger(Path()))
        altered = altered_results(self._jobs, events)
        made_again = {one.file for one in altered}
        self._ask_for(jobs_of_other_inputs(self._jobs, made_again))
        self._renew()

    def _renew(self) -> None:
        """Give results whose times mislead the present one; pretend so in a dry run."""
        now = time.time_ns()
        files = misdated_results(self._jobs, now)
        if self._writes:
            give_time(files, now)
            return
        moment = Mtime(local=now / 1e9)
        self._workflow.iocache.mtime.update(dict.fromkeys(files, moment))

    def reasons_now(self) -> dict[str, list[str]]:
        """Return why jobs run, as far as it is known before, by their records."""
        gone = absent_results(self._jobs)
        return {
            record: list(
                dict.fromkeys([*self.reasons.get(record, []), *gone.get(record, [])])
            )
            for record in {**self.reasons, **gone}
        }
