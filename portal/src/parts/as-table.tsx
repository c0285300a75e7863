import { type ReactNode, useState } from 'react';

export type Column<Row> = {
  readonly head: string;
  readonly isNumber?: boolean;
  readonly cell: (row: Row) => ReactNode;
};

/** The figures of a picture as a table, drawn when somebody asks for it. */
export function AsTable<Row>({
  caption,
  summary = 'Show as table',
  columns,
  rows,
}: {
  readonly caption: string;
  /** @default 'Show as table' */
  readonly summary?: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="as-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{summary}</summary>
      {isOpen && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section className="table-scroll" tabIndex={0} aria-label={caption}>
          <table>
            <caption className="visually-hidden">{caption}</caption>
            <thead>
              <tr>
                {columns.map(({ head, isNumber }) => (
                  <th key={head} scope="col" className={isNumber ? 'number' : undefined}>
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity of their own
                <tr key={index}>
                  {columns.map(({ head, isNumber, cell }) => (
                    <td key={head} className={isNumber ? 'number' : undefined}>
                      {cell(row)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </details>
  );
}
