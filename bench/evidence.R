# The same questions asked of R: Rscript bench/evidence.R FOLDER. Prints answers and seconds as CSV.
suppressPackageStartupMessages({ library(survival); library(maxstat) })
folder <- commandArgs(TRUE)[1]
read <- function(name) read.csv(file.path(folder, name), check.names = FALSE)
say <- function(...) cat(..., sep = ",", fill = FALSE, "\n")
digits <- function(x) sprintf("%.12g", x)
spent <- function(started) sum((proc.time() - started)[c("user.self", "sys.self")])
plan <- read("plan.csv")
cuts <- read("cuts.csv")

milestones <- lapply(c(14, 30, 60), function(age) list(age = age, rows = read(paste0("age_", age, ".csv"))))
started <- proc.time()
for (part in milestones) {
  d <- part$rows
  y <- Surv(d$time, d$event)
  for (name in grep("^event_", names(d), value = TRUE)) {
    x <- d[[name]]
    test <- survdiff(y ~ x + strata(d$stratum))
    fit <- coxph(y ~ x + strata(d$stratum), ties = "efron")
    curve <- summary(survfit(y ~ x, conf.type = "log-log"), times = plan$horizon, extend = TRUE)
    say("milestone", paste(name, part$age), digits(pchisq(test$chisq, 1, lower.tail = FALSE)), digits(coef(fit)[[1]]), digits(sqrt(vcov(fit)[1, 1])))
    stopifnot(length(curve$surv) == 2)
  }
}
say("seconds", "milestones", digits(spent(started)))

early <- read("searched.csv")
late <- read("later.csv")
signals <- grep("^signal_", names(early), value = TRUE)
started <- proc.time()
set.seed(1)
for (name in signals) {
  score <- numeric(nrow(early))
  for (rows in split(seq_len(nrow(early)), early$landmark)) {
    score[rows] <- residuals(coxph(Surv(time, event) ~ 1, early[rows, ], ties = "breslow"))
  }
  d <- data.frame(score = score, value = early[[name]])
  found <- maxstat.test(score ~ value, d, smethod = "Data", pmethod = "condMC", B = plan$permutations,
    minprop = plan$lowest, maxprop = 1 - plan$lowest)
  cut <- cuts$cut[cuts$signal == name]
  past <- if (cuts$side[cuts$signal == name] == "above") late[[name]] > cut else late[[name]] <= cut
  fit <- coxph(Surv(entry, time, event) ~ past + strata(late$landmark), late, ties = "efron", cluster = late$account)
  say("threshold", name, digits(found$statistic), digits(found$estimate), digits(coef(fit)[[1]]), digits(sqrt(vcov(fit)[1, 1])))
}
say("seconds", "thresholds", digits(spent(started)))
say("version", paste(R.version$major, R.version$minor, sep = "."), as.character(packageVersion("survival")), as.character(packageVersion("maxstat")))
