"""Forged records, ledger, head, releases and links, that agree with one another.

What is forged is a JSON text: records by their path, events, the manifest of a
release, and links by their place. :func:`lay` puts it into a trial's folder with all
digests that would be held to it, so that only what it says can be refused.
"""

import contextlib
import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from spoilt_content import Draw, changed_at, places_of, spoilt_value

from alsdecline.audit.releases import MANIFEST, RELEASES, digest_of
from alsdecline.jobs.ledger import BEGINNING, HEAD, LEDGER
from alsdecline.stable_files import json_text

FORGED = "forged.json"
OUTSIDE = Path("../outside")
VICTIM = OUTSIDE / "victim.json"
"""What nobody may change; a name that begins with @ stands for its absolute path."""

NAMES = [
    *("../outside/victim.json", "results/../../outside/victim.json", "@", "//etc/x"),
    *("results/tables/../../../outside/victim.json", "results/out/victim.json"),
    *("results/records/out/victim.json", "./results/tables/rate_of_decline.csv"),
    *("", ".", "..", "/", "results", "results/", "results/.", "results/ledger"),
    *("results/ledger/ledger.jsonl", "config.yaml", "data/visits.csv", "\0", "a\nb"),
    *("results/\x1b[31m", "results/\u202e", "~/x", "releases", "x" * 300, "x/" * 5000),
    *("results/a\\..\\b", "results/fits/*", "results/\udcff", "C:\\x", "file:///etc/x"),
]
"""Names that records and ledgers have not."""

PLACES = [
    *("results", "results/out", "results/records", "results/records/out"),
    *("results/records/x.json", "results/records/report.json", "results/ledger"),
    *("results/ledger/ledger.jsonl", "results/ledger/head.json", "releases"),
    *("results/ledger/events", "results/ledger/events/x.json", "results/tables"),
    *("results/tables/rate_of_decline.csv", "results/tables/x.csv", "config.yaml"),
    *("analysis_plan.lock.json", "releases/.partial", "data/visits.csv", "data"),
    *(".snakemake", ".snakemake/locks", "results/logs", "results/data/adsl.parquet"),
    *("releases/0000000000000000", "results/benchmarks/report.tsv"),
]
"""Where links and the like are put."""

LEADS = ["outside", "victim", "nowhere", "itself", "pipe", "folder", "file"]


def _is_name(at: tuple[Any, ...]) -> bool:
    """Tell whether a place of what is forged has a name of a file, as its last key."""
    return bool(at) and isinstance(at[-1], str) and ("/" in at[-1] or "." in at[-1])


@st.composite
def forged(draw: Draw, content: bytes) -> bytes:
    """Forge some of a trial, and choose what is asked of it."""
    value = json.loads(content)
    for _ in range(draw(st.integers(1, 3))):
        how = draw(st.integers(0, 3))
        if how == 0:
            part = draw(st.sampled_from(["records", "events", "manifest"]))
            value[part] = draw(spoilt_value(value[part]))
        elif how == 1:
            place = draw(st.sampled_from(PLACES))
            value["links"][place] = draw(st.sampled_from(LEADS))
        else:
            names = [at for at in places_of(value) if len(at) > 2 and _is_name(at)]
            if not names:
                continue
            *above, key = draw(st.sampled_from(names))
            name = draw(st.sampled_from(NAMES))

            def renamed(
                part: dict[str, Any], key: str = key, name: str = name
            ) -> dict[str, Any]:
                return {name if k == key else k: v for k, v in part.items()}

            value = changed_at(value, tuple(above), renamed)
    value["verb"] = draw(st.integers(0, 1000))
    return json.dumps(value).encode()


def as_bytes(value: Any) -> bytes:
    """Write a record or an event, as the ledger has it where that can be."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    text = text.replace('"@"', json.dumps(str(VICTIM.resolve())))
    return text.encode("utf-8", "backslashreplace")


def _lay_ledger(events: Any, records: dict[str, str]) -> None:
    """Write a ledger that holds, whatever its events are, and its head."""
    lines, previous = [], BEGINNING
    for number, event in enumerate(events if isinstance(events, list) else [events], 1):
        if isinstance(event, dict):
            of_record = event.get("record")
            if isinstance(of_record, dict):
                held = {n: records.get(n, digest) for n, digest in of_record.items()}
                event |= {"record": held}
            event |= {"line": number, "previous": previous}
        lines.append(as_bytes(event))
        previous = hashlib.sha256(lines[-1]).hexdigest()
    LEDGER.write_bytes(b"".join(line + b"\n" for line in lines))
    head = json_text({"lines": len(lines), "sha256": previous})
    HEAD.write_text(head, encoding="utf-8")


def _lay_manifest(manifest: Any) -> None:
    """Write a manifest, with its digest and name of the folder where that can be."""
    (release,) = RELEASES.iterdir()
    with contextlib.suppress(Exception):  # as it is, where it has no digest
        manifest["digest"] = digest_of(manifest["files"], manifest["raw"])
        release = release.rename(RELEASES / manifest["digest"][:16])
    (release / MANIFEST).write_bytes(as_bytes(manifest))


def _lay_link(place: Path, leads: str) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    match leads:
        case "pipe":
            os.mkfifo(place)
        case "folder":
            place.mkdir()
        case "file":
            place.write_bytes(b"{}\n")
        case _:
            ends = {"outside": OUTSIDE, "victim": VICTIM, "itself": place}
            place.symlink_to(Path.cwd() / ends.get(leads, Path("nowhere")))


def lay(content: bytes) -> None:
    """Put what is forged into the working folder."""
    value = json.loads(content)
    records = {}
    forged_records = value["records"] if isinstance(value["records"], dict) else {}
    for name, record in forged_records.items():
        path = Path(name)
        if path.is_file():  # of any other name is no job
            path.write_bytes(as_bytes(record))
            records[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    _lay_ledger(value["events"], records)
    _lay_manifest(value["manifest"])
    for place, leads in value["links"].items():
        with contextlib.suppress(OSError):  # where another link leads out already
            if Path(place).parent.resolve().is_relative_to(Path.cwd()):
                _lay_link(Path(place), leads)
