import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../../docs/calibration.md', import.meta.url);
const title =
  '# Calibration\n\nHow often verdicts are wrong, simulated. Written by the commands that each part names.\n';

/** Replaces one part of docs/calibration.md between its markers, or adds it; the other parts stay. */
export function writeSection(name: string, text: string): void {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const section = `${begin}\n\n${text.trim()}\n\n${end}\n`;
  const before = existsSync(file) ? readFileSync(file, 'utf8') : title;
  const from = before.indexOf(begin);
  const to = before.indexOf(end);
  const after =
    from < 0 ? `${before}\n${section}` : before.slice(0, from) + section + before.slice(to + end.length + 1);
  writeFileSync(file, after);
}
