"""Drawings of a page taken out of it, with the styles that it gives them."""

import copy
import re
from typing import Any

from lxml import etree

SVG = "http://www.w3.org/2000/svg"
_WIDTH = 620
"""Pixels that a drawing is laid out for that takes the width it is given."""

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_AT_RULE = re.compile(r"@[^{;]*(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_VARIABLE = re.compile(r"(--[\w-]+)\s*:\s*([^;}]+)")
_USE = re.compile(r"var\((--[\w-]+)(?:\s*,\s*((?:[^()]|\([^()]*\))*))?\)")
_BY_THEME = re.compile(r"light-dark\(([^,()]+),[^()]*\)")
# names that HTML's parser writes small
_MIXED_CASE = {
    "viewbox": "viewBox",
    "preserveaspectratio": "preserveAspectRatio",
    "textlength": "textLength",
    "gradientunits": "gradientUnits",
    "gradienttransform": "gradientTransform",
    "patternunits": "patternUnits",
    "clippathunits": "clipPathUnits",
    "markerwidth": "markerWidth",
    "markerheight": "markerHeight",
    "refx": "refX",
    "refy": "refY",
}
_MIXED_TAGS = {
    "clippath": "clipPath",
    "lineargradient": "linearGradient",
    "radialgradient": "radialGradient",
    "textpath": "textPath",
}


def _values(styles: str) -> dict[str, str]:
    """Return the variables of a page, as they are on white paper."""
    values: dict[str, str] = {}
    for name, value in _VARIABLE.findall(_AT_RULE.sub("", styles)):
        values.setdefault(name, _BY_THEME.sub(r"\1", value).strip())
    return values


def _resolved(text: str, values: dict[str, str]) -> str:
    """Put the values of variables in their place; they may name others."""
    for _ in range(3):
        text = _USE.sub(lambda use: values.get(use[1], use[2] or "none"), text)
    return _BY_THEME.sub(r"\1", text)


def _rules_for(classes: set[str], styles: str) -> str:
    """Return the rules of a page that name a class, as they are on white paper."""
    plain = _AT_RULE.sub("", styles)
    found = []
    for selector, declarations in _RULE.findall(plain):
        if any(re.search(rf"\.{re.escape(one)}\b", selector) for one in classes):
            found.append(f"{selector.strip()}{{{declarations.strip()}}}")
    return "\n".join(found)


def styled_svg(node: Any, styles: str) -> bytes:
    """Return a drawing that stands in a page as a file that stands alone.

    Parameters
    ----------
    node : element
        The drawing, as HTML's parser read it.
    styles : str
        The styles of the page; rules that name a class of the drawing, or of what it
        stands in, go with it.
    """
    within = {
        name
        for parent in node.iterancestors()
        for name in parent.get("class", "").split()
    }
    classes = within.union(*(one.get("class", "").split() for one in node.iter("*")))
    drawing = copy.deepcopy(node)
    drawing.tail = None
    for one in drawing.iter("*"):
        one.tag = f"{{{SVG}}}{_MIXED_TAGS.get(one.tag, one.tag)}"
        for name in [name for name in one.attrib if name in _MIXED_CASE]:
            one.set(_MIXED_CASE[name], one.attrib.pop(name))
    drawing.set("class", " ".join(sorted(within | set(node.get("class", "").split()))))
    # what a system has for "sans-serif" differs
    drawing.set("font-family", "DejaVu Sans, IPAexGothic")
    if drawing.get("viewBox") is None:
        height = re.match(r"[\d.]+", drawing.get("height", "300"))
        drawing.set("width", str(_WIDTH))
        drawing.set("viewBox", f"0 0 {_WIDTH} {height[0] if height else 300}")
    styles = _COMMENT.sub("", styles)
    rules = etree.Element(f"{{{SVG}}}style")
    rules.text = _rules_for(classes, styles)
    drawing.insert(0, rules)
    text = etree.tostring(drawing, encoding="unicode")
    return _resolved(text, _values(styles)).encode()
