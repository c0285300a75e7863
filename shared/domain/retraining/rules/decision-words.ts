import type { DecisionRecord } from './decision-record.ts';

/** What was decided, in one sentence: `retrained because …`, `held because …`. */
export function decisionWords({ decision }: DecisionRecord): string {
  const { action, reason, matched, holdKind, besides } = decision;
  const rules = matched.map(({ name }) => name).join(', ');
  const also = besides === undefined ? '' : `; rule ${besides.name} also says ${besides.then}: ${besides.reason}`;
  switch (action) {
    case 'retrain':
      return `retrained because ${reason} (rule ${rules})${also}`;
    case 'alert':
      return `alerted because ${reason} (rule ${rules})`;
    case 'propose-deprecation':
      return `proposed for deprecation because ${reason} (rule ${rules})`;
    case 'nothing':
      return `left alone because ${reason} (rule ${rules})`;
    case 'hold':
      if (matched.length > 0) return `held because ${reason}; rule ${rules} asks for a retrain${also}`;
      return holdKind === 'no-match' ? `not retrained because ${reason}` : `held because ${reason}${also}`;
  }
}
