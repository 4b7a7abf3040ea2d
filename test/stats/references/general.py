"""Prints general_scipy.json: values of SciPy for test/stats, with the call of each. Run: python3 general.py > general_scipy.json, then biome"""
import json

import numpy as np
import scipy
from scipy import stats
from scipy.special import betaln

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


def grid_posterior(mean_range, spread_range, cells=1500):
    """Bayesian Data Analysis 5.3: uniform on mean and on size ** -0.5, here over one fine grid."""
    means = np.linspace(*mean_range, cells, endpoint=False) + (mean_range[1] - mean_range[0]) / cells / 2
    spreads = np.linspace(*spread_range, cells, endpoint=False) + (spread_range[1] - spread_range[0]) / cells / 2
    mu, spread = np.meshgrid(means, spreads, indexing="ij")
    size = spread ** -2
    log = sum(betaln(yi + mu * size, mi - yi + (1 - mu) * size) - betaln(mu * size, (1 - mu) * size) for yi, mi in zip(y, m))
    share = np.exp(log - log.max())
    share /= share.sum()
    rates, low, high = [], [], []
    for yi, mi in zip(y, m):
        own = (mu * size + yi) / (size + mi)
        mean = (share * own).sum()
        variance = (share * (own * (1 - own) / (size + mi + 1) + (own - mean) ** 2)).sum()
        total = mean * (1 - mean) / variance - 1
        rates.append(mean)
        low.append(stats.beta.ppf(0.025, mean * total, (1 - mean) * total))
        high.append(stats.beta.ppf(0.975, mean * total, (1 - mean) * total))
    return {"mean": (share * mu).sum(), "size": np.exp((share * np.log(size)).sum()), "rates": rates, "low": low, "high": high}


put("beta_binomial_rats", "posterior of the beta-binomial on a grid of 1500 x 1500 with betaln; beta.ppf of the matched beta",
    {"x": y, "n": m}, grid_posterior((0.05, 0.3), (0.0, 0.7)))

u = [1, 2, 2, 3, 4, 5, 5, 5, 7, 9, 10, 2]
v = [3, 1, 2, 2, 5, 5, 6, 4, 8, 8, 9, 1]
s, k = stats.spearmanr(u, v), stats.kendalltau(u, v, method="asymptotic")
put("rank_ties", "spearmanr(x, y); kendalltau(x, y, method='asymptotic')", {"x": u, "y": v},
    {"spearman": [s.statistic, s.pvalue], "kendall": [k.statistic, k.pvalue]})
print(json.dumps(out))
