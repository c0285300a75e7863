import { useState } from 'react';
import { type Decision, useSuggestionDecision, useSuggestions } from '../../api/enrichment-queries.ts';
import type { Suggestion } from '../../api/types.ts';
import { useGroups } from '../../auth/person.tsx';
import { isEditor } from '../../auth/roles.ts';
import { edgeWords } from '../../format/edge-words.ts';
import { percentText } from '../../format/number.ts';
import { ProblemNotice } from '../../parts/problem.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { Part } from './part.tsx';
import { RefLink } from './quality.tsx';

const kindWords: Readonly<Record<Suggestion['kind'], string>> = {
  rule: 'a rule that is not sure enough',
  'same-name': 'the same name',
  'recommended-feature': 'similar ones use it',
};

/** Relations that may be missing, each with what speaks for it; whoever edits says whether they hold. */
export function SuggestionsPart({ uri }: { readonly uri: string }) {
  const { data, error, refetch } = useSuggestions(uri);
  return (
    <Part title="Suggestions">
      {error === null ? (
        data && <Suggestions uri={uri} {...data} />
      ) : (
        <ProblemNotice what="Suggestions" error={error} onRetry={() => void refetch()} />
      )}
    </Part>
  );
}

type SuggestionsProps = { readonly uri: string; readonly items: readonly Suggestion[]; readonly truncated: boolean };

function Suggestions({ uri, items, truncated }: SuggestionsProps) {
  if (items.length === 0) return <p className="muted">Nothing seems to be missing.</p>;
  return (
    <>
      <ul className="suggestions">
        {items.map((suggestion) => (
          <SuggestionItem key={suggestion.suggestionId} suggestion={suggestion} uri={uri} />
        ))}
      </ul>
      {truncated && <p className="muted">There are more; decide on these first.</p>}
    </>
  );
}

const offers = {
  accept: { verb: 'Accept', means: 'The relation holds from now on, in your name.' },
  reject: { verb: 'Reject', means: 'It is not suggested again. No relation changes.' },
} as const;

function SuggestionItem({ suggestion, uri }: { readonly suggestion: Suggestion; readonly uri: string }) {
  const { from, type, to, kind, score, why, suggestionId } = suggestion;
  const [chosen, choose] = useState<Decision>();
  const mayDecide = isEditor(useGroups());
  const { mutate, reset, ...state } = useSuggestionDecision(uri);
  const toggle = (decision: Decision) => {
    reset();
    choose(chosen === decision ? undefined : decision);
  };
  return (
    <li className="suggestion">
      <p>
        <RefLink uri={from} /> <strong>{edgeWords(type, 'out').toLowerCase()}</strong> <RefLink uri={to} />?
      </p>
      <p className="muted value">{`${percentText(score)}, ${kindWords[kind]}: ${why}`}</p>
      {mayDecide && (
        <div className="buttons">
          {(['accept', 'reject'] as const).map((decision) => (
            <button
              key={decision}
              type="button"
              className="button"
              aria-expanded={chosen === decision}
              onClick={() => toggle(decision)}
            >
              {offers[decision].verb}
            </button>
          ))}
        </div>
      )}
      {chosen !== undefined && (
        <ReasonForm
          {...offers[chosen]}
          {...state}
          onSubmit={(reason) => mutate({ suggestionId, decision: chosen, reason })}
        />
      )}
    </li>
  );
}
