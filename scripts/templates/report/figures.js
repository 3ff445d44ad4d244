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
  const save = (name, blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const asSvg = (drawn) => new Blob([inLight(drawn)], { type: "image/svg+xml" });
  const savePng = async (drawn, name) => {
    const image = new Image();
    image.src = `data:image/svg+xml,${encodeURIComponent(inLight(drawn))}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 3 * image.width;
    canvas.height = 3 * image.height;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => save(name, blob), "image/png");
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
    tool("SVG", "Save the figure as SVG", () => save(`${name}.svg`, asSvg(drawn)));
    tool("PNG", "Save the figure as PNG", () => savePng(drawn, `${name}.png`));
    tools.hidden = false;
  }
})();
