# Fits of lme4 with the inference of pbkrtest, for benchmarks/kenward_roger.py:
# columns y, id, f1.., r1..; out: a JSON object of names and numbers.
suppressMessages({ library(lme4); library(pbkrtest) })
arguments <- commandArgs(trailingOnly = TRUE)
d <- read.csv(arguments[1], colClasses = c(id = "character"))
fixed <- grep("^f[0-9]", names(d), value = TRUE)
random <- grep("^r[0-9]", names(d), value = TRUE)
formula <- as.formula(paste("y ~ 0 +", paste(fixed, collapse = " + "),
                            "+ (0 +", paste(random, collapse = " + "), "| id)"))
fit <- lmer(formula, d, REML = TRUE,
            control = lmerControl(optimizer = "bobyqa", calc.derivs = FALSE,
                                  optCtrl = list(rhoend = 1e-10, maxfun = 1e6)))
phi <- vcov(fit)
adjusted <- vcovAdj(fit)
of <- function(j) {
  contrast <- as.numeric(seq_along(fixed) == j)
  df <- Lb_ddf(contrast, phi, adjusted)
  se <- sqrt(sum(contrast * as.vector(adjusted %*% contrast)))
  estimate <- unname(fixef(fit)[j])
  c(estimate, se, df, 2 * pt(-abs(estimate / se), df))
}
rows <- sapply(seq_along(fixed), of)
numbers <- function(x) paste0("[", paste(sprintf("%.15g", x), collapse = ", "), "]")
cat(sprintf('{"random_covariance": %s, "residual_variance": %.15g, "singular": %s,
 "estimate": %s, "se": %s, "df": %s, "p_value": %s,
 "software": "R %s, lme4 %s, pbkrtest %s"}',
  numbers(as.matrix(VarCorr(fit)$id)), sigma(fit)^2, tolower(isSingular(fit)),
  numbers(rows[1, ]), numbers(rows[2, ]), numbers(rows[3, ]), numbers(rows[4, ]),
  getRversion(), packageVersion("lme4"), packageVersion("pbkrtest")))
