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
lung2 <- subset(lung, !is.na(ph.ecog))
lung2$event <- lung2$status - 1
lung2$sex <- lung2$sex - 1
add("data_lung", "survival::lung where ph.ecog is known; event = status - 1, sex = sex - 1",
  time = lung2$time, event = lung2$event, sex = lung2$sex, age = lung2$age, ecog = lung2$ph.ecog)
vet <- veteran; vet$cell <- as.integer(vet$celltype) - 1
add("data_veteran", "survival::veteran; cell = as.integer(celltype) - 1", time = vet$time, event = vet$status,
  trt = vet$trt, karno = vet$karno, age = vet$age, cell = vet$cell, diagtime = vet$diagtime, prior = vet$prior)
hrt <- survival::heart; hrt$tx <- as.integer(hrt$transplant) - 1
add("data_heart", "survival::heart; tx = as.integer(transplant) - 1", entry = hrt$start, time = hrt$stop,
  event = hrt$event, age = hrt$age, year = hrt$year, surgery = hrt$surgery, tx = hrt$tx, id = hrt$id)
cg <- cgd; cg$treated <- as.integer(cg$treat) - 1; cg$male <- as.integer(cg$sex == "male")
add("data_cgd", "survival::cgd; treated = as.integer(treat) - 1, male = sex == male", entry = cg$tstart, time = cg$tstop,
  event = cg$status, treated = cg$treated, age = cg$age, steroids = cg$steroids, male = cg$male, id = cg$id)
add("data_aml", "survival::aml; maintained = x == Maintained", time = aml$time, event = aml$status,
  maintained = as.integer(aml$x == "Maintained"))

curve <- function(fit, at) {
  s <- summary(fit, censored = TRUE); a <- summary(fit, times = at, extend = FALSE)
  q <- unname(summary(fit)$table[c("median", "0.95LCL", "0.95UCL")])
  list(time = s$time, atRisk = s$n.risk, eventCount = s$n.event, censored = fit$n.censor, survival = s$surv,
    standardError = ifelse(s$surv > 0, s$std.err, 0), lower = fit$lower, upper = fit$upper, at = I(a$time), atSurvival = I(a$surv), atLower = I(a$lower),
    atUpper = I(a$upper), median = q[1], medianLower = q[2], medianUpper = q[3])
}
rmst <- function(fit, tau) { t <- summary(fit, rmean = tau)$table
  if (is.matrix(t)) unname(t[, c("rmean", "se(rmean)")]) else unname(t[c("rmean", "se(rmean)")]) }
km <- function(name, data, formula, at, tau) {
  for (type in c("log", "log-log")) {
    fit <- survfit(formula, data, conf.type = type)
    add(paste0("km_", name, "_", type), paste0("survfit(", deparse(formula), ", ", name, ", conf.type = '", type, "'); summary(rmean = ", tau, ")$table"),
      curve = curve(fit, at), tau = tau, rmean = rmst(fit, tau))
  }
}
km("lung", lung2, Surv(time, event) ~ 1, c(100, 365, 700), 500)
km("veteran", vet, Surv(time, status) ~ 1, c(30, 100, 400), 300)
km("heart", hrt, Surv(start, stop, event) ~ 1, c(30, 100, 1000), 800)
km("aml", aml, Surv(time, status) ~ 1, c(9, 30, 100), 45)
for (i in 0:1) km(paste0("lung_sex", i), subset(lung2, sex == i), Surv(time, event) ~ 1, c(365), 600)

