"""All slips by which a configuration is no YAML, as far as each can be told alone."""

from alsdecline.plain_yaml import YamlError, parse_yaml

MOST_SLIPS = 20
"""Slips that are told at once."""


def slips_in(text: str) -> list[tuple[int, str]]:
    """Find why a text is no YAML; past a slip that is plain the text is read on.

    Parameters
    ----------
    text : str
        A configuration.

    Returns
    -------
    list of (line, message)
        Fault and remedy of each; the last may hide others.
    """
    slips: list[tuple[int, str]] = []
    while text and len(slips) < MOST_SLIPS:
        try:
            parse_yaml(text)
        except YamlError as error:
            slips.append((error.line, str(error)))
            text = error.mended
        else:
            break
    return slips
