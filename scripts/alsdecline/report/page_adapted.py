"""What of a page must read otherwise where it is no page: in Word and as PDF."""

from typing import Any

_RAISED = str.maketrans("abcdefgh", "\u1d43\u1d47\u1d9c\u1d48\u1d49\u1da0\u1d4d\u02b0")
"""Letters that stand raised by themselves."""


def _title(heading: Any) -> str:
    """Return the words of a heading, without its number."""
    numbers = [one for one in heading.iter("span") if one.get("class") == "number"]
    whole = "".join(heading.itertext()).strip()
    for number in numbers:
        whole = whole.removeprefix("".join(number.itertext())).strip()
    return " ".join(whole.split())


def _set_text(node: Any, text: str) -> None:
    for child in list(node):
        node.remove(child)
    node.text = text


def _sections_by_title(root: Any) -> None:
    """Refer to sections by title: their numbers are the page's alone."""
    titles = {one.get("id"): _title(one) for one in root.iter("h2") if one.get("id")}
    for node in root.iter("a"):
        title = titles.get(node.get("href", "").removeprefix("#"))
        if title and node.get("class") == "reference":
            _set_text(
                node,
                f"\N{LEFT DOUBLE QUOTATION MARK}{title}\N{RIGHT DOUBLE QUOTATION MARK}",
            )


def _scripts_written(root: Any) -> None:
    """Write what stands below or above a line with _ and ^, as plain text has it.

    Marks of footnotes are letters that are raised themselves.
    """
    for node in root.iter("sub", "sup"):
        said = "".join(node.itertext())
        if node.get("class") == "note-mark":
            _set_text(node, said.translate(_RAISED))
            continue
        mark = "_" if node.tag == "sub" else "^"
        _set_text(node, mark + (said if len(said) < 2 else f"{{{said}}}"))


def adapt_to_documents(root: Any) -> None:
    """Change a page in place so that its text can be read apart from it.

    Parameters
    ----------
    root : element of lxml
        The main part of a page. References to sections have their titles then, and
        sub- and superscripts stand after _ and ^.
    """
    _sections_by_title(root)
    _scripts_written(root)
