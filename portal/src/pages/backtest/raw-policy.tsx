/** The whole policy as text, for what has no field. */
export function RawPolicy(props: {
  readonly text: string;
  readonly problem: string | undefined;
  readonly onChange: (text: string) => void;
}) {
  const { text, problem, onChange } = props;
  return (
    <div className="raw-policy">
      <label htmlFor="raw-policy">Policy as JSON</label>
      <textarea
        id="raw-policy"
        className="field"
        rows={20}
        spellCheck={false}
        value={text}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : 'raw-policy-problem'}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {problem !== undefined && (
        <p id="raw-policy-problem" role="alert">
          This is not JSON: {problem}
        </p>
      )}
    </div>
  );
}
