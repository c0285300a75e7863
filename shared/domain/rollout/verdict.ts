/** Of a test on data; no data is never a `pass`. */
export type Verdict = 'pass' | 'fail' | 'inconclusive';
