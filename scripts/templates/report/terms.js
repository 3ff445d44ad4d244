// what a term means, beside it: while it is pointed at or has the focus, or by a tap;
// without this script the link leads to the list of terms
(() => {
  const box = document.createElement("div");
  box.className = "term-box";
  box.id = "term-box";
  box.setAttribute("role", "tooltip");
  box.hidden = true;
  document.body.append(box);
  let shown, leaving, tapped;

  const hide = () => {
    clearTimeout(leaving);
    shown?.removeAttribute("aria-describedby");
    shown = undefined;
    box.hidden = true;
  };
  const leave = () => { leaving = setTimeout(hide, 200); };
  const show = (link) => {
    clearTimeout(leaving);
    if (shown === link) return;
    hide();
    shown = link;
    box.textContent = document.getElementById(link.hash.slice(1)).textContent;
    link.setAttribute("aria-describedby", box.id);
    box.hidden = false;
    const at = link.getClientRects()[0];
    const right = innerWidth - box.offsetWidth - 8;
    box.style.left = `${Math.max(8, Math.min(at.left, right))}px`;
    const below = at.bottom + 6;
    const fits = below + box.offsetHeight < innerHeight;
    box.style.top = `${fits ? below : Math.max(8, at.top - box.offsetHeight - 6)}px`;
  };

  for (const link of document.querySelectorAll("a.term")) {
    link.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse") show(link);
    });
    link.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") leave();
    });
    // a tap gives the focus before it clicks: what the tap has opened stays open
    link.addEventListener("pointerdown", () => { tapped = shown === link; });
    link.addEventListener("focus", () => show(link));
    link.addEventListener("blur", hide);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      event.stopPropagation();
      if (tapped && event.pointerType === "touch") hide();
      else show(link);
      tapped = false;
    });
  }
  box.addEventListener("pointerenter", () => clearTimeout(leaving));
  box.addEventListener("pointerleave", leave);
  addEventListener("scroll", hide, { passive: true });
  addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
})();
