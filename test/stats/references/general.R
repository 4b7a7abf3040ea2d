# Prints general.json: values of R for test/stats, with the call of each. Run: Rscript general.R > general.json, then biome
suppressMessages({library(pROC); library(sandwich); library(boot); library(glmnet); library(jsonlite)})
R <- paste("R", getRversion())
with_package <- function(p) paste0(R, ", ", p, " ", packageVersion(p))
out <- list()
put <- function(name, tool, call, input, value)
  out[[name]] <<- list(tool = unbox(tool), call = unbox(call), input = lapply(input, function(v) as.numeric(v)),
                       value = lapply(value, function(v) as.numeric(v)))

# multiple testing
bh95 <- c(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.000)
shuffled <- c(0.04, 0.001, 0.04, 0.9, 0.03, 0.2, 0.001, 1)
put("p_adjust_bh95", R, "p.adjust(p, 'BH'); p.adjust(p, 'holm'), p of Benjamini and Hochberg 1995", list(p = bh95),
    list(bh = p.adjust(bh95, "BH"), holm = p.adjust(bh95, "holm")))
put("p_adjust_ties", R, "p.adjust with ties, out of order", list(p = shuffled),
    list(bh = p.adjust(shuffled, "BH"), holm = p.adjust(shuffled, "holm")))

# proportions
x <- c(0, 1, 15, 81, 148, 263, 20, 29, 5000); n <- c(20, 29, 148, 263, 148, 263, 20, 29, 100000)
wilson <- mapply(function(x, n) suppressWarnings(prop.test(x, n, correct = FALSE)$conf.int), x, n)
wilsoncc <- mapply(function(x, n) suppressWarnings(prop.test(x, n, correct = TRUE)$conf.int), x, n)
exact <- mapply(function(x, n) binom.test(x, n)$conf.int, x, n)
exact90 <- mapply(function(x, n) binom.test(x, n, conf.level = 0.9)$conf.int, x, n)
put("wilson", R, "prop.test(x, n, correct = FALSE)$conf.int", list(x = x, n = n), list(low = wilson[1, ], high = wilson[2, ]))
# prop.test moves the correction to |x - n/2| where that is smaller: only where p is not 1/2
put("wilson_corrected", R, "prop.test(x, n, correct = TRUE)$conf.int", list(x = x, n = n), list(low = wilsoncc[1, ], high = wilsoncc[2, ]))
put("clopper_pearson", R, "binom.test(x, n)$conf.int", list(x = x, n = n), list(low = exact[1, ], high = exact[2, ]))
put("clopper_pearson_90", R, "binom.test(x, n, conf.level = 0.9)$conf.int", list(x = x, n = n), list(low = exact90[1, ], high = exact90[2, ]))

# Fisher
tables <- rbind(c(3, 1, 1, 3), c(10, 2, 3, 15), c(0, 5, 6, 0), c(7, 12, 0, 5), c(2, 3, 6, 4), c(120, 80, 90, 110),
                c(1655, 2220, 166, 1307), c(0, 0, 4, 6), c(5, 5, 5, 5), c(2200, 50000, 2600, 51000), c(1, 9, 11, 3))
fisher <- function(alternative) apply(tables, 1, function(t) fisher.test(matrix(t, 2, byrow = TRUE), alternative = alternative)$p.value)
put("fisher", R, "fisher.test(matrix(t, 2, byrow = TRUE), alternative)$p.value",
    list(a = tables[, 1], b = tables[, 2], c = tables[, 3], d = tables[, 4]),
    list(two_sided = fisher("two.sided"), greater = fisher("greater"), less = fisher("less")))

# contingency
he <- margin.table(HairEyeColor, c(1, 2)); chi <- chisq.test(he)
put("chisq_hair_eye", R, "chisq.test(margin.table(HairEyeColor, c(1, 2)))", list(rows = as.vector(t(he))),
    list(statistic = chi$statistic, df = chi$parameter, p = chi$p.value, expected = as.vector(t(chi$expected)),
         v = sqrt(chi$statistic / (sum(he) * 3))))
