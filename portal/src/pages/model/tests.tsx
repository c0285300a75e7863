import type { Evaluation, Signal } from '../../api/types.ts';
import { countedText, countText, figureText, scoreText } from '../../format/number.ts';
import { signalVerdictWords, signalWords } from '../../format/words.ts';
import { AsTable, type Column } from '../../parts/as-table.tsx';
import { kindOf, State } from '../../parts/state.tsx';

type Row = Signal['parts'][number] & { readonly signal: Signal['name'] };

const columns: readonly Column<Row>[] = [
  { head: 'Signal', cell: ({ signal }) => signalWords[signal] },
  { head: 'Test', cell: ({ name, segment }) => (segment === undefined ? name : `${name} (${segment})`) },
  { head: 'Window', cell: ({ window }) => window ?? 'long' },
  { head: 'Verdict', cell: ({ verdict }) => <State kind={kindOf(verdict)}>{signalVerdictWords[verdict]}</State> },
  { head: 'Value', isNumber: true, cell: ({ value }) => figureText(value) },
  {
    head: '95 % interval',
    isNumber: true,
    cell: ({ interval }) =>
      interval === undefined ? '–' : `${figureText(interval.low)} to ${figureText(interval.high)}`,
  },
  { head: 'Of the limit', isNumber: true, cell: ({ effect }) => scoreText(effect) },
  { head: 'Reference against itself', isNumber: true, cell: ({ effectFloor }) => figureText(effectFloor) },
  { head: 'p', isNumber: true, cell: ({ evidence }) => figureText(evidence) },
  { head: 'Significant below', isNumber: true, cell: ({ alpha }) => figureText(alpha) },
  { head: 'q', isNumber: true, cell: ({ qValue }) => figureText(qValue) },
  { head: 'Rows', isNumber: true, cell: rowsText },
  { head: 'Design effect', isNumber: true, cell: ({ designEffect }) => figureText(designEffect) },
  {
    head: 'Blocks then / now',
    isNumber: true,
    cell: ({ blocks }) => (blocks === undefined ? '–' : `${blocks.reference} / ${blocks.current}`),
  },
];

/** Every test behind the signals, the worst first, with all that its verdict rests on. */
export function Tests({ evaluation }: { readonly evaluation: Evaluation }) {
  const rows = evaluation.signals
    .flatMap(({ name, parts }) => parts.map((part): Row => ({ ...part, signal: name })))
    .toSorted((a, b) => (b.effect ?? -1) - (a.effect ?? -1));
  if (rows.length === 0) return null;
  const { alertBudget } = evaluation;
  return (
    <>
      {alertBudget !== undefined && (
        <p className="muted small">
          {countedText(alertBudget.testsOfTeam, 'test')} of the team share a budget of{' '}
          {budgetText(alertBudget.falseAlarmsPerWeek)} a week, which makes a test significant below{' '}
          {figureText(alertBudget.alphaLong)} over the days and {figureText(alertBudget.alphaShort)} over the last
          hours.
        </p>
      )}
      <AsTable
        caption="Tests behind the signals"
        summary={`Show all ${rows.length} tests`}
        rows={rows}
        columns={columns}
      />
    </>
  );
}

function rowsText({ n, nNeeded }: Row): string {
  if (n === undefined) return '–';
  if (nNeeded === null) return `${countText(n)}, no number suffices`;
  return nNeeded === undefined || n >= nNeeded ? countText(n) : `${countText(n)} of ${countText(nNeeded)} needed`;
}

function budgetText(falseAlarms: number): string {
  return `${figureText(falseAlarms)} false ${falseAlarms === 1 ? 'alarm' : 'alarms'}`;
}
