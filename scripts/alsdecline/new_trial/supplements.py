"""Tables beside subjects and visits: doses, events and adverse events."""

import dataclasses

from alsdecline.new_trial.tables import Table
from alsdecline.new_trial.words import EVENT, is_of, plain_name
from alsdecline.plain_text import one_line

_DATE = (r"(.*_)?(date|dtc|dt|datum)|date_.*|.*日",)
_COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "adverse_events": {
        "term": (r"term|aeterm|aedecod|adverse_event|event_term|有害事象名?",),
        "start_date": (r"(ae)?(start|onset|st)_?(date|dtc|dt)|aestdtc|astdt|発現日",),
        "end_date": (
            r"(ae)?(end|stop|resolution|en)_?(date|dtc|dt)|aeendtc|aendt|消失日",
        ),
        "severity": (r"severity|aesev|grade|重症度",),
        "serious": (r"serious(ness)?|aeser|重篤(性)?",),
        "related": (r"related(ness)?|aerel|causality|因果関係",),
    },
    "exposure": {
        "dose": (r"(ex)?dose(_.*)?|用量|投与量",),
        "date": (
            r"(dose|exposure|start|ex_?st|treatment|exst)_?(date|dtc|dt)|date|投与日",
        ),
        "end_date": (r"(end|stop|exen)_?(date|dtc|dt)",),
    },
    "events": {
        "event": EVENT,
        "date": _DATE,
        "reason": (r"reason(_.*)?|.*_reason|理由",),
    },
}
"""Our columns by table, and what they are called."""

_OPTIONAL = {"end_date", "related", "reason"}
_EVENTS: dict[str, tuple[str, ...]] = {
    "completed": ("completed", "complete", "completer", "完了"),
    "withdrawn": (
        "withdrawn",
        "withdrawal",
        "withdrew",
        "discontinued",
        "dropout",
        "drop_out",
        "lost_to_follow_up",
        "adverse_event",
        "中止",
        "脱落",
    ),
    "died": ("died", "death", "dead", "deceased", "死亡"),
}
_YES: dict[str, tuple[str, ...]] = {
    "Y": ("y", "yes", "1", "true"),
    "N": ("n", "no", "0", "false"),
}
_MEANINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "event": _EVENTS,
    "serious": _YES,
    "related": _YES,
    "severity": {
        "mild": ("mild", "grade_1", "1"),
        "moderate": ("moderate", "grade_2", "2"),
        "severe": ("severe", "grade_3", "3", "life_threatening", "grade_4", "4"),
    },
}


@dataclasses.dataclass(frozen=True)
class Supplement:
    """A table beside subjects and visits.

    Attributes
    ----------
    what : {"exposure", "events", "adverse_events"}
        What it holds.
    table : Table
        The table.
    columns : dict of str to str
        Our column: its name there.
    recode : dict of str to (dict of str to str)
        By our column, what its texts stand for where they are not ours.
    evidence : str
        What speaks for it.
    """

    what: str
    table: Table
    columns: dict[str, str]
    recode: dict[str, dict[str, str]]
    evidence: str


def _recoded(table: Table, ours: str, column: str) -> dict[str, str] | None:
    """Return what texts stand for; None where one stands for nothing that is known."""
    texts = sorted({text for text in table.source.frame[column] if text})
    meanings = _MEANINGS[ours]
    told = {
        text: ours_text
        for text in texts
        for ours_text, words in meanings.items()
        if plain_name(text) in words or text == ours_text
    }
    return told if len(told) == len(texts) else None


def supplement_of(table: Table) -> Supplement | None:
    """Tell whether a table holds doses, events or adverse events, and where."""
    for what, wanted in _COLUMNS.items():
        columns: dict[str, str] = {}
        for ours, patterns in wanted.items():
            dated = ours.endswith("date")
            found = [
                name
                for name, column in table.columns.items()
                if is_of(name, patterns)
                and name not in (table.patient, *columns.values())
                and (not dated or column.kind in ("date", "empty"))
                and (ours != "dose" or column.kind == "number")
            ]
            if found:
                columns[ours] = found[0]
        if not set(wanted) - _OPTIONAL <= set(columns):
            continue
        if (what == "events") != table.one_row_a_patient and what == "events":
            continue
        recode = {
            ours: _recoded(table, ours, column)
            for ours, column in columns.items()
            if ours in _MEANINGS
        }
        if any(meanings is None for meanings in recode.values()):
            continue
        changed = {
            ours: {text: to for text, to in meanings.items() if text != to}
            for ours, meanings in recode.items()
            if meanings
        }
        evidence = "columns " + one_line(", ".join(columns.values()))[:80]
        kept = {ours: meanings for ours, meanings in changed.items() if meanings}
        return Supplement(what, table, columns, kept, evidence)
    return None
