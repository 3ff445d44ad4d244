"""A member of the family is declared once, and what else is of members follows."""

import ast

from alsdecline.figures.effects import METHOD_MARKS, PATIENTS, method_marks
from alsdecline.report.member_words import WORDS
from alsdecline.settings.members import FAMILY
from alsdecline.settings.models import OutcomePriors
from support.trial_folder import PROJECT

LIBRARY = PROJECT / "scripts/alsdecline"
DECLARED_IN = {"settings/members.py", "report/member_words.py"}


def test_every_member_has_words_a_mark_and_priors_that_are_settings() -> None:
    assert list(WORDS) == list(FAMILY)
    assert set(METHOD_MARKS) == {*FAMILY, PATIENTS}
    for member in FAMILY.values():
        for key in member.priors:
            # what stands after the colon is told where the prior is missing
            description = str(OutcomePriors.model_fields[key].description)
            assert description.partition(": ")[2], key


def test_marks_of_many_members_differ() -> None:
    marks = method_marks([*FAMILY, *(f"member {i}" for i in range(20))])
    assert len(marks) == len(FAMILY) + 21
    assert len(set(marks.values())) == len(marks)
    assert {name: marks[name] for name in METHOD_MARKS} == METHOD_MARKS


def test_no_module_asks_which_member_a_fit_is_of_by_its_name() -> None:
    """They ask what a member is like; names of likelihoods are of the mathematics."""
    compared = []
    for path in sorted(LIBRARY.rglob("*.py")):
        file = path.relative_to(LIBRARY).as_posix()
        if file in DECLARED_IN or file.startswith("models/"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare):
                names = {
                    leaf.value
                    for leaf in ast.walk(node)
                    if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str)
                }
                compared += [(file, name) for name in sorted(names & set(FAMILY))]
    assert compared == []
