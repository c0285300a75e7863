import { expect, it } from 'vitest';
import { createMetaflowProvider } from '../../../../shared/adapters/providers/metaflow/metaflow-provider.ts';

const now = '2001-02-01T00:00:00.000Z';
const flowRow = { flow_id: 'TrainFlow', ts_epoch: Date.parse('2001-01-01T00:00:00.000Z'), tags: [], system_tags: [] };
const numbers = Array.from({ length: 1_200 }, (_, index) => String(index + 1));

/** Pages of a service that has one flow and cannot page. */
async function pagesAt(callsPerSecond: number, runs = numbers.length) {
  const get = async (path: string) => {
    const body =
      path === '/flows' ? [flowRow] : numbers.slice(0, runs).map((run_number) => ({ ...flowRow, run_number }));
    return { isFound: true, body, headers: {} };
  };
  const provider = createMetaflowProvider({ platform: 'metaflow', get, callsPerSecond });
  const pages: (readonly string[])[] = [];
  for (let cursor: string | undefined, isLast = false; !isLast; isLast = cursor === undefined) {
    const page = await provider.list(cursor, now);
    pages.push(page.listed.filter(({ ref }) => ref.type === 'pipeline-run').map(({ ref }) => ref.id));
    cursor = page.cursor;
  }
  return pages.filter(({ length }) => length > 0);
}

it.each([
  [250, [500, 500, 200]],
  [2, [200, 200, 200, 200, 200, 200]],
])('at %d calls a second a page holds as many runs as can be read in time', async (callsPerSecond, sizes) => {
  const pages = await pagesAt(callsPerSecond);
  expect(pages.map(({ length }) => length)).toEqual(sizes);
  expect(new Set(pages.flat()).size).toBe(numbers.length);
});

it('a page holds one run at least', async () => {
  expect(await pagesAt(0.001, 7)).toHaveLength(7);
});
