"""Calendar dates are known in the languages of Europe, and little else is one."""

import pytest

from alsdecline.raw.calendar_dates import A_DATE, without_dates


@pytest.mark.parametrize(
    "date",
    [
        *("2024-03-05", "2024-03", "2024/3/5", "20240305", "2024-03-05T10:00"),
        *("05.03.2024", "5/3/24", "5. 3. 2024", "03/2024", "3.2024"),
        *("5 March 2024", "5th March 2024", "5th of March, 2024", "March 5th, 2024"),
        *("March 2024", "Mar-2024", "05MAR2024", "05MAR24", "5 Sept. 2024"),
        *("5th March", "5 March", "March 5th", "2024-Mar-05", "2024. március 5"),
        *("5. März 2024", "5.März", "März 2024", "5. Jänner 2024"),
        *("5 juin 2024", "3 août 2024", "1er mars 2024", "février 2024"),
        *("5 de marzo de 2024", "marzo de 2024", "12 ottobre 2024", "5 março 2024"),
        *("5 maart 2024", "5 augusti 2024", "5. maaliskuuta 2024", "5 marca 2024"),
        *("5. března 2024", "5 Μαρτίου 2024", "5 марта 2024"),
        *("2024年3月5日", "2024年3月", "3月5日", "令和6年3月5日", "2024년 3월 5일"),
    ],
)
@pytest.mark.parametrize("text", ["{}", "seen {}.", "({}) and {}", "fell_{}_at home"])
def test_a_date_is_taken_out_of_a_text(date: str, text: str) -> None:
    assert without_dates(text.format(date, date)) == text.format(A_DATE, A_DATE)


def test_dates_stand_before_letters_of_languages_that_have_no_blanks() -> None:
    assert without_dates("転居2024年3月5日転居") == "転居(date)転居"
    assert without_dates("転居2024-03-05に") == "転居(date)に"


@pytest.mark.parametrize(
    "text",
    [
        *("since 2019", "Grade 3 may be 4", "1001-02", "2024-15", "BP 120/80"),
        *("12 of 2019", "2 x 500 mg", "38.5 to 7.45", "3 marked, 2 set", "Q10-12"),
        *("decreased 2000 mg", "P-20240305ABCD", "P-12DEC2019ABC", "12 visits 2000"),
    ],
)
def test_what_is_no_date_stays(text: str) -> None:
    assert without_dates(text) == text
