"""A ledger that was cut, edited or lost is told for ever."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from alsdecline.jobs.ledger import HEAD, LEDGER, append, read_ledger
from support.hand_ledger import job


def cut_tail(folder: Path) -> None:
    lines = (folder / LEDGER).read_bytes().split(b"\n")[:3]
    (folder / LEDGER).write_bytes(b"".join(line + b"\n" for line in lines))


def edit_line(folder: Path) -> None:
    content = (folder / LEDGER).read_bytes().replace(b"job 1", b"job 9")
    (folder / LEDGER).write_bytes(content)


def lose_head(folder: Path) -> None:
    (folder / HEAD).unlink()


def spoil_head(folder: Path) -> None:
    (folder / HEAD).write_text('{"lines": NaN, "sha256": "\\ud800"}', encoding="utf-8")


def lose_ledger(folder: Path) -> None:
    (folder / LEDGER).unlink()


def lose_both(folder: Path) -> None:
    (folder / LEDGER).unlink()
    (folder / HEAD).unlink()
    (folder / "results/records/fit_single").mkdir(parents=True)
    (folder / "results/records/fit_single/fvc.json").write_text("{}", encoding="utf-8")


HARM: dict[str, tuple[Callable[[Path], None], str]] = {
    "the tail cut": (cut_tail, "has 3 lines where results/ledger/head.json counts 5"),
    "a line edited": (edit_line, "line 3: does not continue the line before"),
    "the head gone": (lose_head, "head.json: is absent"),
    "the head no head": (spoil_head, "head.json: is no head of a ledger"),
    "the ledger gone": (lose_ledger, "has 0 lines where"),
    "both gone": (lose_both, "has records of 1 jobs"),
}


@pytest.mark.parametrize("how", HARM)
def test_what_was_wrong_with_a_ledger_is_told_for_ever(five: Path, how: str) -> None:
    harm, says = HARM[how]
    harm(five)
    (fault,) = read_ledger(five).faults
    assert says in fault
    append(five, [job("late")])
    append(five, [job("later")])
    chain = read_ledger(five)
    # what comes after can be trusted, and what was wrong is not forgotten
    assert (chain.faults, chain.notes) == ([], [])
    (told,) = chain.recovered
    assert says in told
    assert [line.get("job") for line in chain.lines[-3:]] == [None, "late", "later"]
    assert chain.lines[-3]["faults"] == [fault]


def test_a_ledger_cut_within_a_line_is_told_for_ever_too(five: Path) -> None:
    content = (five / LEDGER).read_bytes()
    (five / LEDGER).write_bytes(content[:-5])
    append(five, [job("late")])
    chain = read_ledger(five)
    assert (chain.faults, chain.notes) == ([], [])
    (told,) = chain.recovered
    assert "has 4 lines where results/ledger/head.json counts 5" in told
    assert "torn_bytes" in chain.lines[-2]


def test_a_recovery_keeps_the_head_that_the_ledger_had(five: Path) -> None:
    head = json.loads((five / HEAD).read_bytes())
    cut_tail(five)
    append(five, [])
    assert json.loads(read_ledger(five).lines[-1]["head"]) == head
    assert head["sha256"] in read_ledger(five).recovered[0]


def test_what_stood_before_a_recovery_cannot_be_changed_further(five: Path) -> None:
    edit_line(five)
    append(five, [])
    content = (five / LEDGER).read_bytes()
    # the link between these two lines is broken already
    (five / LEDGER).write_bytes(content.replace(b"job 9", b"job 8"))
    chain = read_ledger(five)
    assert chain.recovered == []
    assert [fault.partition(": ")[2][:17] for fault in chain.faults] == [
        "does not continue"
    ]


def test_a_ledger_that_holds_gets_no_recovery(five: Path) -> None:
    append(five, [job("late")])
    assert [line["event"] for line in read_ledger(five).lines] == ["job"] * 6
    assert read_ledger(five).recovered == []
