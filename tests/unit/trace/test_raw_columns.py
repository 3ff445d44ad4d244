"""A trace names the raw columns that a variable is made of, and no other's."""

from pathlib import Path

from alsdecline.trace.raw_columns import raw_columns
from support.hand_trial import plan_of

FILE = {"file": "all.csv"}
HEADER = "patient,arm,randomisation_date,visit_week,visit_date,score,dose,event,end\n"
DATED = {"patient": "patient", "date": "visit_date"}


def test_a_column_that_another_table_has_is_not_named(tmp_path: Path) -> None:
    (tmp_path / "all.csv").write_text(HEADER.replace("end\n", "end_date\n"))
    data = {
        "subjects": FILE | {"one_row_a_patient": False},
        "visits": FILE,
        "exposure": FILE | {"columns": DATED},
        "events": FILE | {"columns": {"date": "end_date"}},
    }
    wanted = {"ASTDT", "AENDT", "ADOSE"}
    plan = plan_of(data=data)
    of_doses = raw_columns(plan, tmp_path, "exposure", wanted)
    assert of_doses == ["patient", "dose", "visit_date"]
    assert raw_columns(plan, tmp_path, "events", {"EOSDT"}) == ["patient", "end_date"]
    # where the end of dosing has the column too, it is named
    data["exposure"] = FILE | {"columns": DATED | {"end_date": "end_date"}}
    of_doses = raw_columns(plan_of(data=data), tmp_path, "exposure", wanted)
    assert set(of_doses) == {"patient", "visit_date", "end_date", "dose"}
