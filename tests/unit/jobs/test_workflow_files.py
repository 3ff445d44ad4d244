"""What files of rules mean: comments and layout do not count, all else does."""

from pathlib import Path

import pytest

from alsdecline.jobs.workflow_files import meaning_of_rules

RULE = 'rule a:\n    input:\n        "x",\n    output:\n        "y",\n'


def meaning(folder: Path, text: str) -> str:
    path = folder / "rules.smk"
    path.write_text(text, encoding="utf-8")
    return meaning_of_rules(path)


@pytest.mark.parametrize(
    "edited",
    [
        f"# a comment\n\n{RULE}",
        RULE.replace("input:\n", "input:  # why\n\n"),
        RULE.replace("    ", "  "),
    ],
)
def test_comments_and_layout_do_not_count(tmp_path: Path, edited: str) -> None:
    assert meaning(tmp_path, edited) == meaning(tmp_path, RULE)


@pytest.mark.parametrize(
    "edited",
    [
        RULE.replace('"x"', '"z"'),
        RULE.replace("input", "params"),
        RULE.replace("    output", "output").replace('        "y"', '    "y"'),
    ],
)
def test_all_else_counts(tmp_path: Path, edited: str) -> None:
    assert meaning(tmp_path, edited) != meaning(tmp_path, RULE)
