"""The RO-Crate of a run: what it says is what was recorded, and what is on disk."""

import hashlib
import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from alsdecline.crate.metadata import ro_crate
from alsdecline.digests import sha256_of_file
from alsdecline.faults import DataError
from alsdecline.jobs.records import read_record
from alsdecline.settings.file import read_settings
from support.crate_validation import PROFILES, validate

CRATE = "results/ro-crate-metadata.json"
SPECIFICATION = "https://w3id.org/ro/crate/1.1"
RAW = [
    f"data/{name}.csv"
    for name in ("subjects", "visits", "exposure", "events", "adverse_events")
] + ["data/design/coverage.csv"]
# about the run as a whole, or with times in them
NOT_IN_IT = {CRATE, "results/records/crate.json"}
TIMED = ("results/ledger/", "results/logs/", "results/benchmarks/")


def _graph(folder: Path) -> dict[str, dict[str, Any]]:
    nodes = json.loads((folder / CRATE).read_text("utf-8"))["@graph"]
    assert len({node["@id"] for node in nodes}) == len(nodes)
    return {node["@id"]: node for node in nodes}


def _referred(value: Any) -> Iterator[str]:
    """Yield what a property refers to, however deep."""
    if isinstance(value, list):
        for part in value:
            yield from _referred(part)
    elif isinstance(value, dict):
        yield value["@id"]


def _records(folder: Path) -> dict[str, dict[str, Any]]:
    paths = sorted((folder / "results/records").rglob("*.json"))
    found = {path.relative_to(folder).as_posix(): read_record(path) for path in paths}
    return {path: r for path, r in found.items() if path not in NOT_IN_IT}


def test_the_crate_meets_every_requirement_of_its_profiles(
    brief_once: Path, reference: Path, tmp_path: Path
) -> None:
    judged = validate(brief_once / "results", reference, tmp_path, *PROFILES)
    assert judged.returncode == 0, judged.stdout + judged.stderr
    assert judged.stdout.count("0 issues, passed: True") == len(PROFILES)


@pytest.mark.slow
def test_the_validator_names_each_required_property_that_a_crate_lacks(
    brief_once: Path, reference: Path, tmp_path: Path
) -> None:
    required = {
        "Dataset": "license",
        "OrganizeAction": "result",
        "HowToStep": "workExample",
    }
    analysed = Path(shutil.copytree(brief_once, tmp_path / "trial"))
    document = json.loads((analysed / CRATE).read_text("utf-8"))
    for kind, property_ in required.items():
        for node in document["@graph"]:
            if node["@type"] == kind:
                del node[property_]
    (analysed / CRATE).write_text(json.dumps(document), "utf-8")
    judged = validate(analysed / "results", reference, tmp_path, PROFILES[-1])
    assert judged.returncode == 1
    assert [name for name in required.values() if name not in judged.stdout] == []
    assert "Traceback" not in judged.stderr


def test_every_reference_resolves_and_nothing_stands_alone(brief_once: Path) -> None:
    graph = _graph(brief_once)
    referred = {
        name for node in graph.values() for v in node.values() for name in _referred(v)
    }
    assert referred - graph.keys() == {SPECIFICATION}
    assert graph.keys() - referred == {"ro-crate-metadata.json"}


def test_every_file_of_results_is_in_it_with_its_hash(brief_once: Path) -> None:
    graph = _graph(brief_once)
    described = {
        f"results/{name}": node
        for name, node in graph.items()
        if "File" in node["@type"] and not name.startswith("#")
    }
    there = {
        path.relative_to(brief_once).as_posix()
        for path in (brief_once / "results").rglob("*")
        if path.is_file()
    }
    expected = {name for name in there - NOT_IN_IT if not name.startswith(TIMED)}
    assert described.keys() == expected
    assert {part["@id"] for part in graph["./"]["hasPart"]} == {
        name.removeprefix("results/") for name in described
    }
    for name, node in described.items():
        content = (brief_once / name).read_bytes()
        assert node["sha256"] == hashlib.sha256(content).hexdigest(), name
        assert node["contentSize"] == str(len(content)), name


def test_raw_files_are_in_it_by_hash_and_without_their_names(
    brief_once: Path,
) -> None:
    graph = _graph(brief_once)
    told = {n["sha256"] for i, n in graph.items() if i.startswith("#sha256-")}
    raw = [brief_once / file for file in RAW]
    text = (brief_once / CRATE).read_text("utf-8")
    assert told == {hashlib.sha256(path.read_bytes()).hexdigest() for path in raw}
    assert not [file for file in RAW if file in text]
    assert str(brief_once) not in text


def test_inputs_and_outputs_of_every_job_are_those_of_its_record(
    brief_once: Path,
) -> None:
    graph = _graph(brief_once)

    def hashes(action: dict[str, Any], key: str) -> set[str]:
        nodes = [graph[name] for name in _referred(action[key])]
        return {node["sha256"] for node in nodes if node["@type"] == "File"}

    records = _records(brief_once)
    jobs = {name for name in graph if name.startswith("#job/")}
    assert jobs == {f"#job/{record['job']}" for record in records.values()}
    for record in records.values():
        action = graph[f"#job/{record['job']}"]
        assert hashes(action, "object") == {
            d["sha256"] for d in record["inputs"].values()
        }
        assert hashes(action, "result") == {
            d["sha256"] for d in record["outputs"].values()
        }


def _document(folder: Path, records: dict[str, dict[str, Any]]) -> dict[str, Any]:
    copies = sorted((folder / "results/workflow").rglob("*"))
    workflow = {
        path.relative_to(folder).as_posix(): {"sha256": "0", "size": 1}
        for path in copies
        if path.is_file()
    }
    digests = {
        path: {"sha256": sha256_of_file(folder / path), "size": 1} for path in records
    }
    return ro_crate(records, digests, workflow, read_settings(folder / "config.yaml"))


def test_the_order_of_records_does_not_matter(brief_once: Path) -> None:
    records = _records(brief_once)
    shuffled = list(records.items())
    random.Random(1).shuffle(shuffled)
    assert [path for path, _ in shuffled] != list(records)
    once, again = (
        json.dumps(_document(brief_once, r)) for r in (records, dict(shuffled))
    )
    assert once == again


def test_records_that_disagree_on_a_file_are_refused(brief_once: Path) -> None:
    records = _records(brief_once)
    record = records["results/records/gate.json"]
    record["inputs"]["results/diagnostics/fits.csv"]["sha256"] = "0" * 64
    with pytest.raises(
        DataError, match=r"fits\.csv: diagnose wrote .* gate read .* delete"
    ):
        _document(brief_once, records)
