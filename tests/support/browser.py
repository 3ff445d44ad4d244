"""Pages in a browser that may ask for nothing."""

from collections.abc import Callable
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Dialog, Page, Route

WIDE, PHONE = (1150, 800), (390, 844)
Opened = Callable[..., "Watched"]


class Watched:
    """A page, what it asked for, and what it complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("console", lambda m: self._told(m.type, m.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("dialog", self._opened)

    def _opened(self, dialog: Dialog) -> None:
        self.complaints.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def _told(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    def go(self, address: str) -> "Watched":
        """Open a file; whatever else is asked for is refused and noted."""

        def only_the_page(route: Route) -> None:
            if route.request.url.split("#")[0] == address.split("#")[0]:
                route.continue_()
            else:
                self.asked.append(route.request.url)
                route.abort()

        self.page.route("**/*", only_the_page)
        self.page.goto(address)
        return self


def serious_faults(page: Page) -> dict[str, Any]:
    """Return what axe finds serious or critical, by rule, with some places of each."""
    found = Axe().run(page).response["violations"]
    return {
        one["id"]: [node["target"] for node in one["nodes"]][:5]
        for one in found
        if one["impact"] in ("serious", "critical")
    }
