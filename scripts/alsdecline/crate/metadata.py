"""A run as a Workflow Run RO-Crate: Provenance Run Crate 0.5 on RO-Crate 1.1.

The profiles are those of Leo et al., "Recording provenance of workflow runs with
RO-Crate", PLoS ONE 2024;19(9):e0309210. All is told from the records of the jobs, so
that the same results give the same bytes; who ran what, where and when stands in the
ledger alone.
"""

import datetime
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

from alsdecline.crate.actions import (
    dependency,
    id_of_action,
    job_entities,
    parts_of_tools,
)
from alsdecline.crate.files import (
    ROOT,
    Entity,
    file_in_crate,
    files_by_hash,
    recorded_files,
    references,
)
from alsdecline.crate.workflow import (
    MAIN_ID,
    ORCHESTRATION,
    RUN,
    input_parameters,
    output_parameters,
    run_entities,
    with_parameters,
    workflow_entities,
)
from alsdecline.digests import spec_digest
from alsdecline.jobs.records import FileDigest, Record
from alsdecline.settings.data_planning import data_plan
from alsdecline.settings.raw_tables import raw_tables
from alsdecline.settings.trial import Settings

METADATA = "ro-crate-metadata.json"
SPECIFICATION = "https://w3id.org/ro/crate/1.1"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/workflow/0.5": ("Workflow Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/provenance/0.5": ("Provenance Run Crate", "0.5"),
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": ("Workflow RO-Crate", "1.0"),
}
CONTEXT = [
    f"{SPECIFICATION}/context",
    # the only term used that RO-Crate 1.1 does not define, as the profiles define it
    {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"},
]
RIGHTS = (
    "Not stated: this description grants no right of use. Who may use the files is for "
    "those responsible for the trial to say."
)


NO_DATE = datetime.date(1970, 1, 1)
"""A crate must have a date; that of a run is another one when it is made again."""


def _description(settings: Settings) -> str:
    kind = "synthetic" if settings.trial.data_kind == "synthetic" else "real"
    date = "is the cut-off date of the trial's data"
    if settings.data.cutoff is None:
        date = "stands for none, as the trial's data have no cut-off date: it is"
    return (
        f"Results of the analysis of {settings.trial.id}, and how each file was made. "
        f"The data are {kind}. datePublished {date}, "
        "not a date of the run or of a publication. Files outside of this folder, the "
        "raw data among them, are told by hash alone. Not in the crate: the record of "
        "the job that wrote it, and the ledger, logs and benchmarks, which tell who "
        "ran what, where and when."
    )


def _root(
    settings: Settings, parts: Iterable[str], actions: Iterable[str]
) -> list[Entity]:
    """Describe the metadata file, the crate, and the profiles that it conforms to."""
    descriptor = {
        "@id": METADATA,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": SPECIFICATION},
    }
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": settings.trial.title,
        "identifier": settings.trial.id,
        "description": _description(settings),
        "datePublished": (settings.data.cutoff or NO_DATE).isoformat(),
        "license": RIGHTS,
        "conformsTo": references(PROFILES),
        "mainEntity": {"@id": MAIN_ID},
        "hasPart": references(parts),
        "mentions": references(actions),
    }
    profiles = [
        {"@id": url, "@type": "CreativeWork", "name": name, "version": version}
        for url, (name, version) in PROFILES.items()
    ]
    return [descriptor, root, *profiles]


def _names_of_raw_files(settings: Settings) -> dict[str, str]:
    """Call raw files by what they hold."""
    tables: dict[str, list[str]] = {}
    for name, table in raw_tables(data_plan(settings)).items():
        tables.setdefault(table.file, []).append(name)
    names = {file: f"raw data: {', '.join(held)}" for file, held in tables.items()}
    if settings.data.decisions is not None:
        names[settings.data.decisions] = "decisions on the raw data"
    if settings.design is not None and settings.design.simulated is not None:
        names[settings.design.simulated] = "simulated trials of the design"
    return names


def _in_order(entities: Iterable[Entity]) -> list[Entity]:
    """Sort entities behind the descriptor and the root; what is told twice, once."""
    unique = {entity["@id"]: entity for entity in entities}
    first = [METADATA, "./"]
    return [unique[name] for name in [*first, *sorted(unique.keys() - set(first))]]


def ro_crate(
    records: Mapping[str, Record],
    record_digests: Mapping[str, FileDigest],
    workflow: Mapping[str, FileDigest],
    settings: Settings,
) -> dict[str, Any]:
    """Describe a run as an RO-Crate.

    Parameters
    ----------
    records : mapping
        Records of all jobs but that which writes the crate, by the path of each from
        the trial's folder.
    record_digests : mapping
        SHA-256 and size of the records' own files, by the same paths.
    workflow : mapping
        SHA-256 and size of the copies of the workflow's files, by path from the
        trial's folder; ``results/workflow/Snakefile`` is one of them.
    settings : Settings
        Of the trial.

    Returns
    -------
    dict
        The JSON-LD document ``ro-crate-metadata.json``.

    Raises
    ------
    DataError
        If jobs recorded different bytes of one file.
    """
    records = dict(sorted(records.items()))
    jobs = list(records.values())
    files = recorded_files(records, record_digests)
    names = _names_of_raw_files(settings)
    inside = {path: d for path, d in files.items() if path.startswith(ROOT)}
    outside = {path: d for path, d in files.items() if path not in inside}
    raw = files_by_hash({p: d for p, d in outside.items() if p in names}, names)
    other_files = {p: d for p, d in outside.items() if p not in names}
    others = files_by_hash(other_files, {p: PurePath(p).name for p in other_files})

    settings_digest = spec_digest(settings.model_dump(mode="json"))
    inputs = input_parameters(settings_digest, raw, others)
    outputs = output_parameters(jobs)
    of_jobs = [entity for record in jobs for entity in job_entities(record)]
    controls = [entity for entity in of_jobs if entity["@type"] == "ControlAction"]
    of_records = {
        path: {"about": {"@id": id_of_action(record)}}
        for path, record in records.items()
    }
    data = [file_in_crate(p, d) | of_records.get(p, {}) for p, d in inside.items()]
    parts = [file_in_crate(*item)["@id"] for item in (inside | dict(workflow)).items()]
    entities = with_parameters(
        [
            *_root(settings, parts, [RUN, ORCHESTRATION, *map(id_of_action, jobs)]),
            *workflow_entities(workflow, records, inputs, outputs),
            *run_entities(settings.trial.id, jobs, controls, inputs),
            *parts_of_tools(jobs),
            *of_jobs,
            dependency("settings", settings_digest),
            *raw,
            *others,
            *data,
        ],
        [*inputs, *outputs],
    )
    return {"@context": CONTEXT, "@graph": _in_order([*entities, *inputs, *outputs])}
