import { useEffect, useRef } from 'react';
import { State } from '../parts/state.tsx';

const keys = [
  ['/', 'search'],
  ['j', 'next row'],
  ['k', 'previous row'],
  ['Enter', 'open the row'],
  ['← → ↑ ↓', 'walk the lineage graph; + opens what lies behind, − closes it'],
  ['?', 'this help'],
  ['Esc', 'close'],
] as const;

/** Keys, and what the shapes mean. */
export function Help({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog ref={dialog} className="help" aria-labelledby="help-title" onClose={onClose}>
      <div>
        <h2 id="help-title">Keys and signs</h2>
        <dl>
          {keys.map(([key, meaning]) => (
            <div key={key} className="contents">
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
        <ul>
          <li>
            <State kind="healthy">Healthy</State>
          </li>
          <li>
            <State kind="warning">Warning</State>
          </li>
          <li>
            <State kind="breach">At risk, breach, failed</State>
          </li>
          <li>
            <State kind="unknown">Unknown, too little data</State>
          </li>
          <li>
            <State kind="progress">Under way</State>
          </li>
        </ul>
        <button type="button" className="button" onClick={onClose}>
          Close
        </button>
      </div>
    </dialog>
  );
}
