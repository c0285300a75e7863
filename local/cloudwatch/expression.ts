/** What metric math and the rules of composite alarms have in common: numbers, names, calls, lists and operators. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly parameters: readonly Expression[] }
  | { readonly kind: 'operation'; readonly operator: string; readonly operands: readonly Expression[] };

// Loosest first. Source: CloudWatch user guide, "Using metric math", operators.
const levels: readonly (readonly string[])[] = [
  ['OR', '||'],
  ['AND', '&&'],
  ['==', '!=', '<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/'],
];
const token = /\s*(\d+(?:\.\d+)?|"[^"]*"|[A-Za-z_]\w*|\|\||&&|[=!<>]=|[-+*/<>()[\],])/y;

/** Throws an Error that says what cannot be read, and where. */
export function parseExpression(text: string): Expression {
  const tokens = tokenize(text);
  let position = 0;
  const peek = () => tokens[position];
  const take = (): string => tokens[position++] ?? '';
  const accept = (wanted: string): boolean => peek() === wanted && take() === wanted;
  const fail = (expected: string): never => {
    throw new Error(`${text}: expected ${expected}, got ${peek() ?? 'its end'}`);
  };
  const expect = (wanted: string): void => void (accept(wanted) || fail(wanted));

  function operation(level: number): Expression {
    const operators = levels[level];
    if (operators === undefined) return unary();
    let left = operation(level + 1);
    while (operators.includes(peek() ?? '')) {
      const operator = take();
      left = { kind: 'operation', operator, operands: [left, operation(level + 1)] };
    }
    return left;
  }

  function unary(): Expression {
    const operator = peek();
    if (operator !== '-' && operator !== 'NOT') return primary();
    take();
    return { kind: 'operation', operator, operands: [unary()] };
  }

  function primary(): Expression {
    const first = take();
    if (/^\d/.test(first)) return { kind: 'number', value: Number(first) };
    if (first.startsWith('"')) return { kind: 'text', value: first.slice(1, -1) };
    if (first === '[') return { kind: 'list', items: items(']') };
    if (first === '(') {
      const inner = operation(0);
      expect(')');
      return inner;
    }
    if (!/^\w/.test(first)) return fail('a value');
    return accept('(') ? { kind: 'call', name: first, parameters: items(')') } : { kind: 'name', name: first };
  }

  function items(end: string): readonly Expression[] {
    const found: Expression[] = [];
    while (!accept(end)) {
      found.push(operation(0));
      if (peek() !== end) expect(',');
    }
    return found;
  }

  const whole = operation(0);
  return position === tokens.length ? whole : fail('its end');
}

function tokenize(text: string): readonly string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const start = token.lastIndex;
    const [, found] = token.exec(text) ?? [];
    if (found === undefined) throw new Error(`${text}: cannot read ${text.slice(start)}`);
    tokens.push(found);
  }
  return tokens;
}

/** Every name that stands for a value. */
export function namesIn(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'name':
      return [expression.name];
    case 'list':
      return expression.items.flatMap(namesIn);
    case 'call':
      return expression.parameters.flatMap(namesIn);
    case 'operation':
      return expression.operands.flatMap(namesIn);
    case 'number':
    case 'text':
      return [];
  }
}
