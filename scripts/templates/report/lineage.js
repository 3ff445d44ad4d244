// a click on a number tells what is behind it, as `audit.py trace` does; all that is
// shown is put in as text. The page itself holds it, or a file beside it, which
// data-numbers of the body names
(() => {
  const data = document.getElementById("lineage");
  const beside = document.body.dataset.numbers;
  if (!data && beside === undefined) return;
  const { blocks, values, complements } = data ? JSON.parse(data.textContent) : {};
  const panel = document.getElementById("lineage-panel");
  const told = document.getElementById("lineage-told");
  const root = document.documentElement;
  const numbers = [...document.querySelectorAll("[data-value-id]")]
    .filter((place) => !place.closest("a, summary"));
  root.classList.add("has-lineage");

  const made = (name, text, parent) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    parent?.append(element);
    return element;
  };

  // a row of a patient leads to the patient's page
  const named = /^(record \d+, USUBJID |row \d+ \()/;
  const withPatient = (line, parent) => {
    const before = line.match(named)?.[0] ?? "";
    const rest = line.slice(before.length);
    const ends = [...rest.matchAll(/, |: |$/g)].map(({ index }) => index);
    const end = before && ends.find((at) => at && patientPages.has(rest.slice(0, at)));
    if (!end) return parent.append(line);
    parent.append(before);
    patientPages.link(rest.slice(0, end), parent);
    parent.append(rest.slice(end));
  };

  const list = (found, parent) => {
    const shown = made("dl", "", parent);
    for (const [name, ...lines] of found) {
      made("dt", name, shown);
      for (const line of lines) withPatient(line, made("dd", "", shown));
    }
  };

  const tell = (id) => {
    const [[, value], ...rest] = values[id].map((place) => blocks[place]);
    const part = made("section", "", told);
    part.dataset.told = id;
    made("h3", value, part);
    if (complements.includes(id)) {
      made("p", "Printed as 100% less this value, for the report states the contrary.", part);
    }
    const copy = made("button", "Copy the id", part);
    copy.type = "button";
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(id);
        copy.textContent = "Copied";
      } catch {
        copy.textContent = "Not allowed here";
      }
    });
    const link = made("a", "Link to this", part);
    link.href = `#trace=${encodeURIComponent(id)}`;
    link.style.marginLeft = ".8rem";
    list(rest.filter(([name]) => name !== "setting"), part);
    const settings = rest.filter(([name]) => name === "setting");
    if (!settings.length) return;
    const closed = made("details", "", part);
    made("summary", "Settings of the computation", closed);
    list(settings, closed);
  };

  const open = (ids) => {
    if (!data) {
      location.href = `${beside}#trace=${encodeURIComponent(ids.join(" "))}`;
      return;
    }
    const known = ids.filter((id) => Object.hasOwn(values, id));
    if (!known.length) return;
    told.replaceChildren();
    known.forEach(tell);
    history.replaceState(null, "", `#trace=${encodeURIComponent(known.join(" "))}`);
    if (!panel.open) panel.showModal();
    panel.scrollTop = 0;
  };

  const asked = (event) => {
    const place = event.target.closest("[data-value-id]");
    if (!place || event.target.closest("a, summary, button")) return;
    if (getSelection().toString()) return;
    open(place.dataset.valueId.split(" "));
  };
  document.addEventListener("click", asked);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    if (!event.target.matches?.("[data-value-id]")) return;
    event.preventDefault();
    asked(event);
  });
  panel.addEventListener("close", () => {
    if (!location.hash.startsWith("#trace=")) return;
    history.replaceState(null, "", location.pathname + location.search);
  });
  panel.addEventListener("click", (event) => {
    if (event.target === panel) panel.close();
  });

  // hundreds of stops would hold up who goes through the page by keyboard, so numbers
  // are stops on demand
  const stops = document.querySelector(".number-stops");
  if (stops) stops.hidden = false;
  stops?.addEventListener("click", () => {
    const on = stops.getAttribute("aria-pressed") !== "true";
    stops.setAttribute("aria-pressed", String(on));
    for (const place of numbers) {
      if (on) place.tabIndex = 0;
      else place.removeAttribute("tabindex");
    }
  });

  const shared = () => {
    const asked = location.hash.match(/^#trace=(.+)$/)?.[1];
    if (!asked) panel.close();
    try {
      if (asked) open(decodeURIComponent(asked).split(" "));
    } catch (error) {
      if (!(error instanceof URIError)) throw error;  // of an address cut off in a mail
    }
  };
  addEventListener("hashchange", shared);
  shared();
})();
