// the ids are in the page once, as attributes; here they become text to be copied
const box = document.getElementById("show-ids");
box.closest("label").hidden = false;
box.checked = false;
box.addEventListener("change", () => {
  document.querySelectorAll("code.value-id").forEach((shown) => shown.remove());
  if (!box.checked) return;
  for (const place of document.querySelectorAll("[data-value-id]")) {
    for (const id of place.dataset.valueId.split(" ")) {
      const shown = document.createElement("code");
      shown.className = "value-id";
      shown.textContent = id;
      place.append(shown);
    }
  }
  box.scrollIntoView();
});