lr <- function(name, call, d) {
  e <- if (is.matrix(d$exp)) rowSums(d$exp) else d$exp
  o <- if (is.matrix(d$obs)) rowSums(d$obs) else d$obs
  add(name, call, observed = o, expected = e, variance = as.vector(d$var), chiSquare = d$chisq, p = pchisq(d$chisq, length(e) - 1, lower.tail = FALSE))
}
lr("log_rank_lung_sex", "survdiff(Surv(time, event) ~ sex, lung)", survdiff(Surv(time, event) ~ sex, lung2))
lr("log_rank_lung_ecog", "survdiff(Surv(time, event) ~ ecog, lung)", survdiff(Surv(time, event) ~ ph.ecog, lung2))
lr("log_rank_veteran_cell", "survdiff(Surv(time, status) ~ celltype + strata(trt), veteran)", survdiff(Surv(time, status) ~ celltype + strata(trt), vet))
d <- survdiff(Surv(time, event) ~ ph.ecog, lung2); w <- 0:3
add("log_rank_trend_lung", "w <- 0:3; d <- survdiff(Surv(time, event) ~ ecog, lung); sum(w * (d$obs - d$exp)) / sqrt(w %*% d$var %*% w)",
  z = sum(w * (d$obs - d$exp)) / sqrt(as.vector(w %*% d$var %*% w)))
set.seed(1)
noties <- hrt[, c("start", "stop", "event", "tx")]
noties$stop <- noties$stop + seq_len(nrow(noties)) / 1000 * noties$event
f <- coxph(Surv(start, stop, event) ~ tx, noties)
add("log_rank_heart_no_ties", "coxph(Surv(start, stop + row / 1000 * event, event) ~ tx, heart)$score: the log-rank test where no events tie",
  entry = noties$start, time = noties$stop, event = noties$event, group = noties$tx, chiSquare = f$score)

cx <- function(name, call, fit) {
  s <- summary(fit)
  add(name, call, coef = unname(coef(fit)), variance = as.vector(vcov(fit)),
    naive = if (is.null(fit$naive.var)) NULL else as.vector(fit$naive.var),
    z = unname(s$coefficients[, "z"]), p = unname(s$coefficients[, "Pr(>|z|)"]),
    lower = unname(s$conf.int[, 3]), upper = unname(s$conf.int[, 4]),
    logLikelihood = fit$loglik, likelihoodRatio = unname(s$logtest[1]), wald = unname(fit$wald.test), score = fit$score)
}
cx("cox_lung", "coxph(Surv(time, event) ~ sex + age + ecog, lung)", coxph(Surv(time, event) ~ sex + age + ph.ecog, lung2))
cx("cox_veteran_strata", "coxph(Surv(time, status) ~ trt + karno + age + diagtime + prior + strata(celltype), veteran)",
  coxph(Surv(time, status) ~ trt + karno + age + diagtime + prior + strata(celltype), vet))
cx("cox_heart", "coxph(Surv(start, stop, event) ~ age + year + surgery + tx, heart)",
  coxph(Surv(start, stop, event) ~ age + year + surgery + tx, hrt))
cx("cox_heart_cluster", "coxph(Surv(start, stop, event) ~ age + year + surgery + tx, heart, cluster = id)",
  coxph(Surv(start, stop, event) ~ age + year + surgery + tx, hrt, cluster = id))
cx("cox_cgd_cluster", "coxph(Surv(tstart, tstop, status) ~ treated + age + steroids, cgd, cluster = id)",
  coxph(Surv(tstart, tstop, status) ~ treated + age + steroids, cg, cluster = id))
cx("cox_cgd_cluster_strata", "coxph(Surv(tstart, tstop, status) ~ treated + age + steroids + strata(male), cgd, cluster = id)",
  coxph(Surv(tstart, tstop, status) ~ treated + age + steroids + strata(male), cg, cluster = id))
cx("cox_lung_ties_cluster", "coxph(Surv(ceiling(time / 30), event) ~ sex + age, lung, cluster = ecog): heavy ties",
  coxph(Surv(ceiling(time / 30), event) ~ sex + age, lung2, cluster = ph.ecog))
cx("cox_lung_offset", "coxph(Surv(time, event) ~ sex + offset(0.02 * age), lung)", coxph(Surv(time, event) ~ sex + offset(0.02 * age), lung2))

