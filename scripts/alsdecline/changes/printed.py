"""What changed between two runs as it is printed: sentences and tables."""

from collections.abc import Mapping, Sequence

from alsdecline.changes.comparison import (
    Comparison,
    Conclusion,
    NamedEstimate,
    Numbers,
)
from alsdecline.changes.estimates import MONTE_CARLO_LIMIT, moved, within_monte_carlo
from alsdecline.changes.printed_patients import (
    NONE,
    Section,
    cell,
    counted,
    patients_section,
    row_counts,
    shortened,
)
from alsdecline.report.tables import PrintedTable
from alsdecline.report.words import (
    KEEP,
    digits_for,
    interval,
    number,
    p_value,
    percent,
)

MONTE_CARLO = (
    "Within Monte Carlo error is a move of an estimate, and of its probability, by at "
    f"most {MONTE_CARLO_LIMIT} standard errors of the two runs together; it may be of "
    "the sampler alone. A dash stands where that error is not known."
)

CODE_CHANGES = {
    "meaning": "what it does",
    "bytes": "comments, docstrings or layout alone",
    "added": "used now",
    "removed": "no longer used",
}


def _numbers(numbers: Numbers | None) -> str:
    """Print an estimate with its interval."""
    numbers = numbers or {}
    value, low, high = (numbers.get(n) for n in ("estimate", "lower", "upper"))
    if value is None:
        return NONE
    if low is None or high is None:
        return number(value)
    digits = digits_for(low, high)
    return f"{number(value, digits)} ({interval(low, high, digits)})"


def _probability(numbers: Numbers | None) -> str:
    """Print an estimate's probability or p-value."""
    numbers = numbers or {}
    p = numbers.get("p_value")
    shown = percent(numbers.get("probability")) if p is None else p_value(p)
    return shown.replace(" ", KEEP)


def _difference(estimate: NamedEstimate) -> str:
    """Print by how much an estimate, or else its probability, moved."""
    moves, new = estimate["difference"], estimate["new"] or {}
    if "estimate" not in moves:
        return number(moves.get("probability"), 3)
    low, high = new.get("lower"), new.get("upper")
    if low is None or high is None:
        return number(moves["estimate"], 3)
    return number(moves["estimate"], digits_for(low, high) + 1)


ERRORS = {True: "within", False: "beyond", None: NONE}


def _estimate_table(estimates: Sequence[NamedEstimate]) -> PrintedTable:
    rows = [
        [
            e["label"] + " (primary)" * e["primary"],
            _numbers(e["old"]),
            _numbers(e["new"]),
            _difference(e),
            f"{_probability(e['old'])} \N{RIGHTWARDS ARROW} {_probability(e['new'])}",
            ERRORS[within_monte_carlo(e)],
        ]
        for e in estimates
    ]
    head = ["Estimate", "Before", "After", "Moved by", "Probability", "MC error"]
    return PrintedTable(head, rows)


def _estimate_section(comparison: Comparison) -> Section:
    estimates = comparison["estimates"]
    changed = [e for e in estimates if moved(e)]
    within = [e for e in changed if within_monte_carlo(e) is True and not e["primary"]]
    beyond = [e for e in changed if e not in within]
    if not changed:
        sentence = f"All {len(estimates)} estimates are the same to the last digit."
        return Section("Estimates and probabilities", [sentence], {})
    beyond.sort(key=lambda e: not e["primary"])
    same = len(estimates) - len(changed)
    counts = f"Of {counted(len(estimates), 'estimate')}, {len(changed)} moved"
    sentences = [f"{counts} and {same} are the same to the last digit.", MONTE_CARLO]
    tables, folded = {}, {}
    if beyond:
        caption = "The primary estimate, and what moved by more or by an unknown error"
        tables[caption] = shortened(_estimate_table(beyond), sentences)
    if within:
        caption = "Other estimates, which moved within Monte Carlo error"
        folded[caption] = shortened(_estimate_table(within), sentences)
    return Section("Estimates and probabilities", sentences, tables, folded)


def _listing(
    changes: Sequence[Mapping[str, object]] | None, key: str, noun: str
) -> tuple[list[str], dict[str, PrintedTable]]:
    """Print changes of what goes by a key, with old and new values."""
    if changes is None:
        return [], {}
    if not changes:
        return [f"No {noun} changed."], {}
    sentences = [f"{counted(len(changes), noun)} changed."]
    rows = [[str(c[key]), cell(c["old"]), cell(c["new"])] for c in changes]
    table = PrintedTable([noun.capitalize(), "Before", "After"], rows)
    table = shortened(table, sentences)
    return sentences, {f"{noun.capitalize()}s that changed": table}


