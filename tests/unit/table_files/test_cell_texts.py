"""Numbers of SAS as texts, by their formats."""

import pytest

from alsdecline.table_files.cell_texts import is_date_format, text_of_sas_number

# days from 1 January 1960 to 15 January 2024: 64 years with 16 leap days, and 14 days
DAYS = 64 * 365 + 16 + 14
SECONDS = DAYS * 24 * 60 * 60


@pytest.mark.parametrize(
    ("form", "number"),
    [
        *((form, DAYS) for form in ("DATE9.", "YYMMDD10.", "E8601DA10.", "DDMMYYP10.")),
        *((form, SECONDS) for form in ("DATETIME20.", "E8601DT19.", "NLDATM20.")),
        *((form, SECONDS) for form in ("DTDATE9.", "DTWKDATX.", "dtdate9.")),
        *((form, SECONDS) for form in ("E8601DN10.", "B8601DN8.", "IS8601DN10.")),
    ],
)
def test_a_number_is_the_day_that_its_format_shows(form: str, number: int) -> None:
    assert is_date_format(form)
    assert text_of_sas_number(form, ".")(float(number)) == "2024-01-15"


@pytest.mark.parametrize("form", ["TIME5.", "BEST12.", "DOLLAR8.", "DTYEAR4.", ""])
def test_a_number_of_another_format_is_a_number(form: str) -> None:
    assert not is_date_format(form)
    assert text_of_sas_number(form, ".")(float(SECONDS)) == "2020896000"
