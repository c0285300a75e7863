/**
 * Bins of the delay from a prediction to the arrival of its first outcome: quarter octaves, so that minutes and weeks are
 * told apart with the same relative precision (19 %). Bin 0 is below one minute, bin b ≥ 1 starts at 2^((b-1)/4) minutes.
 */
const binsPerOctave = 4;

/** Start of a bin, inclusive, in minutes; the end of the one before. */
export function delayBinStart(bin: number): number {
  return bin <= 0 ? 0 : 2 ** ((bin - 1) / binsPerOctave);
}

/** The bin of a delay in minutes; an outcome that came before its prediction counts as immediate. */
export function delayBin(minutes: number): number {
  if (!(minutes >= 1)) return 0;
  const bin = 1 + Math.floor(binsPerOctave * Math.log2(minutes));
  // The logarithm of a bin's own start may round to either side.
  if (delayBinStart(bin + 1) <= minutes) return bin + 1;
  return delayBinStart(bin) > minutes ? bin - 1 : bin;
}
