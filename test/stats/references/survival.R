# Reference values for test/stats, printed as JSON: Rscript survival.R > survival.json
# Each entry holds the call that made it and the input columns that it needs.
suppressPackageStartupMessages({
  library(survival); library(cmprsk); library(maxstat); library(jsonlite)
})
entries <- list()
add <- function(name, call, ...) entries[[name]] <<- list(call = call, ...)

z <- c(-37, -6, -1.96, -0.3, 0, 0.5, 1.96, 5, 12, 25, 30, 37.5)
add("normal", "pnorm(z), pnorm(z, lower = FALSE), pnorm(z, lower = FALSE, log = TRUE), qnorm(p)",
  z = z, cdf = pnorm(z), upper = pnorm(z, lower.tail = FALSE),
  zFar = c(20, 40, 100, 1000), logUpper = pnorm(c(20, 40, 100, 1000), lower.tail = FALSE, log.p = TRUE),
  p = c(1e-300, 1e-20, 1e-5, 0.025, 0.3, 0.5, 0.9, 0.975, 0.999999),
  quantile = qnorm(c(1e-300, 1e-20, 1e-5, 0.025, 0.3, 0.5, 0.9, 0.975, 0.999999)))

chi <- expand.grid(x = c(1e-4, 0.5, 3.841459, 20, 60, 300, 1400, 2352.8725382593), df = c(1, 2, 3, 7, 30, 250))
chip <- expand.grid(p = c(1e-10, 0.05, 0.5, 0.95, 0.999999), df = c(1, 2, 7, 250))
add("chi_square", "pchisq(x, df), pchisq(x, df, lower = FALSE), pchisq(x, df, lower = FALSE, log = TRUE), qchisq(p, df)",
  x = chi$x, df = chi$df, cdf = pchisq(chi$x, chi$df), upper = pchisq(chi$x, chi$df, lower.tail = FALSE),
  logUpper = pchisq(chi$x, chi$df, lower.tail = FALSE, log.p = TRUE),
  p = chip$p, pDf = chip$df, quantile = qchisq(chip$p, chip$df))

tt <- expand.grid(t = c(-4, -0.1, 0, 0.5, 2, 10, 100), df = c(1, 2.5, 10, 200, 10000))
tp <- expand.grid(p = c(1e-12, 0.025, 0.3, 0.6, 0.975), df = c(1, 2.5, 10, 200, 10000))
add("student_t", "pt(t, df), pt(t, df, lower = FALSE), qt(p, df)",
  t = tt$t, df = tt$df, cdf = pt(tt$t, tt$df), upper = pt(tt$t, tt$df, lower.tail = FALSE),
  p = tp$p, pDf = tp$df, quantile = qt(tp$p, tp$df))
#SECTIONS
cat(toJSON(list(
  made_by = list(R = R.version.string, survival = as.character(packageVersion("survival")),
    cmprsk = as.character(packageVersion("cmprsk")), maxstat = as.character(packageVersion("maxstat"))),
  entries = entries), digits = NA, auto_unbox = TRUE, null = "null", na = "null"))
