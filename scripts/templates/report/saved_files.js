// what a reader saves of tables and figures
const savedFiles = {
  // a spreadsheet would compute what begins as a formula does, unless it is a number
  safe(cell) {
    const number = /^[+-]?\d[\d,]*(\.\d+)?(e[+-]?\d+)?%?$/i;
    return /^[=+\-@\t\r]/.test(cell) && !number.test(cell) ? `'${cell}` : cell;
  },

  csv(rows) {
    const quoted = (cell) => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
    const line = (row) => row.map((cell) => quoted(savedFiles.safe(String(cell ?? "")))).join(",");
    // the mark by which spreadsheets know UTF-8
    return new Blob(["\ufeff", rows.map((row) => `${line(row)}\r\n`).join("")], { type: "text/csv" });
  },

  save(name, blob) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  },
};
