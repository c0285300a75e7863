import { useState } from 'react';
import type { Policy } from '../../api/types.ts';

/** How the candidate becomes the policy in force: an editor of the team sends it. The page itself changes nothing. */
export function PutPolicy({ modelId, policy }: { readonly modelId: string; readonly policy: Policy }) {
  const [said, setSaid] = useState('');
  const text = JSON.stringify(policy, null, 2);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setSaid('Copied'),
      () => setSaid('The browser does not let this page copy: mark the text below'),
    );
  return (
    <div className="put-policy">
      <h3>Put this policy</h3>
      <p className="muted">
        This page changes nothing. Save the policy as <code>policy.json</code> and send it as an editor of the team:
      </p>
      <pre className="raw">{`curl -X PUT ${window.location.origin}/v1/models/${modelId}/policy \\
  -H "authorization: Bearer $TOKEN" -H "content-type: application/json" \\
  -d @policy.json`}</pre>
      <p>
        <button type="button" className="button" onClick={() => void copy()}>
          Copy the policy
        </button>{' '}
        <span role="status" className="muted">
          {said}
        </span>
      </p>
      <details className="small">
        <summary className="muted">The policy that was tried</summary>
        <pre className="raw" tabIndex={-1}>
          {text}
        </pre>
      </details>
    </div>
  );
}
