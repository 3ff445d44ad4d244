// figures grow to the window's size, and are saved as they are printed: in light colours
(() => {
  const dialog = document.createElement("dialog");
  dialog.className = "enlarged";
  dialog.setAttribute("aria-label", "Figure, enlarged");
  const close = document.createElement("button");
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  const room = document.createElement("div");
  room.className = "scroll";
  room.tabIndex = 0;
  dialog.append(close, room);
  document.body.append(dialog);

  // what is enlarged is the figure itself, not a copy: its ids stay unique
  let place;
  dialog.addEventListener("close", () => place.append(...room.childNodes));
  const enlarge = (box) => {
    place = box;
    room.append(...box.childNodes);
    dialog.showModal();
  };

  const inLight = (drawn) => new XMLSerializer().serializeToString(drawn)
    .replace(/var\(--[a-z]+, (#[0-9a-f]{6})\)/g, "$1");
  const asSvg = (drawn) => new Blob([inLight(drawn)], { type: "image/svg+xml" });
  const savePng = async (drawn, name) => {
    const image = new Image();
    image.src = `data:image/svg+xml,${encodeURIComponent(inLight(drawn))}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 3 * image.width;
    canvas.height = 3 * image.height;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => savedFiles.save(name, blob), "image/png");
  };

  // what a point stands for: the nearest one's facts, as they are in the figure
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.popover = "manual";
  document.body.append(tip);
  const pointsOf = (drawn) => [...drawn.querySelectorAll("[data-facts]")].flatMap((group) => {
    const { of, at } = JSON.parse(group.dataset.facts);
    const n = Math.max(0, ...Object.values(at).map((each) => each.length));
    let places = [...group.querySelectorAll("use")]
      .map((use) => [Number(use.getAttribute("x")), Number(use.getAttribute("y"))]);
    if (places.length !== n) {
      const path = group.querySelector(":scope > path")?.getAttribute("d") ?? "";
      places = [...path.matchAll(/[ML] (\S+) (\S+)/g)].map((m) => [Number(m[1]), Number(m[2])]);
    }
    return Array.from({ length: n }, (_, i) => ({
      place: places.length === n ? places[i] : undefined,
      facts: { ...of, ...Object.fromEntries(Object.keys(at).map((name) => [name, at[name][i]])) },
    }));
  });
  const near = 14;
  const nearest = (event, drawn, points) => {
    const matrix = drawn.getScreenCTM();
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    let best;
    let least = near / matrix.a;
    for (const one of points) {
      if (!one.place) continue;
      const far = Math.hypot(one.place[0] - at.x, one.place[1] - at.y);
      if (far < least) [best, least] = [one, far];
    }
    return best;
  };
  const point = (event, drawn, points) => {
    const best = nearest(event, drawn, points);
    drawn.style.cursor = best && patientPages.has(best.facts.patient) ? "pointer" : "";
    if (!best) return tip.hidePopover();
    tip.replaceChildren(...Object.entries(best.facts).map(([name, value]) => {
      const line = document.createElement("div");
      line.textContent = `${name}: ${value ?? "\u2013"}`;
      return line;
    }));
    tip.hidePopover();  // shown again it is above a dialog too
    tip.showPopover();
    const { width, height } = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(0, Math.min(event.clientX + 12, innerWidth - width - 4))}px`;
    tip.style.top = `${Math.max(0, Math.min(event.clientY + 12, innerHeight - height - 4))}px`;
  };
  const asCsv = (points, kind) => {
    const names = [...new Set(points.flatMap(({ facts }) => Object.keys(facts)))];
    const rows = points.map(({ facts }) => [...names.map((name) => facts[name]), kind]);
    return savedFiles.csv([[...names, "data_kind"], ...rows]);
  };

  for (const figure of document.querySelectorAll("figure.chart")) {
    const box = figure.querySelector(".scroll");
    const drawn = box.querySelector("svg");
    const { name } = figure.dataset;
    const tools = figure.querySelector(".tools");
    const tool = (label, meaning, act) => {
      const button = document.createElement("button");
      button.textContent = label;
      button.setAttribute("aria-label", meaning);
      button.addEventListener("click", act);
      tools.append(button);
    };
    tool("Enlarge", "Enlarge the figure", () => enlarge(box));
    tool("SVG", "Save the figure as SVG", () => savedFiles.save(`${name}.svg`, asSvg(drawn)));
    tool("PNG", "Save the figure as PNG", () => savePng(drawn, `${name}.png`));
    const points = pointsOf(drawn);
    if (points.length) {
      tool("CSV", "Save the numbers that are drawn as CSV",
        () => savedFiles.save(`${name}.csv`, asCsv(points, figure.dataset.kind)));
      drawn.addEventListener("pointermove", (event) => point(event, drawn, points));
      drawn.addEventListener("click", (event) => {
        const patient = nearest(event, drawn, points)?.facts.patient;
        if (patientPages.has(patient)) patientPages.go(patient);
      });
      drawn.addEventListener("pointerleave", () => tip.hidePopover());
    }
    tools.hidden = false;
  }
})();
