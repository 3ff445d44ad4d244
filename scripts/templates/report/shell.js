// the list of sections follows the reading; print opens what is closed; the page can
// be dark. All in a function of its own: other scripts of the page share no name with it
(() => {
  const root = document.documentElement;
  const nav = document.querySelector("nav.side");
  const list = nav.querySelector("details");

  // beside the text the list is always open, above it only on demand
  const beside = matchMedia("(min-width: 64rem)");
  const place = () => { list.open = beside.matches; };
  place();
  beside.addEventListener("change", place);
  list.addEventListener("click", (event) => {
    if (event.target.closest("a") && !beside.matches) list.open = false;
  });

  // jumps end below what stays at the top
  const banner = document.querySelector(".banner");
  const measure = () => {
    const sticky = banner && getComputedStyle(banner).position === "sticky";
    root.style.setProperty("--top", `${sticky ? banner.offsetHeight : 0}px`);
  };
  measure();
  addEventListener("resize", measure);

  // where facts stand below the warnings and leave the first screen, warnings are counted
  // and their texts opened on demand
  const warnings = document.querySelector(".cautions");
  const facts = document.querySelector(".facts")?.getBoundingClientRect();
  if (warnings && facts && facts.bottom + scrollY > innerHeight
    && warnings.getBoundingClientRect().bottom <= facts.top) warnings.open = false;

  const links = new Map(
    [...list.querySelectorAll("a")].map((link) => [link.hash.slice(1), link]));
  const seen = new Set();
  let current;
  const follow = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const anchor = entry.target.getAttribute("aria-labelledby");
      if (entry.isIntersecting) seen.add(anchor);
      else seen.delete(anchor);
    }
    const link = [...links].find(([anchor]) => seen.has(anchor))?.[1];
    if (!link || link === current) return;
    current?.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    current = link;
    if (beside.matches) nav.scrollTop = link.offsetTop - nav.clientHeight / 2;
  }, { rootMargin: "-15% 0px -70% 0px" });
  document.querySelectorAll("section.part").forEach((part) => follow.observe(part));

  // a jump to what is within a closed part opens it
  const reveal = () => {
    // ids of places have no letter that an address would write otherwise
    const target = document.getElementById(location.hash.slice(1));
    for (let part = target; part; part = part.parentElement?.closest("details")) {
      if (part.tagName === "DETAILS") part.open = true;
      else if (!part.closest("details")) break;
    }
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  // what was chosen lasts as long as the page is open: nothing is stored
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const button = nav.querySelector(".theme");
  const isDark = () => (root.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";
  const label = () => { button.textContent = isDark() ? "Light" : "Dark"; };
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    label();
  });
  dark.addEventListener("change", label);
  label();

  const opened = [];
  addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details:not([open])")) {
      part.open = true;
      opened.push(part);
    }
  });
  addEventListener("afterprint", () => {
    for (const part of opened.splice(0)) part.open = false;
  });
})();
