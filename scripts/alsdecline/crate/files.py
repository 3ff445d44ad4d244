"""Files in an RO-Crate: those of a run's results, and others by their hash alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from alsdecline.faults import DataError
from alsdecline.jobs.records import FileDigest, Record

ROOT = "results/"
"""The crate's root, from the trial's folder."""

Entity = dict[str, Any]

MEDIA_TYPES = {
    "": "text/plain",
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".gz": "application/gzip",
    ".html": "text/html",
    ".json": "application/json",
    ".ndjson": "application/x-ndjson",
    ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".smk": "text/plain",
    ".svg": "image/svg+xml",
    ".tsv": "text/tab-separated-values",
    ".txt": "text/plain",
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xpt": "application/x-sas-xport",
}
"""By suffix; any other file is a stream of bytes."""


def references(ids: Iterable[str]) -> list[dict[str, str]]:
    """Refer to entities, each once and sorted."""
    return [{"@id": name} for name in sorted(set(ids))]


def id_of_file(path: str, digest: FileDigest) -> str:
    """Identify a file: in the crate by its path, outside of it by its content alone.

    Parameters
    ----------
    path : str
        From the trial's folder.
    digest : FileDigest
        Of its bytes.

    Returns
    -------
    str
        A path from the crate's root, or ``#sha256-`` and 64 hexadecimal digits.
    """
    if path.startswith(ROOT):
        return quote(path.removeprefix(ROOT))
    return f"#sha256-{digest['sha256']}"


def recorded_files(
    records: Mapping[str, Record], record_digests: Mapping[str, FileDigest]
) -> dict[str, FileDigest]:
    """Gather every file that the records name, and the records themselves.

    Parameters
    ----------
    records : mapping
        Records of jobs, by the path of each from the trial's folder.
    record_digests : mapping
        SHA-256 and size of those files.

    Returns
    -------
    dict
        SHA-256 and size by path, sorted.

    Raises
    ------
    DataError
        If jobs recorded different bytes of one file; all such files are told.
    """
    # by file and hash: who told of it first
    seen: dict[str, dict[str, tuple[str, FileDigest]]] = defaultdict(dict)

    def see(files: Mapping[str, FileDigest], told_by: str) -> None:
        for path, digest in files.items():
            seen[path].setdefault(digest["sha256"], (told_by, digest))

    for _, record in sorted(records.items()):
        see(record["outputs"], f"{record['job']} wrote")
        see(record["inputs"], f"{record['job']} read")
    see(record_digests, "it now has")
    faults = [
        f"{path}: "
        + ", ".join(f"{who} sha256 {sha[:16]}..." for sha, (who, _) in found.items())
        + "; delete the file and run again, so that all jobs read the same"
        for path, found in sorted(seen.items())
        if len(found) > 1
    ]
    if faults:
        raise DataError("\n".join(faults))
    return {path: next(iter(seen[path].values()))[1] for path in sorted(seen)}


def _described(path: str, digest: FileDigest) -> Entity:
    suffix = PurePath(path).suffix.lower()
    return {
        "@id": id_of_file(path, digest),
        "@type": "File",
        "sha256": digest["sha256"],
        "contentSize": str(digest["size"]),
        "encodingFormat": MEDIA_TYPES.get(suffix, "application/octet-stream"),
    }


def file_in_crate(path: str, digest: FileDigest) -> Entity:
    """Describe a file below the crate's root."""
    return _described(path, digest) | {"name": path.removeprefix(ROOT)}


def files_by_hash(
    files: Mapping[str, FileDigest], names: Mapping[str, str]
) -> list[Entity]:
    """Describe files outside of the crate by hash, size and format.

    Parameters
    ----------
    files : mapping
        SHA-256 and size, by path from the trial's folder.
    names : mapping
        What to call each of them, for their own names and folders may be private.

    Returns
    -------
    list of dict
        Files with the same bytes are one entity, with all their names.
    """
    entities: dict[str, Entity] = {}
    called: dict[str, set[str]] = defaultdict(set)
    for path, digest in sorted(files.items()):
        entity = _described(path, digest)
        entities.setdefault(entity["@id"], entity)
        called[entity["@id"]].add(names[path])
    return [
        entity | {"name": ", ".join(sorted(called[name]))}
        for name, entity in sorted(entities.items())
    ]