def _decisions_section(comparison: Comparison) -> Section:
    """Print decisions on the data that differ; nothing where none does."""
    changes = comparison["decisions"]
    if not changes:
        return Section("Decisions on the data", [], {})
    sentences = [f"{counted(len(changes), 'decision')} on the data changed."]
    rows = [
        [
            change["change"],
            ", ".join(text for text in change["of"].values() if text),
            "; ".join(f"{f['field']} {f['old'] or NONE}" for f in change["fields"]),
            "; ".join(f"{f['field']} {f['new'] or NONE}" for f in change["fields"]),
        ]
        for change in changes
    ]
    table = PrintedTable(["Change", "Decision", "Before", "After"], rows)
    table = shortened(table, sentences)
    return Section("Decisions on the data", sentences, {"Decisions": table})


def _code_section(comparison: Comparison) -> Section:
    """Print code, and jobs that one run alone has."""
    code = comparison["code"]
    if code is None:
        return Section("Code and software", [], {})
    sentences = [] if code else ["No code changed."]
    tables = {}
    if code:
        bytes_alone = sum(entry["change"] == "bytes" for entry in code)
        sentences.append(
            f"{counted(len(code), 'file')} of code changed, {bytes_alone} of them in "
            f"{CODE_CHANGES['bytes']}."
        )
        rows = [
            [e["file"], CODE_CHANGES[e["change"]], ", ".join(e["jobs"])] for e in code
        ]
        tables["Code that changed"] = PrintedTable(["File", "Change", "Jobs"], rows)
    sentences += [
        f"The job {job['job']} was {job['change']}." for job in comparison["jobs"] or []
    ]
    for versions, noun in (
        (comparison["versions"], "version"),
        (comparison["packages"], "locked package"),
    ):
        counts, listing = _listing(versions, "name", noun)
        sentences += counts
        tables |= listing
    return Section("Code and software", sentences, tables)


def printed_sections(comparison: Comparison) -> list[Section]:
    """Print what changed, part by part.

    Parameters
    ----------
    comparison : Comparison
        From :func:`alsdecline.changes.runs.compare_runs`.

    Returns
    -------
    list of Section
        Those that have something to say.
    """
    sections = [
        patients_section(comparison),
        _decisions_section(comparison),
        _estimate_section(comparison),
        Section("Settings", *_listing(comparison["settings"], "key", "setting")),
        Section("Raw files", *_listing(comparison["raw_files"], "file", "raw file")),
        _code_section(comparison),
    ]
    return [section for section in sections if section.sentences or section.tables]


def _primary_move(comparison: Comparison) -> list[str]:
    """Say in a sentence how the primary estimate moved; none where there is none."""
    found = [e for e in comparison["estimates"] if e["primary"]]
    if not found or found[0]["old"] is None or found[0]["new"] is None:
        return []
    primary = found[0]
    which = f"The primary estimate, the {primary['label']},"
    if not moved(primary):
        return [f"{which} did not move: {_numbers(primary['new'])}."]
    error = {True: " This is within Monte Carlo error.", False: "", None: ""}
    return [
        f"{which} moved from {_numbers(primary['old'])} to "
        f"{_numbers(primary['new'])}, its probability from "
        f"{_probability(primary['old'])} to {_probability(primary['new'])}."
        + error[within_monte_carlo(primary)]
    ]


def _flips(conclusions: Sequence[Conclusion]) -> str:
    """Count the conclusions that changed, the primary one first."""
    if not conclusions:
        return "No conclusion changed."
    n_others = sum(not conclusion["primary"] for conclusion in conclusions)
    others = counted(n_others, "other")
    if n_others == len(conclusions):
        return f"The primary conclusion did not change; {others} did:"
    beside = f", and {others}" if n_others else ""
    return f"The primary conclusion changed{beside}:"


def _other_counts(comparison: Comparison) -> str:
    """Count what else changed."""
    parts: list[tuple[Sequence[object] | None, str, str]] = [
        (comparison["settings"], "setting", "settings"),
        (comparison["raw_files"], "raw file", "raw files"),
        (comparison["decisions"] or None, "decision", "decisions"),
        (comparison["code"], "file of code", "files of code"),
        (comparison["versions"], "version", "versions"),
        (comparison["packages"], "locked package", "locked packages"),
    ]
    counts = [
        f"{len(changes)} {singular if len(changes) == 1 else plural}"
        for changes, singular, plural in parts
        if changes is not None
    ]
    return f"Beside them changed: {', '.join(counts)}."


def answer(comparison: Comparison) -> list[str]:
    """Say first what changed: the records, the conclusions, the primary estimate.

    Parameters
    ----------
    comparison : Comparison
        From :func:`alsdecline.changes.runs.compare_runs`.

    Returns
    -------
    list of str
        Sentences; one alone where nothing differs. The conclusions that flipped are
        counted here and stand by themselves in ``comparison["conclusions"]``.
    """
    between = f"between {comparison['old']} and {comparison['new']}"
    if comparison["same"]:
        what = "that could be compared " if comparison["notes"] else ""
        return [f"Nothing {what}differs {between}."]
    return [
        row_counts(comparison["records"]["changes"]),
        _flips(comparison["conclusions"]),
        *_primary_move(comparison),
        _other_counts(comparison),
    ]
