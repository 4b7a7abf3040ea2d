"""Prints general_scipy.json: values of SciPy for test/stats, with the call of each. Run: python3 general.py > general_scipy.json"""
import json

import numpy as np
import scipy
from scipy import optimize, stats
from scipy.special import betaln, comb, gammaln

TOOL = f"SciPy {scipy.__version__}"
out = {}


def put(name, call, inputs, value):
    def numbers(v):
        return np.asarray(v, dtype=float).tolist()

    out[name] = {"tool": TOOL, "call": call, "input": {k: numbers(v) for k, v in inputs.items()},
                 "value": {k: numbers(v) for k, v in value.items()}}


x = [0, 1, 15, 81, 20, 50, 3]
n = [20, 29, 148, 263, 20, 100, 100000]
for method in ("wilson", "wilsoncc", "exact"):
    pairs = [stats.binomtest(a, b).proportion_ci(0.95, method) for a, b in zip(x, n)]
    put(f"proportion_{method}", f"binomtest(x, n).proportion_ci(0.95, '{method}')", {"x": x, "n": n},
        {"low": [p.low for p in pairs], "high": [p.high for p in pairs]})

tables = [(3, 1, 1, 3), (8, 2, 1, 5), (190, 800, 200, 900), (38000, 37000, 37900, 37100), (1, 99, 9, 91)]
put("fisher_scipy", "fisher_exact([[a, b], [c, d]])", {k: [t[i] for t in tables] for i, k in enumerate("abcd")},
    {"two_sided": [stats.fisher_exact(np.reshape(t, (2, 2)))[1] for t in tables]})

# Small groups with rare events, in the manner of the rat tumours of Tarone 1982 (not a copy of the table)
y = [0]*14 + [1]*8 + [2]*2 + [2, 2, 2, 2, 2, 2, 2, 1, 5, 2, 5, 3, 2, 7, 7, 3, 3, 2, 9, 10, 4, 4, 4, 4, 4, 4, 4, 10, 4, 4, 4, 5, 11, 12, 5, 5, 6, 5, 6, 6, 6, 6, 16, 15, 15, 9, 4]
m = [20]*7 + [19]*4 + [18]*2 + [17] + [20]*4 + [19]*2 + [18]*2 + [25, 24] + [23, 20, 20, 20, 20, 20, 20, 10, 49, 19, 46, 27, 17, 49, 47, 20, 20, 13, 48, 50, 20, 20, 20, 20, 20, 20, 20, 48, 19, 19, 19, 22, 46, 49, 20, 20, 23, 19, 22, 20, 20, 20, 52, 46, 47, 24, 14]
y, m = np.array(y), np.array(m)


def minus_log_likelihood(theta):
    mean, size = 1 / (1 + np.exp(-theta[0])), np.exp(theta[1])
    a, b = mean * size, (1 - mean) * size
    return -np.sum(betaln(y + a, m - y + b) - betaln(a, b))


best = optimize.minimize(minus_log_likelihood, [-1.8, 2.5], method="Nelder-Mead",
                         options={"xatol": 1e-12, "fatol": 1e-13, "maxiter": 100000})
mean, size = 1 / (1 + np.exp(-best.x[0])), np.exp(best.x[1])
a, b = mean * size, (1 - mean) * size
put("beta_binomial_rats", "optimize.minimize of the beta-binomial likelihood; beta.ppf of the posterior", {"x": y, "n": m},
    {"mean": mean, "size": size, "rates": (y + a) / (m + a + b),
     "low": stats.beta.ppf(0.025, y + a, m - y + b), "high": stats.beta.ppf(0.975, y + a, m - y + b)})

u = [1, 2, 2, 3, 4, 5, 5, 5, 7, 9, 10, 2]
v = [3, 1, 2, 2, 5, 5, 6, 4, 8, 8, 9, 1]
s, k = stats.spearmanr(u, v), stats.kendalltau(u, v, method="asymptotic")
put("rank_ties", "spearmanr(x, y); kendalltau(x, y, method='asymptotic')", {"x": u, "y": v},
    {"spearman": [s.statistic, s.pvalue], "kendall": [k.statistic, k.pvalue]})
print(json.dumps(out))
