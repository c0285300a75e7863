const words: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
]);

/** `0x10`, `0o7` and `0b1` are numbers to ECMAScript, and identifiers to everybody else. */
const radixPrefix = /^\s*[+-]?0[xob]/i;

/** The number that a text is, NaN and infinities included; undefined for any other text. */
export function parseNumber(text: string): number | undefined {
  const number = Number(text);
  if (Number.isNaN(number)) return parseWord(text);
  if (number === 0 && text.trim() === '') return undefined;
  return radixPrefix.test(text) ? undefined : number;
}

function parseWord(text: string): number | undefined {
  const word = text.trim().toLowerCase();
  const number = words.get(word.replace(/^[+-]/, ''));
  return word.startsWith('-') && number !== undefined ? -number : number;
}
