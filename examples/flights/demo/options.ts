import { parseArgs } from 'node:util';
import type { Dates } from '../prepare-data.ts';

export type DemoOptions = {
  /** Stop when the story has ended instead of staying up. */
  readonly exit: boolean;
  readonly sample: number;
  readonly evaluationHours: number;
  /** Whether the days are joined again from the archive, too. */
  readonly batch: boolean;
  readonly dates: Dates;
  readonly fault: 'none' | 'inverted-labels';
  readonly thresholds: 'demo' | 'loose';
  readonly dataDir: string;
  /** Instants; the models are trained on what was before `from`. */
  readonly from: string;
  readonly to: string;
  readonly port: number;
};

export const usage = `npm run demo -- [options]
  --exit                 stop at the end; status 0 only if a breach was found, a retrain decided and a candidate judged
  --sample 0.1           share of the flights that is served
  --all                  serve all three million of them, which takes long
  --evaluation-hours 12  how often Runway looks at the models (6, 12 or 24)
  --batch                join each day again from the archive as well, which takes longer
  --shuffle              every flight gets another flight's date: nothing drifts any more
  --bad-candidate        the trainer inverts one label in three: validation or canary must catch it
  --loose                thresholds that nothing reaches: only the backstop asks for retrains
  --from 2001-01-22 --to 2001-06-30   the days to replay
  --data-dir .runway/demo             prepared flights and the embedded cloud's data (which is cleared)
  --port 0               of the HTTP API; 0 takes a free one`;

/** Throws an Error that names the option and what it takes. */
export function parseOptions(argv: readonly string[]): DemoOptions | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      help: { type: 'boolean', default: false },
      exit: { type: 'boolean', default: false },
      sample: { type: 'string' },
      all: { type: 'boolean', default: false },
      'evaluation-hours': { type: 'string', default: '12' },
      batch: { type: 'boolean', default: false },
      shuffle: { type: 'boolean', default: false },
      'bad-candidate': { type: 'boolean', default: false },
      loose: { type: 'boolean', default: false },
      'data-dir': { type: 'string', default: '.runway/demo' },
      from: { type: 'string', default: '2001-01-22' },
      to: { type: 'string', default: '2001-06-30' },
      port: { type: 'string', default: '0' },
    },
  });
  if (values.help) return 'help';
  if (values.all && values.sample !== undefined) throw new Error('--all: expected no --sample beside it');
  return {
    exit: values.exit,
    sample: number(
      'sample',
      values.sample ?? (values.all ? '1' : '0.1'),
      (value) => value > 0 && value <= 1,
      'more than 0, at most 1',
    ),
    evaluationHours: number(
      'evaluation-hours',
      values['evaluation-hours'],
      (value) => [6, 12, 24].includes(value),
      '6, 12 or 24',
    ),
    batch: values.batch,
    dates: values.shuffle ? 'shuffled' : 'as-they-were',
    fault: values['bad-candidate'] ? 'inverted-labels' : 'none',
    thresholds: values.loose ? 'loose' : 'demo',
    dataDir: values['data-dir'],
    ...period(values.from, values.to),
    port: number('port', values.port, (value) => Number.isInteger(value) && value >= 0 && value < 65_534, 'a port'),
  };
}

function number(name: string, text: string, isGood: (value: number) => boolean, expected: string): number {
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value) || !isGood(value))
    throw new Error(`--${name}: expected ${expected}, got ${text}`);
  return value;
}

/** `to` is the last day. Training needs a fortnight of flights before `from`. */
function period(from: string, to: string): { readonly from: string; readonly to: string } {
  for (const [name, day] of [
    ['from', from],
    ['to', to],
  ] as const) {
    const isDay = /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day));
    if (!isDay || day < '2001-01-15' || day > '2001-06-30')
      throw new Error(`--${name}: expected a day from 2001-01-15 to 2001-06-30, got ${day}`);
  }
  if (to < from) throw new Error(`--to: expected a day not before ${from}, got ${to}`);
  return { from: new Date(from).toISOString(), to: new Date(Date.parse(to) + 86_400_000).toISOString() };
}