zph <- function(name, call, fit) for (transform in c("km", "identity", "rank")) {
  t <- cox.zph(fit, transform = transform)$table
  add(paste0(name, "_", transform), paste0("cox.zph(", call, ", transform = '", transform, "')"), chiSquare = unname(t[, 1]), p = unname(t[, 3]))
}
zph("zph_lung", "coxph(Surv(time, event) ~ sex + age + ecog, lung)", coxph(Surv(time, event) ~ sex + age + ph.ecog, lung2))
zph("zph_veteran_strata", "coxph(Surv(time, status) ~ trt + karno + age + strata(celltype), veteran)", coxph(Surv(time, status) ~ trt + karno + age + strata(celltype), vet))
zph("zph_heart", "coxph(Surv(start, stop, event) ~ age + year + surgery + tx, heart)", coxph(Surv(start, stop, event) ~ age + year + surgery + tx, hrt))
ss <- expand.grid(h = c(0.5, 0.8, 1.25, 2), share = c(0.5, 0.2))
add("schoenfeld", "ceiling((qnorm(0.975) + qnorm(0.8))^2 / (share * (1 - share) * log(h)^2)): formula of Schoenfeld 1983",
  hazardRatio = ss$h, exposedShare = ss$share, events = ceiling((qnorm(0.975) + qnorm(0.8))^2 / (ss$share * (1 - ss$share) * log(ss$h)^2)))
pp <- data.frame(p1 = c(0.9, 0.5, 0.2, 0.95), p2 = c(0.85, 0.4, 0.3, 0.9), power = c(0.8, 0.9, 0.8, 0.8))
add("power_prop", "ceiling(power.prop.test(p1 = exposed, p2 = unexposed, power = power)$n)", exposed = pp$p1, unexposed = pp$p2, power = pp$power,
  accounts = ceiling(mapply(function(a, b, w) power.prop.test(p1 = a, p2 = b, power = w, tol = 1e-10)$n, pp$p1, pp$p2, pp$power)))

tele <- mgus2; tele$etime <- with(tele, ifelse(pstat == 0, futime, ptime)); tele$status <- with(tele, ifelse(pstat == 0, 2 * death, 1))
tele$female <- as.integer(tele$sex == "F")
add("data_mgus2", "survival::mgus2; time = ifelse(pstat == 0, futime, ptime), cause = ifelse(pstat == 0, 2 * death, 1), female = sex == F",
  time = tele$etime, cause = tele$status, female = tele$female)
cu <- cuminc(tele$etime, tele$status); at <- c(12, 60, 120, 240, 360)
tp <- timepoints(cu, at)
fit <- survfit(Surv(etime, factor(status, 0:2)) ~ 1, tele)
add("cuminc_mgus2", "timepoints(cuminc(time, cause), at)", at = at, estimate1 = unname(tp$est[1, ]), variance1 = unname(tp$var[1, ]),
  estimate2 = unname(tp$est[2, ]), variance2 = unname(tp$var[2, ]))
set.seed(7)
small <- data.frame(time = sample(1:8, 40, TRUE), cause = sample(0:2, 40, TRUE), group = rep(0:1, 20))
cs <- cuminc(small$time, small$cause); ts <- timepoints(cs, 1:8)
add("cuminc_ties", "set.seed(7); 40 rows of sample(1:8), sample(0:2); timepoints(cuminc(time, cause), 1:8)",
  time = small$time, cause = small$cause, at = 1:8,
  estimate1 = unname(ts$est[1, ]), variance1 = unname(ts$var[1, ]))
tele$entry <- tele$etime / 3 * (seq_len(nrow(tele)) %% 2)
tele2 <- subset(tele, etime > 0)
fe <- survfit(Surv(entry, etime, factor(status, 0:2)) ~ 1, tele2, id = seq_len(nrow(tele2)))
se <- summary(fe, times = c(60, 120, 240))
add("aalen_johansen_entry", "survfit(Surv(time / 3 * (row %% 2), time, factor(cause)) ~ 1, mgus2, id = row); summary(times = at)$pstate",
  entry = tele2$entry, time = tele2$etime, cause = tele2$status, at = c(60, 120, 240), estimate1 = unname(se$pstate[, 2]), estimate2 = unname(se$pstate[, 3]),
  error1 = unname(se$std.err[, 2]))

