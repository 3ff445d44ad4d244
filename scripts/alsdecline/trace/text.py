"""A trace as text for people."""

import json
from collections.abc import Iterator
from typing import Any

MOST_ROWS = 8
"""Rows that are shown of a longer list."""

WIDTH = 11


def trace_text(found: dict[str, Any]) -> str:
    """Write what :func:`alsdecline.trace.value.trace` returned as text.

    Parameters
    ----------
    found : dict
        A trace of a value or of a file.

    Returns
    -------
    str
        Lines; of long lists of rows the number and the first.
    """
    lines = _of_file(found) if found["kind"] == "file" else _of_value(found)
    return "\n".join(lines) + "\n"


def _line(name: str, text: str) -> str:
    return f"{name:<{WIDTH}} {text}".rstrip()


def _more(text: str) -> str:
    return f"{'':<{WIDTH}}   {text}"


def _digest(sha256: str | None) -> str:
    return f"sha256 {sha256}" if sha256 else "not there"


def _first(rows: list[Any]) -> tuple[list[Any], str]:
    """Return the rows that are shown, and what is said of the others."""
    if len(rows) <= MOST_ROWS:
        return rows, ""
    return rows[:MOST_ROWS], f"and {len(rows) - MOST_ROWS} more"


def _of_value(found: dict[str, Any]) -> Iterator[str]:
    value = found["result"]["rawValue"]
    yield f"{found['id']} = {value or '(empty)'}"
    where = f"{found['table']}, row {found['row']}, column {found['column']}"
    mark = f" ({found['data_kind']} data)" if found["data_kind"] else ""
    yield _line("table", where + mark)
    yield from _analysis(found)
    for source in found["sources"]:
        yield _line("from", f"{source['file']}, {_digest(source['sha256'])}")
        if source["columns"]:
            shown, more = _first(source["columns"])
            yield _more(f"{', '.join(shown)} {more}".rstrip())
        if source["rows"]:
            yield _more(source["rows"])
    for name, setting in found["settings"].items():
        text = setting if isinstance(setting, str) else _json(setting)
        yield _line("setting", f"{name}: {text}")
    for rows in found["derived"]:
        yield from _derived(rows)
    for rows in found["raw"]:
        yield from _raw(rows)
    if found["job"]:
        job = found["job"]
        yield _line("job", f"{job['job']}, {job['code']}, {job['environment']}")


def _analysis(found: dict[str, Any]) -> Iterator[str]:
    analysis, method = found["analysis"], found["method"]
    of = ", ".join(t for t in (analysis["dataset"], analysis["variable"]) if t)
    yield _line("analysis", f"{analysis['name']}; {of}")
    if found["estimand"]:
        estimand = found["estimand"]
        beside = "supplements " if estimand["supplements"] else ""
        yield _line("estimand", f"{beside}{estimand['id']}: {estimand['label']}")
    groups = [
        f"{group['groupingVariable']} = {group['group']}"
        for group in found["orderedGroupings"]
    ]
    method_text = f"{method['name']}: {method['description']}" if method["name"] else ""
    for name, text in (
        ("set", found["analysisSet"]),
        ("subset", found["dataSubset"]),
        ("grouping", "; ".join(groups)),
        ("method", method_text),
        ("operation", found["operation"]),
    ):
        if text:
            yield _line(name, text)


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _count(number: int | None) -> str:
    if number is None:
        return "all rows"
    return "1 row" if number == 1 else f"{number} rows"


def _derived(rows: dict[str, Any]) -> Iterator[str]:
    yield _line(
        "derived", f"{rows['dataset']}, {_count(rows['count'])}; {rows['where']}"
    )
    yield _more(_digest(rows["sha256"]))
    shown, more = _first(rows["rows"])
    for row in shown:
        cells = [
            f"{name} {value:.12g}" if isinstance(value, float) else f"{name} {value}"
            for name, value in row.items()
            if value not in (None, "")
        ]
        yield _more(", ".join(cells))
    if more:
        yield _more(more)


def _raw(rows: dict[str, Any]) -> Iterator[str]:
    yield _line("raw", f"{rows['file']}, {_count(rows['count'])}; {rows['state']}")
    yield _more(_digest(rows["sha256"]))
    if rows["columns"]:
        yield _more(f"columns {', '.join(rows['columns'])}")
    shown, more = _first(rows["rows"])
    for row in shown:
        of = f"{row['USUBJID']}: {', '.join(row['variables'])}"
        yield _more(f"row {row['row']} ({of})")
    if more:
        yield _more(more)


def _of_file(found: dict[str, Any]) -> Iterator[str]:
    yield f"{found['file']}: {found['state']}"
    yield _line("recorded", _digest(found["sha256"]))
    for job in found["jobs"]:
        yield _line("job", f"{job['job']}, {job['code']}, {job['environment']}")
        for output in job["outputs"]:
            yield _more(f"made {output['file']} ({output['state']})")
        for file in job["inputs"]:
            yield _more(f"of {file}")
    for raw in found["raw"]:
        yield _line("raw", f"{raw['file']}; {raw['state']}")
        yield _more(_digest(raw["sha256"]))