smoke <- matrix(c(83, 3, 90, 3), 2, byrow = TRUE); yt <- matrix(c(12, 5, 7, 19), 2, byrow = TRUE)
put("chisq_yates", R, "chisq.test(matrix(c(12, 5, 7, 19), 2, byrow = TRUE), correct = TRUE / FALSE)", list(rows = c(12, 5, 7, 19)),
    list(corrected = c(chisq.test(yt)$statistic, chisq.test(yt)$p.value),
         plain = c(chisq.test(yt, correct = FALSE)$statistic, chisq.test(yt, correct = FALSE)$p.value)))
close_table <- matrix(c(10, 10, 10, 11), 2, byrow = TRUE)
put("chisq_yates_close", R, "chisq.test(matrix(c(10, 10, 10, 11), 2, byrow = TRUE))", list(rows = c(10, 10, 10, 11)),
    list(corrected = c(suppressWarnings(chisq.test(close_table))$statistic, chisq.test(close_table)$p.value)))
mh <- mantelhaen.test(UCBAdmissions, correct = FALSE); mhc <- mantelhaen.test(UCBAdmissions)
ucb <- apply(UCBAdmissions, 3, function(t) as.vector(t(t)))
put("cochran_mantel_haenszel", R, "mantelhaen.test(UCBAdmissions, correct = FALSE); correct = TRUE",
    list(a = ucb[1, ], b = ucb[2, ], c = ucb[3, ], d = ucb[4, ]),
    list(plain = c(mh$statistic, mh$p.value), corrected = c(mhc$statistic, mhc$p.value), odds_ratio = mh$estimate, interval = mh$conf.int))

# AUC
data(aSAH, package = "pROC")
y <- as.integer(aSAH$outcome == "Poor")
roc_of <- function(score) roc(y, score, levels = c(0, 1), direction = "<", quiet = TRUE)
rs <- roc_of(aSAH$s100b); rw <- roc_of(as.numeric(aSAH$wfns)); rn <- roc_of(aSAH$ndka)
tst <- roc.test(rs, rw, method = "delong", paired = TRUE); tst2 <- roc.test(rs, rn, method = "delong", paired = TRUE)
put("auc_asah", with_package("pROC"), "auc, var, ci.auc(roc(outcome, s100b | wfns | ndka)); roc.test(method = 'delong', paired = TRUE)",
    list(y = y, s100b = aSAH$s100b, wfns = as.numeric(aSAH$wfns), ndka = aSAH$ndka),
    list(auc = c(auc(rs), auc(rw), auc(rn)), variance = c(var(rs), var(rw), var(rn)),
         low = c(ci.auc(rs)[1], ci.auc(rw)[1], ci.auc(rn)[1]), high = c(ci.auc(rs)[3], ci.auc(rw)[3], ci.auc(rn)[3]),
         covariance = c(cov(rs, rw), cov(rs, rn)), z = c(tst$statistic, tst2$statistic), p = c(tst$p.value, tst2$p.value),
         difference_low = c(tst$conf.int[1], tst2$conf.int[1]), difference_high = c(tst$conf.int[2], tst2$conf.int[2])))
# Obuchowski 1997 written out pair by pair, from the paper's formulas; the clusters are made up: five rows each
cluster <- rep(seq_len(23), length.out = length(y))
obuchowski <- function(s, t) {
  psi <- function(u) outer(u[y == 1], u[y == 0], function(a, b) (a > b) + 0.5 * (a == b))
  cp <- cluster[y == 1]; cn <- cluster[y == 0]; all <- sort(unique(cluster))
  parts <- lapply(list(s, t), function(u) { k <- psi(u); th <- mean(k)
    list(v10 = sapply(all, function(g) sum(rowMeans(k)[cp == g] - th)), v01 = sapply(all, function(g) sum(colMeans(k)[cn == g] - th))) })
  I10 <- length(unique(cp)); I01 <- length(unique(cn)); I <- length(all); m <- length(cp); n <- length(cn)
  A <- parts[[1]]; B <- parts[[2]]
  s10 <- I10 / ((I10 - 1) * m) * sum(A$v10 * B$v10); s01 <- I01 / ((I01 - 1) * n) * sum(A$v01 * B$v01)
  s11 <- I / (I - 1) * (sum(A$v10 * B$v01) + sum(A$v01 * B$v10))
  s10 / m + s01 / n + s11 / (m * n)
}
put("auc_clustered", R, "Obuchowski 1997 (Biometrics 53, 567-578), written out pair by pair over outer()", list(cluster = cluster),
    list(variance = c(obuchowski(aSAH$s100b, aSAH$s100b), obuchowski(as.numeric(aSAH$wfns), as.numeric(aSAH$wfns))),
         covariance = obuchowski(aSAH$s100b, as.numeric(aSAH$wfns))))

