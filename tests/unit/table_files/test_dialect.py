"""Numbers and dates as a file declares that it writes them."""

import pytest

from alsdecline.table_files.dialect import (
    NO_DAY,
    Dialect,
    date_pattern,
    is_encoding,
)

GERMAN = {"decimal": ",", "thousands": "."}


@pytest.mark.parametrize(
    ("said", "text", "plain"),
    [
        ({}, "12,5", "12,5"),  # whatever it is, nothing is declared
        ({"decimal": ","}, "12,5", "12.5"),
        ({"decimal": ","}, "-,5e3", "-.5e3"),
        ({"decimal": ","}, "12", "12"),
        ({"decimal": ","}, "12,", "12"),
        ({"decimal": ","}, "3,210", "3.210"),
        ({"decimal": ","}, "12.5", ""),  # 12.5 or 125
        ({"decimal": ","}, "1,234,5", ""),
        (GERMAN, "1.234,5", "1234.5"),
        (GERMAN, "1.234.567", "1234567"),
        (GERMAN, "1234,5", "1234.5"),
        (GERMAN, "1.5", ""),
        (GERMAN, "12.34,5", ""),
        ({"thousands": ","}, "3,210", "3210"),
        ({"thousands": ","}, "-1,234.5", "-1234.5"),
        ({"thousands": ","}, "3,21", ""),
        ({"thousands": ","}, "0,125", ""),  # none of 125
        (GERMAN, "0.125", ""),
        ({"thousands": " "}, "1 234", "1234"),
        ({"thousands": " ", "decimal": ","}, "1\u202f234,5", "1234.5"),
        ({"thousands": "'"}, "1\u2019234.5", "1234.5"),
        (GERMAN, "P1", ""),
        (GERMAN, "", ""),
        (GERMAN, "٣,٢", ""),
    ],
)
def test_a_number_is_read_as_declared_or_not_at_all(
    said: dict[str, str], text: str, plain: str
) -> None:
    assert Dialect(**said).plain_number(text) == plain


@pytest.mark.parametrize(
    ("form", "text", "iso"),
    [
        ("DD/MM/YYYY", "03/04/2020", "2020-04-03"),
        ("MM/DD/YYYY", "03/04/2020", "2020-03-04"),
        ("M/D/YY", "3/4/20", "2020-03-04"),
        ("DD.MM.YY", "03.04.69", "1969-04-03"),
        ("dd.mm.yyyy", "3.4.2020 13:05", "2020-04-03"),
        ("DDMONYYYY", "03APR2020", "2020-04-03"),
        ("DD-Mon-YYYY", "3-April-2020", "2020-04-03"),
        ("MON DD, YYYY", "Apr 3, 2020", "2020-04-03"),
        ("YYYYMMDD", "20200403", "2020-04-03"),
        ("YYYY/MM/DD", "2020/04/03T10:30:00", "2020-04-03"),
        ("%d/%m/%Y", "03/04/2020", "2020-04-03"),
        ("%d%b%Y", "03apr2020", "2020-04-03"),
        ("%m/%d/%y %H:%M", "4/3/20 10:30", "2020-04-03"),
        ("excel", "43924", "2020-04-03"),
        ("excel", "43924.75", "2020-04-03"),
        ("excel1904", "42462", "2020-04-03"),
        ("sas", "22008", "2020-04-03"),
        ("DD/MM/YYYY", "31/02/2020", NO_DAY),
        ("DD/MM/YYYY", "04/13/2020", NO_DAY),
        ("DDMONYYYY", "03XXX2020", "03XXX2020"),
        # of another form: itself, and ISO 8601 is read whatever is declared
        ("DD/MM/YYYY", "2020-04-03", "2020-04-03"),
        ("DD/MM/YYYY", "UNK", "UNK"),
        ("DD/MM/YYYY", "03/04/20", "03/04/20"),
        ("excel", "2020-04-03", "2020-04-03"),
    ],
)
def test_a_date_is_read_as_declared(form: str, text: str, iso: str) -> None:
    assert Dialect(date_format=form).iso_date(text) == iso


@pytest.mark.parametrize(
    "form", ["", "DD/MM", "DD/DD/YYYY", "YYYY-MM-DD-YYYY", "%d/%m", "a", "%q%d%m%Y"]
)
def test_a_form_without_one_each_of_day_month_and_year_is_none(form: str) -> None:
    assert date_pattern(form) is None


def test_encodings_of_files_are_told_from_other_codecs() -> None:
    for name in (
        "utf-8",
        "cp1252",
        "latin-1",
        "cp932",
        "shift_jis",
        "utf-16",
        "mac_roman",
    ):
        assert is_encoding(name)
    for name in (
        "",
        "cp9",
        "idna",
        "rot13",
        "base64",
        "unicode_escape",
        "undefined",
        "\0",
    ):
        assert not is_encoding(name)


def test_a_time_of_day_may_follow_a_date_as_sas_writes_it() -> None:
    assert Dialect(date_format="DDMONYYYY").iso_date("02JUL2024:10:15:00") == (
        "2024-07-02"
    )
    assert Dialect(date_format="YYYY-MM-DD").iso_date("2024-07-02 10:15:00") == (
        "2024-07-02"
    )


def test_days_from_1970_are_those_of_r() -> None:
    """as.numeric(as.Date("2024-07-02")) is 19906."""
    assert Dialect(date_format="unix").iso_date("19906") == "2024-07-02"
