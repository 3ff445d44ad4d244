"""Our handlers are called beside those of the workflow that uses ours as a module."""

from collections.abc import Callable
from functools import partial

from alsdecline.jobs.as_module import keep_handlers


class Workflow:
    """As much of Snakemake's as registers handlers."""

    def __init__(self) -> None:
        self._onstart: Callable[[str | None], object] = lambda _: None
        self._onerror: Callable[[str | None], object] = lambda _: None

    def onstart(self, handler: Callable[[str | None], object]) -> None:
        self._onstart = handler

    def onerror(self, handler: Callable[[str | None], object]) -> None:
        self._onerror = handler

    def run(self) -> None:
        self._onstart("log")
        self._onerror("log")


def test_handlers_that_are_registered_before_or_later_are_called_too() -> None:
    called: list[str] = []
    workflow = Workflow()
    workflow.onstart(lambda log: called.append(f"their begin, {log}"))
    ours = {name: partial(called.append, name) for name in ("onstart", "onerror")}
    keep_handlers(workflow, ours)
    workflow.onerror(lambda log: called.append(f"their end, {log}"))

    workflow.run()

    assert called == ["onstart", "their begin, log", "their end, log", "onerror"]


def test_what_is_read_again_is_called_once() -> None:
    """`use rule x from m with:` reads a module's files anew."""
    called: list[str] = []
    workflow = Workflow()
    for _ in range(2):
        keep_handlers(workflow, {"onstart": partial(called.append, "ours")})

    workflow.run()

    assert called == ["ours"]
