const names = [
  'ink',
  'muted',
  'line',
  'line-strong',
  'paper',
  'raised',
  'accent',
  'selected',
  'healthy',
  'warning',
  'breach',
  'unknown',
  'unknown-soft',
  'progress',
] as const;

export type Colors = Readonly<Record<(typeof names)[number], string>>;

/** The tokens as they are now, light or dark: a chart cannot read them from a style sheet. */
export function readColors(): Colors {
  const probe = document.createElement('span');
  document.body.append(probe);
  const entries = names.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  return Object.fromEntries(entries) as Colors;
}
