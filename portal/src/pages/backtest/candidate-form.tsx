import { type FormEvent, useState } from 'react';
import { useSearchParams } from 'wouter';
import { lastDays, useNow } from '../../api/queries.ts';
import type { BacktestRequest, Model, Policy } from '../../api/types.ts';
import { FormField } from './form-field.tsx';
import { fieldsOf, policyOf, switchFields, type Typed, typedOf } from './policy-fields.ts';
import { RawPolicy } from './raw-policy.tsx';

const ranges = [7, 30, 90] as const;

type Draft = {
  /** What the fields are laid over. */
  readonly base: Policy;
  readonly typed: Typed;
  /** The whole policy as text, while it is edited so. */
  readonly raw: string | undefined;
  readonly days: number;
  readonly cost: string;
};

type Props = {
  readonly model: Model;
  readonly isRunning: boolean;
  readonly onRun: (request: BacktestRequest) => void;
};

/** The policy to try, prefilled from the one in force; what differs from it goes into the address when it is run. */
export function CandidateForm({ model, isRunning, onRun }: Props) {
  const now = useNow();
  const [parameters, setParameters] = useSearchParams();
  const [draft, setDraft] = useState(() => draftOf(model.policy, parameters));
  const [problem, setProblem] = useState<string>();
  const change = (part: Partial<Draft>) => setDraft((current) => ({ ...current, ...part }));
  const type = (id: string, text: string) => change({ typed: { ...draft.typed, [id]: text } });

  function run(event: FormEvent) {
    event.preventDefault();
    const policy = policyIn(draft);
    if (typeof policy === 'string') return setProblem(policy);
    setProblem(undefined);
    if (draft.raw === undefined) setParameters(parametersOf(model.policy, draft), { replace: true });
    onRun({ policy, ...lastDays(now, draft.days), retrainCost: Number(draft.cost) });
  }

  function toggleRaw() {
    if (draft.raw === undefined) return change({ raw: JSON.stringify(policyOf(draft.base, draft.typed), null, 2) });
    const policy = policyIn(draft);
    if (typeof policy === 'string') return setProblem(policy);
    setProblem(undefined);
    change({ base: policy, typed: typedOf(policy), raw: undefined });
  }

  return (
    <form className="candidate" onSubmit={run} aria-labelledby="candidate">
      <h2 id="candidate">Policy to try</h2>
      {draft.raw === undefined ? (
        <Fields model={model} typed={draft.typed} onType={type} />
      ) : (
        <RawPolicy text={draft.raw} problem={problem} onChange={(raw) => change({ raw })} />
      )}
      <div className="trial">
        <fieldset className="switches">
          <legend className="visually-hidden">Days of history</legend>
          {ranges.map((days) => (
            <button
              key={days}
              type="button"
              className="switch"
              aria-pressed={days === draft.days}
              onClick={() => change({ days })}
            >
              {days} days
            </button>
          ))}
        </fieldset>
        <label className="cost">
          Cost of a retrain{' '}
          <input
            className="field"
            type="number"
            min={0}
            max={1e9}
            step="any"
            required
            value={draft.cost}
            onChange={(event) => change({ cost: event.currentTarget.value })}
          />
        </label>
        <button type="submit" className="button primary" disabled={isRunning}>
          {isRunning ? 'Running' : 'Run the backtest'}
        </button>
        <button type="button" className="button quiet" onClick={toggleRaw}>
          {draft.raw === undefined ? 'Edit the whole policy as JSON' : 'Back to the fields'}
        </button>
        <button
          type="button"
          className="button quiet"
          onClick={() => {
            setProblem(undefined);
            setDraft(draftOf(model.policy, new URLSearchParams()));
          }}
        >
          Reset to the policy in force
        </button>
      </div>
    </form>
  );
}

function Fields(props: {
  readonly model: Model;
  readonly typed: Typed;
  readonly onType: (id: string, text: string) => void;
}) {
  const { model, typed, onType } = props;
  const inForce = typedOf(model.policy);
  return (
    <div className="candidate-fields">
      {fieldsOf(model.definition.taskType).map((field) => (
        <FormField
          key={field.id}
          field={field}
          text={typed[field.id] ?? ''}
          inForce={inForce[field.id] ?? ''}
          onType={(text) => onType(field.id, text)}
        />
      ))}
      <fieldset className="checks">
        <legend className="visually-hidden">Retraining</legend>
        {switchFields.map(({ id, label }) => (
          <label key={id}>
            <input
              type="checkbox"
              checked={typed[id] === 'true'}
              onChange={(event) => onType(id, String(event.currentTarget.checked))}
            />
            <span>
              {label} {typed[id] !== inForce[id] && <span className="muted small">changed</span>}
            </span>
          </label>
        ))}
      </fieldset>
    </div>
  );
}

/** The policy, or why there is none. */
function policyIn({ raw, base, typed }: Draft): Policy | string {
  if (raw === undefined) return policyOf(base, typed);
  try {
    const parsed: unknown = JSON.parse(raw);
    // What it must look like the API says, field by field.
    return typeof parsed === 'object' && parsed !== null ? (parsed as Policy) : 'expected an object in braces';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function draftOf(policy: Policy, parameters: URLSearchParams): Draft {
  const inForce = typedOf(policy);
  const typed = Object.fromEntries(Object.entries(inForce).map(([id, text]) => [id, parameters.get(id) ?? text]));
  const days = ranges.find((range) => String(range) === parameters.get('days')) ?? 30;
  return { base: policy, typed, raw: undefined, days, cost: parameters.get('cost') ?? '1' };
}

function parametersOf(policy: Policy, { typed, days, cost }: Draft): Readonly<Record<string, string>> {
  const inForce = typedOf(policy);
  const changed = Object.entries(typed).filter(([id, text]) => text !== inForce[id]);
  return {
    ...Object.fromEntries(changed),
    ...(days !== 30 && { days: String(days) }),
    ...(cost !== '1' && { cost }),
  };
}
