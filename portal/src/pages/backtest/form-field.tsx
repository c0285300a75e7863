import { useId } from 'react';
import type { NumberField } from './policy-fields.ts';

/** A number of the policy, with what it means and what it is now. */
export function FormField(props: {
  readonly field: NumberField;
  readonly text: string;
  /** As the policy in force has it. */
  readonly inForce: string;
  readonly onType: (text: string) => void;
}) {
  const { field, text, inForce, onType } = props;
  const { label, hint, min, max, step, isOptional = false } = field;
  const id = useId();
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="field"
        type="number"
        min={min}
        max={max}
        step={step}
        required={!isOptional}
        value={text}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onType(event.currentTarget.value)}
      />
      <span id={`${id}-hint`} className="muted small">
        {text === inForce ? hint : `now ${inForce === '' ? 'not judged' : inForce}; ${hint}`}
      </span>
    </div>
  );
}
