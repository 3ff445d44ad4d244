// what a reader does with a table: copy it, download it as CSV, sort and filter its rows;
// without this script, and in print, tables stand as they are
(() => {
  const MANY = 8;

  const text = (cell) => {
    const copy = cell.cloneNode(true);
    copy.querySelectorAll(".sort, .note-mark").forEach((part) => part.remove());
    return copy.textContent.replace(/\u2212/g, "-").replace(/\s+/g, " ").trim();
  };

  const button = (said, parent, what) => {
    const element = document.createElement("button");
    element.type = "button";
    element.textContent = said;
    element.addEventListener("click", () => what(element));
    parent.append(element);
    return element;
  };

  // below a head of several columns, a column's name is longer than its own head
  const headsOf = (table) => [...table.querySelectorAll("thead th[data-column]")]
    .sort((one, other) => one.dataset.column - other.dataset.column);
  const nameOf = (head) => head.dataset.name.replace(/\u2212/g, "-").replace(/\s+/g, " ").trim();

  // heads once, the name of a row's group in a column of its own
  const lines = (table) => {
    const by = table.dataset.groupedBy;
    const heads = headsOf(table).map(nameOf);
    const found = [by === undefined ? heads : [by, ...heads]];
    for (const body of table.tBodies) {
      for (const row of body.querySelectorAll("tr:not(.group):not([hidden])")) {
        const cells = [...row.cells].map(text);
        const name = (body.dataset.group ?? "").replace(/\u2212/g, "-");
        found.push(by === undefined ? cells : [name, ...cells]);
      }
    }
    return found;
  };

  const download = (table) => {
    const name = (table.caption.id || "table").replace(/[^\w-]/g, "");
    savedFiles.save(`${name}.csv`, savedFiles.csv(lines(table)));
  };

  const copied = async (table, pressed) => {
    const rows = lines(table).map((row) => row.map(savedFiles.safe).join("\t")).join("\n");
    const said = pressed.textContent;
    try {
      await navigator.clipboard.writeText(rows);
      pressed.textContent = "Copied";
    } catch {
      pressed.textContent = "Not allowed here";
    }
    setTimeout(() => { pressed.textContent = said; }, 2000);
  };

  // numbers by size, texts by letters, what is no number last
  const size = (said) => {
    const found = said.replace(/,(?=\d{3})/g, "").match(/^[<>]?\s?([+-]?\d+(\.\d+)?)/);
    return found ? Number(found[1]) : NaN;
  };

  const order = (numeric, sign) => ([, a], [, b]) => {
    if (!numeric) return sign * a.localeCompare(b, "en", { numeric: true });
    const [x, y] = [size(a), size(b)];
    if (isNaN(x) || isNaN(y)) return isNaN(x) - isNaN(y);
    return sign * (x - y);
  };

  // rows change places within their group alone; a third press restores the order
  const sortable = (table) => {
    const original = [...table.tBodies].map((body) => [...body.querySelectorAll("tr:not(.group)")]);
    const heads = headsOf(table);
    heads.forEach((head, place) => {
      const name = nameOf(head);
      if (!name) return;
      const press = button("\u2195", head, () => {
        const next = { none: "ascending", ascending: "descending", descending: "none" };
        const way = next[head.getAttribute("aria-sort") ?? "none"];
        for (const other of heads) {
          other.removeAttribute("aria-sort");
          const shown = other.querySelector(".sort");
          if (shown) shown.textContent = "\u2195";
        }
        if (way !== "none") head.setAttribute("aria-sort", way);
        press.textContent = { none: "\u2195", ascending: "\u25b2", descending: "\u25bc" }[way];
        const numeric = head.matches(".number, .numbers");
        [...table.tBodies].forEach((body, nth) => {
          const rows = original[nth].map((row) => [row, text(row.cells[place])]);
          if (way !== "none") rows.sort(order(numeric, way === "ascending" ? 1 : -1));
          body.append(...rows.map(([row]) => row));
        });
      });
      press.className = "sort";
      press.setAttribute("aria-label", `Sort by ${name}`);
    });
  };

  const filter = (table, wanted) => {
    for (const body of table.tBodies) {
      const rows = [...body.querySelectorAll("tr:not(.group)")];
      for (const row of rows) {
        const said = [body.dataset.group ?? "", ...[...row.cells].map(text)].join(" ").toLowerCase();
        row.hidden = !said.includes(wanted.replace(/\u2212/g, "-").toLowerCase());
      }
      body.hidden = rows.every((row) => row.hidden);
    }
  };

  for (const table of document.querySelectorAll("table.printed")) {
    const tools = document.createElement("div");
    tools.className = "table-tools";
    const name = text(table.caption);
    tools.setAttribute("role", "group");
    tools.setAttribute("aria-label", `Tools: ${name}`);
    if (table.querySelectorAll("tbody tr:not(.group)").length > MANY) {
      const wanted = document.createElement("input");
      wanted.type = "search";
      wanted.placeholder = "Filter rows";
      wanted.setAttribute("aria-label", `Filter rows: ${name}`);
      wanted.addEventListener("input", () => filter(table, wanted.value.trim()));
      tools.append(wanted);
      sortable(table);
    }
    button("Copy", tools, (pressed) => copied(table, pressed));
    button("CSV", tools, () => download(table));
    table.closest(".scroll").before(tools);
  }
  addEventListener("beforeprint", () => {
    for (const hidden of document.querySelectorAll("table.printed [hidden]")) hidden.hidden = false;
    for (const wanted of document.querySelectorAll(".table-tools input")) wanted.value = "";
  });
})();
