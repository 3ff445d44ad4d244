"""The workflow in an RO-Crate: its files, parameters, and its run as a whole."""

from collections.abc import Iterable, Mapping

from alsdecline.crate.actions import (
    COMPLETED,
    dependency,
    engines,
    steps,
    tools,
)
from alsdecline.crate.files import (
    ROOT,
    Entity,
    file_in_crate,
    id_of_file,
    references,
)
from alsdecline.jobs.records import FileDigest, Record
from alsdecline.jobs.workflow_files import MAIN

FOLDER = f"{ROOT}workflow"
MAIN_COPY = f"{FOLDER}/{MAIN}"
MAIN_ID = MAIN_COPY.removeprefix(ROOT)
RUN = "#run"
ORCHESTRATION = "#orchestration"
LANGUAGE: Entity = {
    "@id": "https://w3id.org/workflowhub/workflow-ro-crate#snakemake",
    "@type": "ComputerLanguage",
    "name": "Snakemake",
    "url": "https://snakemake.readthedocs.io",
}


def _ids(entities: Iterable[Entity]) -> list[str]:
    return [entity["@id"] for entity in entities]


def _parameter(name: str, title: str, kind: str, examples: Iterable[str]) -> Entity:
    return {
        "@id": name,
        "@type": "FormalParameter",
        "name": title,
        "additionalType": kind,
        "workExample": references(examples),
    }


def input_parameters(
    settings_digest: str, raw: Iterable[Entity], others: Iterable[Entity]
) -> list[Entity]:
    """Describe what the workflow takes, with what it took in this run.

    Parameters
    ----------
    settings_digest : str
        SHA-256 of all settings.
    raw, others : iterable of dict
        Entities of the raw files, and of other files from outside of the crate.

    Returns
    -------
    list of dict
        `FormalParameter`; none without an example.
    """
    settings = dependency("settings", settings_digest)["@id"]
    parameters = [
        _parameter("#input/raw", "raw data", "File", _ids(raw)),
        _parameter("#input/settings", "settings", "PropertyValue", [settings]),
        _parameter("#input/other", "what was kept of before", "File", _ids(others)),
    ]
    return [parameter for parameter in parameters if parameter["workExample"]]


def output_parameters(records: Iterable[Record]) -> list[Entity]:
    """Describe what the workflow makes: a `FormalParameter` for each rule."""
    made: dict[str, list[str]] = {}
    for record in records:
        files = [id_of_file(*item) for item in record["outputs"].items()]
        made.setdefault(record["rule"], []).extend(files)
    return [
        _parameter(f"#output/{rule}", f"results of {rule}", "File", files)
        for rule, files in sorted(made.items())
    ]


def with_parameters(
    entities: Iterable[Entity], parameters: Iterable[Entity]
) -> list[Entity]:
    """Let the examples of formal parameters refer to these, as these do to them."""
    of_examples: dict[str, list[str]] = {}
    for parameter in parameters:
        for example in parameter["workExample"]:
            of_examples.setdefault(example["@id"], []).append(parameter["@id"])
    return [
        entity | {"exampleOfWork": references(of_examples[entity["@id"]])}
        if entity["@id"] in of_examples
        else entity
        for entity in entities
    ]


def workflow_entities(
    copies: Mapping[str, FileDigest],
    records: Mapping[str, Record],
    inputs: Iterable[Entity],
    outputs: Iterable[Entity],
) -> list[Entity]:
    """Describe the Snakefile, the files of rules that it includes, steps and tools.

    Parameters
    ----------
    copies : mapping
        SHA-256 and size of the workflow's files in the crate, by path from the
        trial's folder.
    records : mapping
        Records of jobs, by the path of each.
    inputs, outputs : iterable of dict
        The workflow's parameters.

    Returns
    -------
    list of dict
        The Snakefile first.
    """
    ran, rules = tools(records.values()), steps(records)
    language = {"programmingLanguage": {"@id": LANGUAGE["@id"]}}
    main = file_in_crate(MAIN_COPY, copies[MAIN_COPY]) | {
        "@type": ["File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"],
        "hasPart": references(_ids(ran)),
        "step": references(_ids(rules)),
        "input": references(_ids(inputs)),
        "output": references(_ids(outputs)),
    }
    included = [
        file_in_crate(path, digest)
        | {
            "@type": ["File", "SoftwareSourceCode"],
            "isPartOf": {"@id": MAIN_ID},
        }
        for path, digest in copies.items()
        if path != MAIN_COPY
    ]
    return [*(e | language for e in [main, *included]), LANGUAGE, *ran, *rules]


def run_entities(
    trial: str,
    records: Iterable[Record],
    controls: Iterable[Entity],
    inputs: Iterable[Entity],
) -> list[Entity]:
    """Describe the run of the workflow, and its orchestration by the engine.

    Parameters
    ----------
    trial : str
        Identifier of the trial.
    records : iterable of Record
        Of jobs.
    controls : iterable of dict
        The jobs' `ControlAction`.
    inputs : iterable of dict
        The workflow's parameters.

    Returns
    -------
    list of dict
        A `CreateAction`, an `OrganizeAction`, and the engine.
    """
    records = list(records)
    engine = engines(records)
    run = {
        "@id": RUN,
        "@type": "CreateAction",
        "name": f"analysis of {trial}",
        "actionStatus": COMPLETED,
        "instrument": {"@id": MAIN_ID},
        "object": references(
            example["@id"]
            for parameter in inputs
            for example in parameter["workExample"]
        ),
        "result": references(
            id_of_file(*item)
            for record in records
            for item in record["outputs"].items()
        ),
    }
    organized = {
        "@id": ORCHESTRATION,
        "@type": "OrganizeAction",
        "name": f"orchestration of the analysis of {trial}",
        "instrument": references(_ids(engine)),
        "object": references(_ids(controls)),
        "result": {"@id": RUN},
    }
    return [run, organized, *engine]
