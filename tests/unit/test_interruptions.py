"""What a stopped run must not leave is noticed by the benchmark that stops runs."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from alsdecline.jobs.ledger import LEDGER, append

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from stopped_runs import Stopped, Undisturbed

TABLE = "results/tables/a.csv"


def half_written(folder: Path) -> None:
    (folder / TABLE).write_text("a", encoding="utf-8")


def nobodys(folder: Path) -> None:
    (folder / "results/tables/b.csv").write_text("a", encoding="utf-8")


def cut(folder: Path) -> None:
    path = folder / LEDGER
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])


def traceback(folder: Path) -> None:
    (folder / "told").write_text("Traceback (most recent call last):\n", "utf-8")


def nothing(_: Path) -> None:
    pass


@pytest.mark.parametrize(
    ("deed", "how", "noticed"),
    [
        (half_written, "kill -9", [f"{TABLE}: not the bytes of the undisturbed run"]),
        (
            nobodys,
            "kill -9",
            ["results/tables/b.csv: not the bytes of the undisturbed run"],
        ),
        (cut, "kill -9", [f"{LEDGER}: a line that was there is gone"]),
        (traceback, "full disk", ["showed a traceback"]),
        (traceback, "kill -9", []),
        (nothing, "SIGINT", []),
    ],
)
def test_what_a_stop_must_not_leave_is_noticed(
    tmp_path: Path, deed: Callable[[Path], None], how: str, noticed: list[str]
) -> None:
    (tmp_path / TABLE).parent.mkdir(parents=True)
    (tmp_path / TABLE).write_text("a\n1\n", encoding="utf-8")
    told = tmp_path / "told"
    told.write_text("interrupted\n", encoding="utf-8")
    append(tmp_path, [{"event": "run"}, {"event": "end"}])
    whole = Undisturbed({TABLE: b"a\n1\n"}, set(), 1.0, [])
    stopped = Stopped(tmp_path, tmp_path, whole)
    stopped.look("kill -9", 0.1, [told], [])
    deed(tmp_path)
    stopped.look(how, 0.2, [told], [])
    assert [row["faults"] for row in stopped.rows] == [[], noticed]


def test_a_moment_is_a_place_in_the_work_whatever_the_machine_does() -> None:
    whole = Undisturbed({}, set(), 10.0, [2.0, 6.0])
    assert whole.place_of(0.1) == (0, 1.0)
    assert whole.place_of(0.7) == (2, 1.0)
