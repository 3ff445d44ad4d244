# What haven reads of transport files, for benchmarks/haven_reads.py to compare:
# a table of name, label, format, row and value of each cell; numbers as hexadecimal.
library(haven)
for (file in commandArgs(trailingOnly = TRUE)) {
  data <- read_xpt(file)
  out <- lapply(names(data), function(name) {
    values <- data[[name]]
    dated <- inherits(values, "Date")
    text <- if (is.character(values)) {
      values
    } else {
      # R's days count from 1970-01-01, those of SAS from 1960-01-01
      sprintf("%a", as.numeric(values) + if (dated) 3653 else 0)
    }
    label <- attr(values, "label")
    data.frame(
      variable = name, label = if (is.null(label)) "" else label,
      kind = if (dated) "date" else if (is.character(values)) "text" else "number",
      row = seq_along(values), value = text
    )[seq_along(values), ]
  })
  write.csv(do.call(rbind, out), sub("xpt$", "haven.csv", file),
    row.names = FALSE, fileEncoding = "UTF-8", na = "")
}
