import { countText, figureText, percentText } from '../../format/number.ts';
import { signalVerdictWords } from '../../format/words.ts';
import { AsTable, type Column } from '../../parts/as-table.tsx';
import { sharesOf } from './histogram.tsx';
import { effectText, type ShownFeature } from './shown-feature.ts';

const columns: readonly Column<ShownFeature>[] = [
  { head: 'Feature', cell: ({ name }) => name },
  { head: 'Type', cell: ({ type }) => type },
  { head: 'Verdict', cell: ({ verdict }) => signalVerdictWords[verdict] },
  { head: 'PSI', isNumber: true, cell: ({ psi }) => figureText(psi) },
  { head: '95 % interval', isNumber: true, cell: ({ interval }) => rangeText(interval) },
  { head: 'Of the limit', isNumber: true, cell: effectText },
  { head: 'p-value', isNumber: true, cell: ({ pValue }) => figureText(pValue) },
  { head: 'Significant below', isNumber: true, cell: ({ alpha }) => figureText(alpha) },
  { head: 'Reference against itself', isNumber: true, cell: ({ effectFloor }) => figureText(effectFloor) },
  { head: 'n', isNumber: true, cell: ({ n }) => countText(n) },
  { head: 'n needed', isNumber: true, cell: ({ nNeeded }) => (nNeeded === null ? '–' : countText(nNeeded)) },
  { head: 'Design effect', isNumber: true, cell: ({ designEffect }) => figureText(designEffect) },
  {
    head: 'Blocks then / now',
    isNumber: true,
    cell: ({ blocks }) => (blocks === null ? '–' : `${blocks.reference} / ${blocks.current}`),
  },
  {
    head: 'Missing then / now',
    isNumber: true,
    cell: ({ missingRatio }) => `${percentText(missingRatio.reference)} / ${percentText(missingRatio.current)}`,
  },
  { head: 'Reason', cell: ({ reason }) => reason },
  {
    head: 'Share per bin, then → now',
    cell: (feature) =>
      sharesOf(feature)
        .map(({ label, before, now }) => `${label}: ${percentText(before)} → ${percentText(now)}`)
        .join('; '),
  },
];

/** What the pictures show, in figures. */
export function DriftTable({ features }: { readonly features: readonly ShownFeature[] }) {
  return <AsTable caption="Drift per feature" rows={features} columns={columns} />;
}

function rangeText(interval: ShownFeature['interval']): string {
  return interval === null ? '–' : `${figureText(interval.low)} to ${figureText(interval.high)}`;
}