# logistic
fit <- glm(case ~ age + parity + spontaneous + induced, binomial, infert, control = list(epsilon = 1e-14, maxit = 100))
X <- infert[, c("age", "parity", "spontaneous", "induced")]
se <- function(v) sqrt(diag(v))
put("logistic_infert", with_package("sandwich"),
    "glm(case ~ age + parity + spontaneous + induced, binomial, infert); vcov; vcovCL(cluster = ~stratum, type = 'HC0', cadjust = TRUE / FALSE)",
    c(list(y = infert$case, stratum = infert$stratum), as.list(X)),
    list(coefficients = coef(fit), se = se(vcov(fit)), z = summary(fit)$coefficients[, 3], p = summary(fit)$coefficients[, 4],
         deviance = deviance(fit), null_deviance = fit$null.deviance,
         se_clustered = se(vcovCL(fit, cluster = infert$stratum, type = "HC0", cadjust = TRUE)),
         se_clustered_unadjusted = se(vcovCL(fit, cluster = infert$stratum, type = "HC0", cadjust = FALSE)),
         se_hc0 = se(vcovCL(fit, cluster = seq_len(nrow(infert)), type = "HC0", cadjust = FALSE)),
         covariance_clustered = as.vector(vcovCL(fit, cluster = infert$stratum, type = "HC0", cadjust = TRUE))))
w <- rep(c(1, 2, 0.5), length.out = nrow(infert)); o <- (infert$age - 30) / 20
fw <- suppressWarnings(glm(case ~ parity + spontaneous, binomial, infert, weights = w, offset = o, control = list(epsilon = 1e-14, maxit = 100)))
put("logistic_weights_offset", with_package("sandwich"), "glm(case ~ parity + spontaneous, binomial, infert, weights = w, offset = o); vcovCL HC0",
    list(y = infert$case, parity = infert$parity, spontaneous = infert$spontaneous, weight = w, offset = o, stratum = infert$stratum),
    list(coefficients = coef(fw), se = se(vcov(fw)), deviance = deviance(fw),
         se_clustered = se(vcovCL(fw, cluster = infert$stratum, type = "HC0", cadjust = TRUE))))
# glmnet divides the likelihood by n: our penalty is n times its lambda
lambda <- c(0.5, 0.02)
rg <- glmnet(as.matrix(X), infert$case, family = "binomial", alpha = 0, lambda = lambda, standardize = FALSE, thresh = 1e-22, maxit = 1e7)
put("logistic_ridge", with_package("glmnet"), "glmnet(X, case, 'binomial', alpha = 0, lambda = c(0.5, 0.02), standardize = FALSE, thresh = 1e-22)",
    list(lambda = lambda), list(strong = c(rg$a0[1], rg$beta[, 1]), weak = c(rg$a0[2], rg$beta[, 2])))

# calibration
prob <- plogis(-1.6 + 0.8 * infert$spontaneous + 0.35 * infert$induced); lp <- qlogis(prob)
ci0 <- glm(infert$case ~ 1, binomial, offset = lp, control = list(epsilon = 1e-14)); ci1 <- glm(infert$case ~ lp, binomial, control = list(epsilon = 1e-14))
put("calibration", R, "glm(case ~ 1, offset = lp); glm(case ~ lp); mean((p - case)^2)", list(y = infert$case, p = prob),
    list(intercept = c(coef(ci0), se(vcov(ci0))), slope = c(coef(ci1)[2], se(vcov(ci1))[2]), brier = mean((prob - infert$case)^2)))