ms <- function(name, call, x, y, events = NULL, scores, minprop = 0.1, maxprop = 0.9) {
  d <- data.frame(x = x, y = scores)
  m94 <- maxstat.test(y ~ x, d, smethod = "Data", pmethod = "Lau94", minprop = minprop, maxprop = maxprop)
  m92 <- maxstat.test(y ~ x, d, smethod = "Data", pmethod = "Lau92", minprop = minprop, maxprop = maxprop)
  add(name, call, x = x, score = scores, statistic = unname(m94$statistic), cut = unname(m94$estimate), cuts = unname(m94$cuts),
    statistics = unname(m94$stats), p94 = unname(m94$p.value), p92 = unname(m92$p.value))
}
mart <- residuals(coxph(Surv(time, event) ~ 1, lung2, ties = "breslow"), type = "martingale")
ms("maxstat_lung_age", "maxstat.test(residuals(coxph(Surv(time, event) ~ 1, ties = 'breslow')) ~ age, lung, smethod = 'Data', pmethod = 'Lau94' | 'Lau92')",
  lung2$age, NULL, NULL, unname(mart))
mv <- residuals(coxph(Surv(time, status) ~ 1, vet, ties = "breslow"), type = "martingale")
ms("maxstat_veteran_karno", "maxstat.test(residuals(coxph(Surv(time, status) ~ 1, ties = 'breslow')) ~ karno, veteran, smethod = 'Data', ...)",
  vet$karno, NULL, NULL, unname(mv))
nt <- subset(vet, !duplicated(time)); nt <- nt[order(nt$time), ]
mm <- maxstat.test(Surv(time, status) ~ age, nt, smethod = "LogRank", pmethod = "Lau94")
add("maxstat_log_rank_no_ties", "maxstat.test(Surv(time, status) ~ age, veteran of different times, smethod = 'LogRank', pmethod = 'Lau94')",
  x = nt$age, time = nt$time, event = nt$status, statistic = unname(mm$statistic), cut = unname(mm$estimate))
add("paired_t", "t.test(sleep extra of both drugs four times over, paired = TRUE); difference / sd(control)",
  subject = rep(sleep$extra[11:20], 4) + rep(0:3, each = 10) / 10, control = rep(sleep$extra[1:10], 4),
  t = unname(t.test(rep(sleep$extra[11:20], 4) + rep(0:3, each = 10) / 10, rep(sleep$extra[1:10], 4), paired = TRUE)$statistic),
  difference = mean(rep(sleep$extra[11:20], 4) + rep(0:3, each = 10) / 10 - rep(sleep$extra[1:10], 4)),
  d = mean(rep(sleep$extra[11:20], 4) + rep(0:3, each = 10) / 10 - rep(sleep$extra[1:10], 4)) / sd(rep(sleep$extra[1:10], 4)))
rounded <- transform(subset(hrt, ceiling(stop / 20) > floor(start / 20)), start = floor(start / 20), stop = ceiling(stop / 20))
mantel <- function(rows) {
  tables <- lapply(split(rows, rows$surgery), function(d) lapply(unique(d$stop[d$event == 1]), function(t) {
    r <- d[d$start < t & t <= d$stop, ]
    table(factor(r$tx, 0:1), factor(r$stop == t & r$event == 1, c(FALSE, TRUE)))
  }))
  tables <- Filter(function(t) sum(t) > 1, unlist(tables, recursive = FALSE))
  unname(mantelhaen.test(array(unlist(tables), c(2, 2, length(tables))), correct = FALSE)$statistic)
}
add("log_rank_heart_ties", "mantelhaen.test(one 2 x 2 table of tx and event per event time [and surgery], correct = FALSE), heart in units of 20 days",
  entry = rounded$start, time = rounded$stop, event = rounded$event, group = rounded$tx, strata = rounded$surgery,
  chiSquare = mantel(transform(rounded, surgery = 0)), stratified = mantel(rounded))
cat(toJSON(list(
  made_by = list(R = R.version.string, survival = as.character(packageVersion("survival")),
    cmprsk = as.character(packageVersion("cmprsk")), maxstat = as.character(packageVersion("maxstat"))),
  entries = entries), digits = NA, auto_unbox = TRUE, null = "null", na = "null"))
