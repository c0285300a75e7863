import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { readWholeWalk, type WalkQuery } from '../../api/graph-queries.ts';
import { useRunway } from '../../api/runway.tsx';
import { countText } from '../../format/number.ts';
import { download } from '../../parts/download.ts';
import { ProblemNotice } from '../../parts/problem.tsx';
import { fileName, impactCsv, impactJson } from './export-impact.ts';

/** All of it as a file, also what is not on the screen yet. */
export function ExportButtons(props: { readonly uri: string; readonly query: WalkQuery; readonly total: number }) {
  const { uri, query, total } = props;
  const runway = useRunway();
  const [read, setRead] = useState(0);
  const exporting = useMutation({
    mutationFn: async (format: 'csv' | 'json') => {
      const items = await readWholeWalk(runway, { ...query, uri, direction: 'impact' }, setRead);
      const content = { root: uri, asOf: query.asOf, items };
      if (format === 'csv') download(fileName(uri, format), 'text/csv', impactCsv(content));
      else download(fileName(uri, format), 'application/json', impactJson(content));
    },
  });
  return (
    <div className="exports">
      {(['csv', 'json'] as const).map((format) => (
        <button
          key={format}
          type="button"
          className="button"
          disabled={exporting.isPending || total === 0}
          onClick={() => exporting.mutate(format)}
        >
          Export {format.toUpperCase()}
        </button>
      ))}
      <span className="muted small" role="status">
        {exporting.isPending && `${countText(read)} of ${countText(total)} read`}
      </span>
      {exporting.isError && <ProblemNotice what="The export" error={exporting.error} />}
    </div>
  );
}
