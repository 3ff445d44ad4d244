"""The foot of each page names study, version, plan and data, whatever the id is."""

import re

from alsdecline.report.foot import css_string, foot_of
from alsdecline.report.plan import DescribedPlan
from alsdecline.settings.plan_status import PlanStatus
from alsdecline.settings.trial import Trial


def foot(digest: str, **provenance: str) -> str:
    plan = DescribedPlan.model_construct(
        trial=Trial.model_construct(id="IGF-1"),
        analysis_plan=PlanStatus.model_construct(digest=digest),
    )
    return foot_of(plan, {"version": "1.2.3", **provenance})


def test_study_version_plan_and_cut_are_named() -> None:
    assert foot(f"plan:{'a' * 64}", cut="b" * 64) == (
        "Study IGF-1, als-decline 1.2.3, plan aaaaaaaaaaaa, data bbbbbbbbbbbb"
    )


def test_without_a_lock_and_while_blinded_neither_plan_nor_data_is_named() -> None:
    assert foot("") == "Study IGF-1, als-decline 1.2.3"


def test_no_text_ends_the_string_or_the_style_sheet_that_it_stands_in() -> None:
    written = css_string('a"; } </style> µ\\\n')
    assert re.fullmatch(r'"([A-Za-z0-9]|\\[0-9a-f]+ )*"', written)
    escapes = re.sub(r"\\([0-9a-f]+) ", lambda m: chr(int(m[1], 16)), written[1:-1])
    assert escapes == 'a"; } </style> µ\\\n'
