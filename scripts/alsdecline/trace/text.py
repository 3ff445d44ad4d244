"""A trace as text for people."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from alsdecline.plain_text import one_line
from alsdecline.trace.answer import (
    DerivedRows,
    RawRows,
    Trace,
    TracedAnalysis,
    TracedFile,
    TracedValue,
)

MOST_ROWS = 8
"""Rows that are shown of a longer list."""

MOST_RANGES = 40
"""Ranges of a raw file's rows that are shown."""

WIDTH = 11


def trace_text(traced: Trace) -> str:
    """Write what :func:`alsdecline.trace.value.trace` returned as text.

    Parameters
    ----------
    traced : TracedValue or TracedFile
        A trace.

    Returns
    -------
    str
        Lines; of long lists of rows the number and the first.
    """
    return TraceTexts(lambda _: traced)("")


class TraceTexts:
    """Texts of many traces; what is told of rows that they share is written once.

    Parameters
    ----------
    trace : callable
        Traces a target. Traces that rest on the same rows have the same object of them.
    """

    def __init__(self, trace: Callable[[str], Trace]) -> None:
        self._trace = trace
        # with the rows themselves, so that no others come to have their identity
        self._told: dict[int, tuple[object, list[str]]] = {}

    def __call__(self, target: str) -> str:
        """Write the trace of a target, as :func:`trace_text` does."""
        traced = self._trace(target)
        if traced["kind"] == "file":
            return "\n".join(map(one_line, _file_lines(traced))) + "\n"
        lines = [*map(one_line, _value_lines(traced))]
        for derived in traced["derived"]:
            lines += self._lines_of(derived, _derived_lines)
        for raw in traced["raw"]:
            lines += self._lines_of(raw, _raw_lines)
        lines += map(one_line, _job_lines(traced))
        return "\n".join(lines) + "\n"

    def _lines_of[Rows](
        self, rows: Rows, told: Callable[[Rows], Iterator[str]]
    ) -> list[str]:
        if id(rows) not in self._told:
            self._told[id(rows)] = rows, [*map(one_line, told(rows))]
        return self._told[id(rows)][1]


def _line(name: str, text: str) -> str:
    return f"{name:<{WIDTH}} {text}".rstrip()


def _more(text: str) -> str:
    return f"{'':<{WIDTH}}   {text}"


def _digest(sha256: str | None) -> str:
    return f"sha256 {sha256}" if sha256 else "not there"


def _first[Entry](
    rows: list[Entry], count: int | None = None
) -> tuple[list[Entry], str]:
    """Return the rows that are shown, and what is said of the others."""
    left = (len(rows) if count is None else count) - MOST_ROWS
    return rows[:MOST_ROWS], f"and {left} more" if left > 0 else ""


def _value_lines(traced: TracedValue) -> Iterator[str]:
    value = traced["result"]["rawValue"]
    yield f"{traced['id']} = {value or '(empty)'}"
    where = f"{traced['table']}, row {traced['row']}, column {traced['column']}"
    mark = f" ({traced['data_kind']} data)" if traced["data_kind"] else ""
    yield _line("table", where + mark)
    yield from _analysis_lines(traced)
    for source in traced["sources"]:
        yield _line("from", f"{source['file']}, {_digest(source['sha256'])}")
        if source["columns"]:
            shown, more = _first(source["columns"])
            yield _more(f"{', '.join(shown)} {more}".rstrip())
        if source["rows"]:
            yield _more(source["rows"])
    for name, setting in traced["settings"].items():
        text = setting if isinstance(setting, str) else _json(setting)
        yield _line("setting", f"{name}: {text}")


def _job_lines(traced: TracedValue) -> Iterator[str]:
    if traced["job"]:
        job = traced["job"]
        yield _line("job", f"{job['job']}, {job['code']}, {job['environment']}")


def _analysis_lines(traced: TracedAnalysis) -> Iterator[str]:
    analysis, method = traced["analysis"], traced["method"]
    names = (analysis["dataset"], analysis["variable"])
    analysed = ", ".join(name for name in names if name)
    yield _line("analysis", f"{analysis['name']}; {analysed}")
    if traced["estimand"]:
        estimand = traced["estimand"]
        relation = "supplements " if estimand["supplements"] else ""
        yield _line("estimand", f"{relation}{estimand['id']}: {estimand['label']}")
    groups = [
        f"{group['groupingVariable']} = {group['group']}"
        for group in traced["orderedGroupings"]
    ]
    method_text = f"{method['name']}: {method['description']}" if method["name"] else ""
    for name, text in (
        ("set", traced["analysisSet"]),
        ("subset", traced["dataSubset"]),
        ("grouping", "; ".join(groups)),
        ("method", method_text),
        ("operation", traced["operation"]),
    ):
        if text:
            yield _line(name, text)


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _count(number: int | None) -> str:
    if number is None:
        return "all rows"
    return "1 row" if number == 1 else f"{number} rows"


def _derived_lines(rows: DerivedRows) -> Iterator[str]:
    yield _line(
        "derived", f"{rows['dataset']}, {_count(rows['count'])}; {rows['where']}"
    )
    yield _more(_digest(rows["sha256"]))
    shown, more = _first(rows["rows"], rows["count"])
    for row in shown:
        cells = [
            f"{name} {value:.12g}" if isinstance(value, float) else f"{name} {value}"
            for name, value in row.items()
            if value not in (None, "")
        ]
        yield _more(", ".join(cells))
    if more:
        yield _more(more)


def _ranges(ranges: list[tuple[int, int]]) -> str:
    """Write ranges of rows; of very many the first."""
    shown = ranges[:MOST_RANGES]
    told = ", ".join(f"{a}" if a == b else f"{a} to {b}" for a, b in shown)
    left = len(ranges) - len(shown)
    return told + (f" and {left} more ranges" if left else "")


def _raw_lines(rows: RawRows) -> Iterator[str]:
    sheet = f", sheet {rows['sheet']!r}" if rows["sheet"] else ""
    told = f"{rows['file']}{sheet}, {_count(rows['count'])}; {rows['state']}"
    yield _line("raw", told)
    yield _more(_digest(rows["sha256"]))
    if rows["columns"]:
        yield _more(f"columns {', '.join(rows['columns'])}")
    if (rows["count"] or 0) > MOST_ROWS:
        yield _more(f"rows {_ranges(rows['ranges'])}")
    for d in rows["decisions"]:
        column = f", column {d['column']}" if d["column"] else ""
        changed = f" {d['value']!r}" if d["column"] else ""
        changed += f" to {d['new_value']!r}" if d["new_value"] else ""
        what = f"{d['kind']} of row {d['row']}{column}{changed}"
        yield _line("decision", f"{what}; {d['who']}, {d['when']}: {d['why']}")
    shown, more = _first(rows["rows"], rows["count"])
    for row in shown:
        given = f"{row['USUBJID']}: {', '.join(row['variables'])}"
        yield _more(f"row {row['row']} ({given})")
    if more:
        yield _more(more)


def _file_lines(traced: TracedFile) -> Iterator[str]:
    yield f"{traced['file']}: {traced['state']}"
    yield _line("recorded", _digest(traced["sha256"]))
    for job in traced["jobs"]:
        yield _line("job", f"{job['job']}, {job['code']}, {job['environment']}")
        for output in job["outputs"]:
            yield _more(f"made {output['file']} ({output['state']})")
        for file in job["inputs"]:
            yield _more(f"of {file}")
    for raw in traced["raw"]:
        yield _line("raw", f"{raw['file']}; {raw['state']}")
        yield _more(_digest(raw["sha256"]))
