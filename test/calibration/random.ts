/** Uniform in [0, 1), standard normal and binomial numbers; the same for the same seed. */
export type Draws = {
  uniform(): number;
  normal(): number;
  /** Successes of n trials. */
  binomial(n: number, p: number): number;
  /** How n rows fall into bins of these shares, which sum to 1; written into `counts`. */
  multinomial(n: number, shares: ArrayLike<number>, counts: Float64Array): void;
};

/** Small Fast Counter (Doty-Humphrey 2010, "PractRand"): a period of 2^64 at least, where mulberry32 repeats after 2^32. */
export function draws(seed: number): Draws {
  const uniform = smallFastCounter(seed);
  const normal = polarNormal(uniform);
  const binomial = (n: number, p: number): number => {
    if (n <= 0 || p <= 0) return 0;
    if (p >= 1) return n;
    if (p > 0.5) return n - binomial(n, 1 - p);
    return n * p < 10 ? inverted(uniform, n, p) : transformedRejection(uniform, n, p);
  };
  const multinomial = (n: number, shares: ArrayLike<number>, counts: Float64Array) => {
    let [left, mass] = [n, 1];
    for (let bin = 0; bin < shares.length - 1; bin += 1) {
      const count = left === 0 ? 0 : binomial(left, Math.min(1, shares[bin]! / mass));
      counts[bin] = count;
      left -= count;
      mass -= shares[bin]!;
    }
    counts[shares.length - 1] = left;
  };
  return { uniform, normal, binomial, multinomial };
}

function smallFastCounter(seed: number): () => number {
  let [a, b, c, counter] = [0, seed | 0, (seed / 2 ** 32) | 0, 1];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 15; i += 1) next();
  return () => next() / 2 ** 32;
}

/** Marsaglia & Bray 1964. */
function polarNormal(uniform: () => number): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const held = spare;
      spare = undefined;
      return held;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * scale;
      return x * scale;
    }
  };
}

/** Sequential search from 0 (Devroye 1986, ch. X.4); for n p < 10. */
function inverted(uniform: () => number, n: number, p: number): number {
  const odds = p / (1 - p);
  let left = uniform();
  let probability = Math.exp(n * Math.log1p(-p));
  let count = 0;
  while (left > probability && count < n) {
    left -= probability;
    count += 1;
    probability *= (odds * (n - count + 1)) / count;
  }
  return count;
}

/** BTRS (Hörmann 1993, "The generation of binomial random variates"); for n p ≥ 10 and p ≤ ½. */
function transformedRejection(uniform: () => number, n: number, p: number): number {
  const spread = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const centre = n * p + 0.5;
  const inside = 0.92 - 4.2 / b;
  for (;;) {
    const u = uniform() - 0.5;
    const v = uniform();
    const distance = 0.5 - Math.abs(u);
    const count = Math.floor(((2 * a) / distance + b) * u + centre);
    if (distance >= 0.07 && v <= inside) return count;
    if (count < 0 || count > n || distance === 0) continue;
    const height = Math.log((v * (2.83 + 5.1 / b) * spread) / (a / (distance * distance) + b));
    if (height <= logRatioToMode(n, p, count)) return count;
  }
}

function logRatioToMode(n: number, p: number, count: number): number {
  const mode = Math.floor((n + 1) * p);
  return (
    (mode + 0.5) * Math.log((mode + 1) / ((p / (1 - p)) * (n - mode + 1))) +
    (n + 1) * Math.log((n - mode + 1) / (n - count + 1)) +
    (count + 0.5) * Math.log((p / (1 - p)) * ((n - count + 1) / (count + 1))) +
    stirlingRest(mode) +
    stirlingRest(n - mode) -
    stirlingRest(count) -
    stirlingRest(n - count)
  );
}

const smallRests = [
  0.08106146679532726, 0.04134069595540929, 0.02767792568499834, 0.02079067210376509, 0.01664469118982119,
  0.01387612882307075, 0.01189670994589177, 0.01041126526197209, 0.009255462182712733, 0.008330563433362871,
];

/** ln k! less Stirling's formula. */
function stirlingRest(k: number): number {
  const known = smallRests[k];
  if (known !== undefined) return known;
  const inverse = 1 / (k + 1);
  const square = inverse * inverse;
  return (1 / 12 - (1 / 360 - square / 1260) * square) * inverse;
}
