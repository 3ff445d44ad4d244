"""The jobs that the workflow plans, without Snakemake's own memory of what it did.

Each planned job is known by the record that it declares. What it would depend on
now, compared with what its record says, tells whether the record still holds.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from alsdecline.digests import canonical_json, read_code_param, read_spec
from alsdecline.jobs.installed import installed_versions
from alsdecline.jobs.records import FOLDER, Record


@dataclasses.dataclass(frozen=True)
class PlannedJob:
    """A job as the rules have it now.

    Attributes
    ----------
    name : str
        The rule, and the values of its wildcards behind slashes.
    record : str
        Path of its record, from the trial's folder.
    script : str
        Path of its script as the rule names it.
    params : dict of str to str
        ``code``, ``env`` and, where it has them, ``spec`` and ``raw``.
    inputs, outputs : list of str
        Paths from the trial's folder; outputs without the record.
    benchmark : str
        Path of its times, which Snakemake counts among the outputs.
    installed : mapping of str to str
        Versions of all packages that the lock pins, as they are installed.
    """

    name: str
    record: str
    script: str
    params: dict[str, str]
    inputs: list[str]
    outputs: list[str]
    benchmark: str
    installed: Mapping[str, str] = dataclasses.field(default_factory=dict)


def job_name(record: str) -> str:
    """Return the name of the job that a record is of, from the record's path."""
    return record.removeprefix(f"{FOLDER}/").removesuffix(".json")


def record_named(rule: Any) -> str:
    """Return the record that a rule declares, with wildcards; empty if it has none.

    Another workflow that uses ours as a module has rules without.

    Parameters
    ----------
    rule : snakemake.rules.Rule
        As ``workflow.rules`` has it.
    """
    declared = str(rule.output.get("record", ""))
    return declared if declared.startswith(f"{FOLDER}/") else ""


def name_of(rule: Any) -> str:
    """Return the name that a rule has in our own files, whatever a module calls it.

    Parameters
    ----------
    rule : snakemake.rules.Rule
        As ``workflow.rules`` has it.
    """
    record = record_named(rule)
    return job_name(record).partition("/")[0] if record else str(rule.name)


def _files(value: Any, wildcards: Mapping[str, str]) -> list[str]:
    """Return the paths of an input as a rule has it."""
    # in rules/common.smk, functions that wait for ingest have the paths beside them
    paths = getattr(value, "paths", None)
    if paths is None:
        return [str(value.apply_wildcards(wildcards))]
    return [str(path).format(**wildcards) for path in paths]


def _planned(rule: Any, record: str) -> PlannedJob:
    found = rule.output.record.match(record)
    # a wildcard that names itself in another pattern too is one group all the same
    wildcards = {name: found[name] for name in found.re.groupindex}
    values = {
        name: value(SimpleNamespace(**wildcards)) if callable(value) else value
        for name, value in rule.params.items()
    }
    outputs = [str(file.apply_wildcards(wildcards)) for file in rule.output]
    return PlannedJob(
        name=job_name(record),
        record=record,
        script=str(rule.script),
        params={k: v for k, v in values.items() if isinstance(v, str)},
        inputs=sorted({f for i in rule.input for f in _files(i, wildcards)}),
        outputs=sorted(set(outputs) - {record}),
        benchmark=str(rule.benchmark.apply_wildcards(wildcards)),
        installed=installed_versions(),
    )


def planned_jobs(rules: Iterable[Any], records: Iterable[str]) -> list[PlannedJob]:
    """Return the jobs of the workflow.

    Parameters
    ----------
    rules : iterable of snakemake.rules.Rule
        As ``workflow.rules`` has them.
    records : iterable of str
        Paths of the records that all jobs of the trial write.

    Returns
    -------
    list of PlannedJob
        In the order of the records.
    """
    by_name = {name_of(rule): rule for rule in rules if record_named(rule)}
    return [_planned(by_name[job_name(r).split("/")[0]], r) for r in records]


def changed_dependencies(job: PlannedJob, record: Record) -> list[str]:
    """Name what a job would depend on now otherwise than its record says.

    Parameters
    ----------
    job : PlannedJob
        As the rules have it.
    record : Record
        Its record.

    Returns
    -------
    list of str
        Of ``code``, ``settings``, ``raw``, ``environment`` (the lock), ``installed``,
        ``inputs`` and ``outputs``; empty where the record holds.
    """
    settings = read_spec(job.params["spec"]) if "spec" in job.params else None
    now = {
        "code": read_code_param(job.params["code"])[0],
        "settings": canonical_json(settings),
        "raw": job.params.get("raw"),
        "environment": job.params["env"],
        "installed": job.installed,
        "inputs": job.inputs,
        "outputs": job.outputs,
    }
    then = {
        "code": record["code"]["digest"],
        "settings": canonical_json(record["settings"]),
        "raw": record["raw"],
        "environment": record["environment"],
        "installed": record.get("installed", {}),
        "inputs": sorted(record["inputs"]),
        "outputs": sorted(record["outputs"]),
    }
    return [name for name in now if now[name] != then[name]]
