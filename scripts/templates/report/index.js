// the names that have what is typed in them
document.getElementById("index-filter").addEventListener("input", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  for (const item of document.querySelectorAll(".index li")) {
    item.hidden = !item.textContent.toLowerCase().includes(wanted);
  }
});
