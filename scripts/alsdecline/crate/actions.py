"""What ran, as an RO-Crate tells it: tools, steps, and an action for each job."""

import functools
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from urllib.parse import quote

from alsdecline.crate.files import Entity, id_of_file, references
from alsdecline.digests import spec_digest
from alsdecline.jobs.records import CodeDigest, Record

COMPLETED = "http://schema.org/CompletedActionStatus"

DEPENDENCIES = {
    "code": "what the script and all that it imports from the library mean: SHA-256 "
    "over their syntax trees and over the bytes of its templates",
    "settings": "SHA-256 of the canonical JSON of the settings used",
    "raw": "SHA-256 over the names and hashes of the raw files",
    "environment": "SHA-256 over the hash of the lock of all packages",
}
"""What a job depends on beside its inputs, and which digest stands for it."""


def dependency(kind: str, digest: str) -> Entity:
    """Describe the digest of what a job depends on, one of :data:`DEPENDENCIES`."""
    return {
        "@id": f"#{kind}-{digest}",
        "@type": "PropertyValue",
        "name": kind,
        "value": digest,
        "description": DEPENDENCIES[kind],
    }


def _dependencies(record: Record) -> list[Entity]:
    digests = {
        "code": record["code"]["digest"],
        "settings": None
        if record["settings"] is None
        else spec_digest(record["settings"]),
        "raw": record["raw"],
        "environment": record["environment"],
    }
    return [
        dependency(kind, digest.rpartition(":")[2])
        for kind, digest in digests.items()
        if digest is not None
    ]


def _code(path: str, digest: CodeDigest) -> Entity:
    return {
        "@id": f"#{path}/{digest['sha256']}",
        "@type": "SoftwareSourceCode",
        "name": path,
        "sha256": digest["sha256"],
    }


def _software(name: str, version: str) -> Entity:
    return {
        "@id": f"#software/{name}/{version}",
        "@type": "SoftwareApplication",
        "name": name,
        "softwareVersion": version,
    }


def _script(record: Record) -> str:
    """Return the script that a job ran: the only code beside the library's folder."""
    (script,) = (
        path
        for path in record["code"]["files"]
        if PurePath(path).parent == PurePath("scripts")
    )
    return str(script)


def _id_of_tool(record: Record) -> str:
    """Identify a script together with the bytes of all that it used as code."""
    return f"#tool/{_script(record)}/{spec_digest(record['code']['files'])}"


def _id_of_step(record: Record) -> str:
    return f"#step/{record['rule']}"


def id_of_action(record: Record) -> str:
    """Identify the action of a job."""
    return f"#job/{quote(record['job'])}"


def engines(records: Iterable[Record]) -> list[Entity]:
    """Describe the Snakemake that ran the jobs, in every version that did."""
    versions = {record["versions"]["snakemake"] for record in records}
    return [_software("snakemake", version) for version in sorted(versions)]


def tools(records: Iterable[Record]) -> list[Entity]:
    """Describe the scripts that jobs ran.

    Parameters
    ----------
    records : iterable of Record
        Of jobs.

    Returns
    -------
    list of dict
        A `SoftwareApplication` for each script and state of its code.
    """
    found: dict[str, Entity] = {}
    required: dict[str, set[str]] = {}
    for record in records:
        name = _id_of_tool(record)
        found[name] = {
            "@id": name,
            "@type": "SoftwareApplication",
            "name": _script(record),
            "hasPart": references(
                _code(*item)["@id"] for item in record["code"]["files"].items()
            ),
        }
        required.setdefault(name, set()).update(
            _software(*item)["@id"] for item in record["versions"].items()
        )
    return [
        tool | {"softwareRequirements": references(required[name])}
        for name, tool in found.items()
    ]


def parts_of_tools(records: Iterable[Record]) -> list[Entity]:
    """Describe files of code, and the software that jobs ran with, by its version."""
    return [
        entity
        for record in records
        for entity in [
            *(_code(*item) for item in record["code"]["files"].items()),
            *(_software(*item) for item in record["versions"].items()),
        ]
    ]


def _depths(records: Mapping[str, Record]) -> dict[str, int]:
    """Count the jobs on the longest way from the raw files to each job."""
    by_job = {record["job"]: record for record in records.values()}
    makers = {path: record["job"] for path, record in records.items()}
    for job, record in by_job.items():
        makers |= dict.fromkeys(record["outputs"], job)

    @functools.cache
    def depth(job: str) -> int:
        before = {makers[file] for file in by_job[job]["inputs"] if file in makers}
        return 1 + max(map(depth, before), default=0)

    return {job: depth(job) for job in by_job}


def steps(records: Mapping[str, Record]) -> list[Entity]:
    """Describe the rules as steps, each behind those that it takes its inputs from.

    Parameters
    ----------
    records : mapping
        Records of jobs, by the path of each.

    Returns
    -------
    list of dict
        `HowToStep` with its position from 1 and the tools of its jobs.
    """
    depths = _depths(records)
    of_rules: dict[str, list[Record]] = {}
    for record in records.values():
        of_rules.setdefault(record["rule"], []).append(record)
    order = sorted(
        of_rules, key=lambda rule: (max(depths[r["job"]] for r in of_rules[rule]), rule)
    )
    return [
        {
            "@id": _id_of_step(of_rules[rule][0]),
            "@type": "HowToStep",
            "name": rule,
            "position": str(position),
            "workExample": references(map(_id_of_tool, of_rules[rule])),
        }
        for position, rule in enumerate(order, start=1)
    ]


def job_entities(record: Record) -> list[Entity]:
    """Describe a job: its action, the control of it, and what it depended on.

    Parameters
    ----------
    record : Record
        Of the job.

    Returns
    -------
    list of dict
        The `CreateAction` first, then its `ControlAction`, then property values.
    """
    depended = _dependencies(record)
    used = [id_of_file(*item) for item in record["inputs"].items()]
    action = {
        "@id": id_of_action(record),
        "@type": "CreateAction",
        "name": record["job"],
        "actionStatus": COMPLETED,
        "instrument": {"@id": _id_of_tool(record)},
        "object": references([*used, *(entity["@id"] for entity in depended)]),
        "result": references(id_of_file(*item) for item in record["outputs"].items()),
    }
    control = {
        "@id": f"#control/{quote(record['job'])}",
        "@type": "ControlAction",
        "name": f"orchestrate {record['job']}",
        "instrument": {"@id": _id_of_step(record)},
        "object": {"@id": action["@id"]},
    }
    return [action, control, *depended]
