import type { Writer } from '../../api/types.ts';
import type { Person } from '../../auth/session.ts';
import { actionsOn } from './writer-state.ts';

/** What the person may do with the writer, as commands: the page itself changes nothing. Nothing for those who may do nothing. */
export function WriterActions({ writer, person }: { readonly writer: Writer; readonly person: Person | undefined }) {
  const actions = actionsOn(writer, person?.groups ?? []);
  if (actions.length === 0) return null;
  return (
    <details className="small">
      <summary className="muted">What you can do</summary>
      <dl>
        {actions.map(({ does, path, body }) => (
          <div key={does}>
            <dt>{does}</dt>
            <dd>
              <pre className="raw">{commandOf(writer.writer, path, body)}</pre>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** A rotation that is sent again must not rotate again; the others are what they are however often they are said. */
function commandOf(writer: string, path: string, body: object): string {
  const once = path === 'rotation' ? ' -H "idempotency-key: $(uuidgen)"' : '';
  return `curl -X POST ${window.location.origin}/v1/writers/${writer}/${path} \\
  -H "authorization: Bearer $TOKEN" -H "content-type: application/json"${once} \\
  -d '${JSON.stringify(body)}'`;
}
