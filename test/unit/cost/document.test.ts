import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { workload } from '../../../scripts/cost/assumptions.ts';
import { sectionsOf, withSections } from '../../../scripts/cost/document.ts';
import { pricesAsOf, pricesRegion } from '../../../scripts/cost/unit-prices.ts';

const document = readFileSync('docs/cost.md', 'utf8');

describe('docs/cost.md', () => {
  it('says what is computed; npm run cost -- --write mends it', () => {
    expect(document).toBe(withSections(document, sectionsOf(workload)));
  });

  it('dates its prices as the list is dated', () => {
    expect(document).toContain(`Written down ${pricesAsOf}, ${pricesRegion}`);
  });
});

describe('sections of a document', () => {
  const text = 'before\n<!-- cost:one -->\nold\n<!-- /cost -->\nafter';

  it('are replaced between their markers, which stay', () => {
    const once = withSections(text, { one: 'new' });
    expect(once).toBe('before\n<!-- cost:one -->\n\nnew\n\n<!-- /cost -->\nafter');
    expect(withSections(once, { one: 'new' })).toBe(once);
  });

  it('are refused when they are not known, or not there', () => {
    expect(() => withSections(text, {})).toThrow('section one of the document is not known, or there twice');
    expect(() => withSections(text, { one: 'new', two: 'new' })).toThrow('the document has no section two');
    expect(() => withSections(`${text}\n${text}`, { one: 'new' })).toThrow('there twice');
  });
});
