import { type FormEvent, type ReactNode, useId, useState } from 'react';
import '../styles/actions.css';
import { ProblemNotice } from './problem.tsx';

export type ReasonFormProps = {
  /** `Pause` */
  readonly verb: string;
  /** What comes of it, before one does it. */
  readonly means: string;
  readonly onSubmit: (reason: string) => void;
  readonly isPending: boolean;
  readonly error: unknown;
  /** @default 'Reason' */
  readonly label?: string;
  /** Whether it goes without one. @default false */
  readonly isOptional?: boolean;
  /** Further fields. */
  readonly children?: ReactNode;
};

/** Asks why before something is done; what was typed stays when the API refuses. */
export function ReasonForm(props: ReasonFormProps) {
  const { verb, means, onSubmit, isPending, error, label = 'Reason', isOptional = false, children } = props;
  const [reason, setReason] = useState('');
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit(reason.trim());
  };
  return (
    <form className="answer-form" onSubmit={submit}>
      <p className="muted">{means}</p>
      {children}
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="field"
        required={!isOptional}
        pattern={isOptional ? undefined : '.*\\S.*'}
        maxLength={1_000}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <button type="submit" className="button primary" disabled={isPending}>
        {isPending ? 'Sent' : `${verb}: do it`}
      </button>
      {Boolean(error) && <ProblemNotice what={`What became of “${verb}”`} error={error} />}
    </form>
  );
}