iso <- isoreg(mtcars$wt, mtcars$mpg); o1 <- order(-mtcars$wt)
iso_x <- c(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12); iso_y <- c(1, 0, 4, 3, 3, 5, 9, 8, 8, 7, 12, 10)
put("isotonic", R, "isoreg(x, y)$yf", list(x = iso_x, y = iso_y), list(fitted = isoreg(iso_x, iso_y)$yf))

# bootstrap: boot.ci on replicates that come with the input, so that only the interval is compared
set.seed(11); sample_x <- mtcars$mpg; b <- boot(sample_x, function(d, i) var(d[i]), R = 499)
jack <- sapply(seq_along(sample_x), function(i) var(sample_x[-i])); L <- (length(jack) - 1) * (mean(jack) - jack)
ci <- boot.ci(b, type = c("perc", "bca"), L = L)
put("boot_ci", with_package("boot"), "boot.ci(boot(mtcars$mpg, var, R = 499), type = c('perc', 'bca'), L = jackknife)",
    list(replicates = b$t[, 1], jackknife = jack), list(estimate = b$t0, percentile = ci$percent[4:5], bca = ci$bca[4:5]))

# variance explained
a <- summary(aov(breaks ~ tension, warpbreaks))[[1]]
put("variance_warpbreaks", R, "aov(breaks ~ tension, warpbreaks): eta2 = SSb / SSt, omega2 = (SSb - dfb MSw) / (SSt + MSw)",
    list(y = warpbreaks$breaks, group = as.integer(warpbreaks$tension)),
    list(f = a[1, 4], p = a[1, 5], eta2 = a[1, 2] / sum(a[, 2]), omega2 = (a[1, 2] - a[1, 1] * a[2, 3]) / (sum(a[, 2]) + a[2, 3])))
pj <- he / sum(he); pr <- rowSums(pj); pc <- colSums(pj)
H <- function(p) -sum(p[p > 0] * log(p[p > 0]))
put("association_hair_eye", R, "Goodman-Kruskal tau and uncertainty coefficient of Eye given Hair, from their definitions",
    list(rows = as.vector(t(he))),
    list(tau = (sum(pj^2 / pr) - sum(pc^2)) / (1 - sum(pc^2)), uncertainty = (H(pc) + H(pr) - H(as.vector(pj))) / H(pc)))
g1 <- mtcars$mpg[mtcars$am == 1]; g0 <- mtcars$mpg[mtcars$am == 0]
sp <- sqrt(((length(g1) - 1) * var(g1) + (length(g0) - 1) * var(g0)) / (length(g1) + length(g0) - 2))
df <- length(g1) + length(g0) - 2; J <- exp(lgamma(df / 2) - lgamma((df - 1) / 2)) / sqrt(df / 2)
put("cohen_d", R, "d = (mean(mpg[am == 1]) - mean(mpg[am == 0])) / pooled sd; g = J d with J by lgamma", list(treated = g1, control = g0),
    list(d = (mean(g1) - mean(g0)) / sp, g = J * (mean(g1) - mean(g0)) / sp))

# rank correlation
s <- suppressWarnings(cor.test(mtcars$mpg, mtcars$hp, method = "spearman", exact = FALSE)); k <- suppressWarnings(cor.test(mtcars$mpg, mtcars$hp, method = "kendall", exact = FALSE))
put("rank_mtcars", R, "cor.test(mtcars$mpg, mtcars$hp, method = 'spearman' | 'kendall', exact = FALSE)", list(x = mtcars$mpg, y = mtcars$hp),
    list(spearman = c(s$estimate, s$p.value), kendall = c(k$estimate, k$statistic, k$p.value)))

# the distribution of the population stability index under no change
put("psi_tail", R, "pchisq(psi / (1/n + 1/m), B - 1, lower = FALSE); qchisq(0.95, B - 1) * (1/n + 1/m)",
    list(psi = 0.02, n = 800, m = 500, bins = 11),
    list(p = pchisq(0.02 / (1 / 800 + 1 / 500), 10, lower.tail = FALSE), threshold = qchisq(0.95, 10) * (1 / 800 + 1 / 500)))
cat(toJSON(out, digits = NA, pretty = 1), "\n")
