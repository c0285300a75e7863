"""Figures for the paired tests of validation gates, by scipy and statsmodels and, where they have none, by brute force.

pip install scipy statsmodels; python test/conformance/paired-tests.py > test/unit/rollout/fixtures/paired-tests.json
"""

import json

import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy import optimize, stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

random = np.random.default_rng(20_11)


def rows(count=90, days=6):
    """Scores with ties, and days on which the two versions differ by more than chance."""
    day = np.arange(count) % days
    truth = random.uniform(0.1, 0.9, count)
    label = (random.uniform(size=count) < truth).astype(int)
    shift = random.normal(0, 0.08, days)[day]
    champion = np.clip(truth + random.normal(0, 0.3, count), 0.01, 0.99).round(2)
    candidate = np.clip(truth + shift + random.normal(0, 0.15, count), 0.01, 0.99).round(2)
    return label, champion, candidate, day


def placements(label, score):
    positives, negatives = score[label == 1], score[label == 0]
    wins = (positives[:, None] > negatives[None, :]) + 0.5 * (positives[:, None] == negatives[None, :])
    return wins.mean(axis=1), wins.mean(axis=0)


def delong(label, champion, candidate, day):
    """DeLong et al. 1988 by all pairs, and Obuchowski's variance (1997) with days as clusters."""
    (p1, n1), (p2, n2) = placements(label, candidate), placements(label, champion)
    difference = p1.mean() - p2.mean()
    covariance = np.cov(np.stack([p1, p2])) / len(p1) + np.cov(np.stack([n1, n2])) / len(n1)
    error = float(np.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]))
    influence = np.zeros(len(label))
    influence[label == 1] = (p1 - p2 - difference) / len(p1)
    influence[label == 0] = (n1 - n2 - difference) / len(n1)
    sums = np.array([influence[day == d].sum() for d in np.unique(day)])
    clustered = float(np.sqrt((sums**2).sum() * len(sums) / (len(sums) - 1)))
    z = difference / error
    return {
        "champion": p2.mean(),
        "candidate": p1.mean(),
        "standardError": error,
        "clusteredStandardError": clustered,
        "pValue": 2 * stats.norm.sf(abs(z)),
    }


def tango(n, gained, lost, level=0.95):
    """Score interval with the nuisance parameter by numerical maximisation of the likelihood, not by its closed form."""

    def score(difference):
        low, high = max(0, -difference), (1 - difference) / 2

        def minus_likelihood(q):
            terms = [(gained, q + difference), (lost, q), (n - gained - lost, 1 - 2 * q - difference)]
            return -sum(k * np.log(max(p, 1e-300)) for k, p in terms if k > 0)

        q = optimize.minimize_scalar(
            minus_likelihood, bounds=(low, high), method="bounded", options={"xatol": 1e-14}
        ).x
        return (gained - lost - n * difference) / np.sqrt(n * (2 * q + difference * (1 - difference)))

    z = stats.norm.ppf((1 + level) / 2)
    middle = (gained - lost) / n
    return [
        optimize.brentq(lambda d: score(d) - z, -0.9999, middle - 1e-9),
        optimize.brentq(lambda d: score(d) + z, middle + 1e-9, 0.9999),
    ]


def mcnemar_figures(n, gained, lost):
    k, m = min(gained, lost), gained + lost
    exact = mcnemar([[0, gained], [lost, 0]], exact=True).pvalue
    seen = stats.binom.pmf(k, m, 0.5)
    # Fagerland, Lydersen & Laake 2013, page 3; on a tie the exact test counts every outcome once.
    mid = 1 - seen / 2 if gained == lost else exact - seen
    return {"n": n, "gained": gained, "lost": lost, "exact": exact, "midP": mid, "interval": tango(n, gained, lost)}


def wilcoxon(gains, level=0.95):
    """The interval by counting Walsh averages (Hollander & Wolfe 1999, section 3.3), with the untied variance."""
    n = len(gains)
    walsh = np.sort([(gains[i] + gains[j]) / 2 for i in range(n) for j in range(i, n)])
    reach = stats.norm.ppf((1 + level) / 2) * np.sqrt(n * (n + 1) * (2 * n + 1) / 6)

    def balance(at):
        return (walsh > at).sum() - (walsh < at).sum()

    # Shifts between two averages are rejected or not; the bounds are the averages where that changes.
    nudge = 1e-9
    low = min(at for at in walsh if balance(at + nudge) <= reach)
    high = max(at for at in walsh if balance(at - nudge) >= -reach)
    test = stats.wilcoxon(gains, zero_method="wilcox", correction=False, method="approx")
    return {
        "pValue": test.pvalue,
        "pseudoMedian": float(np.median(walsh)),
        "interval": [low, high],
    }


def losses(label, champion, candidate, day):
    before, after = (champion - label) ** 2, (candidate - label) ** 2
    test = stats.ttest_rel(before, after)
    interval = test.confidence_interval(0.95)
    clustered = sm.OLS(before - after, np.ones(len(label))).fit(cov_type="cluster", cov_kwds={"groups": day})
    return {
        "pValue": test.pvalue,
        "interval": [interval.low, interval.high],
        "clusteredStandardError": clustered.bse[0],
        "wilcoxon": wilcoxon(before - after),
    }


label, champion, candidate, day = rows()
p_values = [0.001, 0.02, 0.004, 0.6, 0.011, 0.0499]
figures = {
    "about": f"scipy {scipy.__version__}, statsmodels {statsmodels.__version__}, by test/conformance/paired-tests.py.",
    "rows": [list(row) for row in zip(label.tolist(), champion.tolist(), candidate.tolist(), day.tolist())],
    "delong": delong(label, champion, candidate, day),
    "mcnemar": [mcnemar_figures(21, 1, 7), mcnemar_figures(500, 40, 22), mcnemar_figures(60, 5, 5), mcnemar_figures(40, 6, 0)],
    "brier": losses(label, champion, candidate, day),
    "holm": {"pValues": p_values, "rejected": multipletests(p_values, 0.05, "holm")[0].tolist()},
}
print(json.dumps(figures, indent=2, default=float))
