"""Numbers of persons that check themselves: national and insurance numbers."""

import re
from collections.abc import Callable

_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


def _weighted(digits: str, weights: range) -> int:
    return sum(int(d) * w for d, w in zip(digits, weights, strict=False))


def _nhs(digits: str) -> bool:
    """NHS number of England and Wales: ten digits, the last modulo 11."""
    return (11 - _weighted(digits[:9], range(10, 1, -1)) % 11) % 11 == int(digits[9])


def _bsn(digits: str) -> bool:
    """Burgerservicenummer of the Netherlands: the proof by eleven."""
    return (_weighted(digits[:8], range(9, 1, -1)) - int(digits[8])) % 11 == 0


def _cpf(digits: str) -> bool:
    """CPF of Brazil: eleven digits, the last two modulo 11."""

    def last(part: str) -> int:
        return _weighted(part, range(len(part) + 1, 1, -1)) * 10 % 11 % 10

    return f"{last(digits[:9])}{last(digits[:10])}" == digits[9:]


def _pesel(digits: str) -> bool:
    """PESEL of Poland: eleven digits that begin with the date of birth."""
    weights = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]
    of_birth = 1 <= int(digits[2:4]) % 20 <= 12 and 1 <= int(digits[4:6]) <= 31
    total = sum(int(d) * w for d, w in zip(digits, weights, strict=True))
    return of_birth and total % 10 == 0


def _steuer_id(digits: str) -> bool:
    """Steuer-Identifikationsnummer of Germany: ISO 7064 MOD 11,10."""
    product = 10
    for digit in digits[:10]:
        product = ((int(digit) + product - 1) % 10 + 1) * 2 % 11
    return digits[0] != "0" and (11 - product) % 10 == int(digits[10])


def _luhn(digits: str) -> bool:
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(digits)]
    return sum(d // 10 + d % 10 for d in doubled) % 10 == 0


def _personnummer(digits: str) -> bool:
    """Personnummer of Sweden: YYMMDD and four digits, by Luhn."""
    of_birth = 1 <= int(digits[2:4]) <= 12 and 1 <= int(digits[4:6]) % 60 <= 31
    return of_birth and _luhn(digits[-10:])


def _kvnr(text: str) -> bool:
    """Krankenversichertennummer of Germany: a letter and nine digits, by Luhn."""
    letter = f"{ord(text[0]) - 64:02d}"
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(letter + text[1:9])]
    return sum(d // 10 + d % 10 for d in doubled) % 10 == int(text[9])


def _nir(digits: str) -> bool:
    """NIR of France: thirteen digits and a key modulo 97."""
    return digits[0] in "12" and 97 - int(digits[:13]) % 97 == int(digits[13:])


def _dni(text: str) -> bool:
    """DNI and NIE of Spain: digits and a letter modulo 23."""
    number = text[:-1].translate(str.maketrans("XYZ", "012"))
    return _DNI_LETTERS[int(number) % 23] == text[-1]


def _codice_fiscale(text: str) -> bool:
    """Codice fiscale of Italy: its shape, months being nine letters of twelve."""
    return text[8] in "ABCDEHLMPRST"


_NUMBERS: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (re.compile(r"\d{10}"), _nhs),
    (re.compile(r"\d{9}"), _bsn),
    (re.compile(r"\d{11}"), _cpf),
    (re.compile(r"\d{11}"), _pesel),
    (re.compile(r"\d{11}"), _steuer_id),
    (re.compile(r"\d{10}"), _personnummer),
    (re.compile(r"[A-Z]\d{9}"), _kvnr),
    (re.compile(r"[12]\d{14}"), _nir),
    (re.compile(r"[XYZ\d]\d{7}[A-Z]"), _dni),
    (re.compile(r"[A-Z]{6}\d\d[A-Z]\d\d[A-Z]\d{3}[A-Z]"), _codice_fiscale),
)

_BETWEEN = re.compile(r"[ .\-/]")

FEWEST = 4
"""Different numbers of a column that must all hold, lest a few do so by chance."""


def are_checked_numbers(texts: list[str]) -> bool:
    """Tell whether all cells of a column are numbers of persons of one kind.

    Parameters
    ----------
    texts : list of str
        The different texts of a column, none empty. Fewer than :data:`FEWEST` are
        none: at random one in eleven holds.

    Returns
    -------
    bool
    """
    if len(texts) < FEWEST or not 9 <= len(texts[0]) <= 20:
        return False
    kinds = _NUMBERS
    for text in texts:  # few columns are of any kind beyond their first text
        plain = _BETWEEN.sub("", text)
        kinds = tuple(
            (shape, holds)
            for shape, holds in kinds
            if shape.fullmatch(plain) and holds(plain)
        )
        if not kinds:
            return False
    return True
