"""Slips of the hand by which a number becomes another."""

from decimal import Decimal, InvalidOperation

FACTORS = {
    10: "a decimal point one place off",
    100: "a decimal point two places off",
    1000: "a decimal point three places off",
}


def _exchanged(text: str) -> set[str]:
    """Return a number's texts with two neighbouring digits exchanged."""
    pairs = range(len(text) - 1)
    return {
        text[:i] + text[i + 1] + text[i] + text[i + 2 :]
        for i in pairs
        if text[i].isdigit() and text[i + 1].isdigit() and text[i] != text[i + 1]
    }


def slip_of(value: float, expected: float, within: float) -> str:
    """Name the slip that makes a number of one that would be expected.

    Parameters
    ----------
    value : float
        As recorded.
    expected : float
        What the patient's other values lead one to expect.
    within : float
        How near the number without the slip must come to it.

    Returns
    -------
    str
        Empty where no slip explains the value.
    """
    text = f"{value:.12g}"
    candidates: list[tuple[float, str]] = [(-value, "a sign")] if value else []
    for factor, name in FACTORS.items():
        candidates += [(value / factor, name), (value * factor, name)]
    for other in sorted(_exchanged(text)):
        try:
            candidates.append((float(Decimal(other)), "two digits exchanged"))
        except InvalidOperation:  # of a number written with an exponent
            continue
    near = [
        (abs(number - expected), name)
        for number, name in candidates
        if abs(number - expected) <= within
        and abs(number - expected) < abs(value - expected) / 4
    ]
    return min(near)[1] if near else ""
