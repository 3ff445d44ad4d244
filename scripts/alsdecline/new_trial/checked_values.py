"""Values that no outcome can have: no numbers, or beyond the scale."""

from alsdecline.new_trial.guesses import Notebook
from alsdecline.new_trial.scales import limits, outside
from alsdecline.new_trial.sources import counted
from alsdecline.new_trial.tables import Table
from alsdecline.plain_text import one_line
from alsdecline.settings.scales import Scale


def check_values(
    table: Table, name: str, scale: Scale | None, book: Notebook, what: str
) -> None:
    """Enter cells that are no numbers, or that the scale cannot have."""
    column = table.columns[name]
    shown = f"{table.name}, column {one_line(name)!r}"
    if column.kind != "number":
        book.faults.append(f"{shown}, taken as {what}: holds no numbers")
        return
    if column.ambiguous:
        book.faults.append(f"{shown}: {column.ambiguous}")
    wrong = column.not_numbers()
    if len(wrong):
        book.faults.append(
            f"{shown}, taken as {what}: no number in {counted(len(wrong), 'cell')} "
            f"({table.cells(name, wrong.index)}); correct or empty them"
        )
    beyond = outside(scale, column.numbers) if scale else column.numbers[:0]
    if scale and len(beyond):
        many = counted(len(beyond), "value")
        book.faults.append(
            f"{shown}, taken as {what}: {many} outside {scale.name} "
            f"({limits(scale)}): {table.cells(name, beyond.index)}; correct them, or "
            "say --scale none if it is another scale"
        )
