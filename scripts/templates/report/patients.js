// a patient's page: all that the datasets hold of the patient, put in as text. The page
// itself holds it, or a file beside it, which data-patients of the body names
const patientPages = (() => {
  const data = document.getElementById("patient-pages");
  const { facts, tables, patients } = data ? JSON.parse(data.textContent) : {};
  const beside = document.body.dataset.patients;
  const panel = document.getElementById("patient-panel");

  const made = (name, text, parent) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    parent.append(element);
    return element;
  };

  const list = (cells, parent) => {
    const shown = made("dl", "", parent);
    facts.forEach((name, place) => {
      if (!cells[place]) return;
      made("dt", name, shown);
      made("dd", cells[place], shown);
    });
  };

  const SHORT = 12;  // letters of a date or a visit, which no line breaks
  const numeric = (cell) => /^-?\d+(\.\d+)?$/.test(cell);
  const table = ({ caption, head }, rows, parent) => {
    if (!rows.length) return;
    const room = made("div", "", parent);
    room.className = "scroll";
    room.tabIndex = 0;
    room.setAttribute("role", "region");
    room.setAttribute("aria-label", caption);
    const shown = made("table", "", room);
    made("caption", caption, shown);
    const kept = head.map((_, place) => place).filter((place) => rows.some((row) => row[place]));
    const numbers = kept.map((place) => rows.every((row) => !row[place] || numeric(row[place])));
    const heads = made("tr", "", made("thead", "", shown));
    kept.forEach((place, nth) => {
      const cell = made("th", head[place], heads);
      cell.scope = "col";
      if (numbers[nth]) cell.className = "number";
    });
    const body = made("tbody", "", shown);
    for (const row of rows) {
      const line = made("tr", "", body);
      kept.forEach((place, nth) => {
        const cell = made(nth ? "td" : "th", row[place].replace(/^-(?=\d)/, "\u2212"), line);
        if (!nth) cell.scope = "row";
        if (numbers[nth]) cell.className = "number";
        else if (row[place].length <= SHORT) cell.className = "short";
      });
    }
  };

  const has = (id) => id !== undefined && (data ? Object.hasOwn(patients, id) : beside !== undefined);
  const address = (id) => `${data ? "" : beside}#patient=${encodeURIComponent(id)}`;

  const show = (id) => {
    const told = document.getElementById("patient-told");
    document.getElementById("patient-title").textContent = `Patient ${id}`;
    told.replaceChildren();
    const [cells, ...rows] = patients[id];
    list(cells, told);
    tables.forEach((each, place) => table(each, rows[place], told));
    if (!panel.open) panel.showModal();
    panel.scrollTop = 0;
  };

  // whoever goes back to an address without a patient leaves the page
  const asked = () => {
    const named = location.hash.match(/^#patient=(.+)$/)?.[1];
    let id;
    try {
      if (named) id = decodeURIComponent(named);
    } catch (error) {
      if (!(error instanceof URIError)) throw error;  // of an address cut off in a mail
    }
    if (id === undefined || !has(id)) panel?.close();
    else if (data) show(id);
    else location.replace(address(id));
  };
  panel?.addEventListener("close", () => {
    if (!location.hash.startsWith("#patient=")) return;
    history.replaceState(null, "", location.pathname + location.search);
  });
  panel?.addEventListener("click", (event) => {
    if (event.target === panel) panel.close();
  });
  // a decision may have left out whoever it names
  for (const link of document.querySelectorAll("a.patient")) {
    if (!has(decodeURIComponent(link.hash.slice("#patient=".length)))) link.replaceWith(...link.childNodes);
  }
  addEventListener("hashchange", asked);
  asked();

  return {
    has,
    go: (id) => { location.href = address(id); },
    link(id, parent) {
      const shown = made("a", id, parent);
      shown.className = "patient";
      shown.href = address(id);
    },
  };
})();
