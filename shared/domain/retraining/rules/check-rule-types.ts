import { checkCall } from './check-rule-calls.ts';
import type { Expression, Parsed, RuleChecker } from './rule-expression.ts';
import { RuleFault } from './rule-fault.ts';
import { type RuleField, type RuleFields, type RuleType, ruleVariables, typeWords } from './rule-type.ts';

/** What the check found: the type of the whole, and the optional things it reads, by id of the expression. */
export type CheckedRule = {
  readonly type: RuleType;
  /** Path of each member that may be missing, e.g. `signals.performance.value`. */
  readonly optionalPaths: ReadonlyMap<bigint, readonly string[]>;
  /** Every path that is read, `has()` included. */
  readonly paths: readonly (readonly string[])[];
};

/** Bounds the work of one evaluation: there are no loops, so each part is evaluated once at most. */
const maximumParts = 200;

/** Throws `RuleFault` at an unknown name, a type that does not fit, and what rules cannot do. */
export function checkRuleTypes({ expr, sourceInfo }: Parsed): CheckedRule {
  const optionalPaths = new Map<bigint, readonly string[]>();
  const paths: (readonly string[])[] = [];
  let parts = 0;
  const checker: RuleChecker = { typeOf, fault };
  const type = typeOf(expr);
  return { type, optionalPaths, paths };

  function fault(expression: Expression, code: RuleFault['code'], message: string): RuleFault {
    return new RuleFault(code, sourceInfo?.positions[String(expression.id)] ?? 0, message);
  }

  function typeOf(expression: Expression): RuleType {
    parts += 1;
    if (parts > maximumParts)
      throw fault(expression, 'too-costly', `a condition of more than ${maximumParts} parts, expected fewer`);
    const { exprKind: kind } = expression;
    switch (kind.case) {
      case 'constExpr':
        return constantType(expression);
      case 'identExpr':
        return fieldOf(expression, ruleVariables, kind.value.name, 'variable').type;
      case 'selectExpr':
        return selectType(expression);
      case 'callExpr':
        return checkCall(expression, kind.value, checker);
      case 'listExpr':
        return listType(kind.value.elements);
      default:
        throw fault(expression, 'type-mismatch', 'loops and maps are not part of the rules; write the cases out');
    }
  }

  function constantType(expression: Expression): RuleType {
    const { exprKind: kind } = expression;
    const constant = kind.case === 'constExpr' ? kind.value.constantKind.case : undefined;
    if (constant === 'boolValue') return { kind: 'bool' };
    if (constant === 'stringValue') return { kind: 'string' };
    if (constant === 'doubleValue') return { kind: 'double' };
    if (constant === 'int64Value') return { kind: 'int' };
    throw fault(
      expression,
      'type-mismatch',
      'expected a number, a text, true or false; has() says whether a value is there',
    );
  }

  function selectType(expression: Expression): RuleType {
    const { exprKind: kind } = expression;
    if (kind.case !== 'selectExpr' || kind.value.operand === undefined) throw fault(expression, 'syntax', 'no operand');
    const { operand, field: name, testOnly } = kind.value;
    const parent = typeOf(operand);
    if (parent.kind !== 'object')
      throw fault(expression, 'type-mismatch', `.${name} of ${typeWords(parent)}, which has no members`);
    const path = [...pathOf(operand), name];
    paths.push(path);
    const field = fieldOf(expression, parent.fields, name, path.slice(0, -1).join('.'));
    if (field.isOptional) optionalPaths.set(expression.id, path);
    return testOnly ? { kind: 'bool' } : field.type;
  }

  function listType(elements: readonly Expression[]): RuleType {
    const types = elements.map((element) => {
      if (element.exprKind.case !== 'constExpr') throw fault(element, 'type-mismatch', 'expected numbers or texts');
      return typeOf(element);
    });
    const other = elements.findIndex((_, index) => types[index]?.kind !== types[0]?.kind);
    if (other > 0)
      throw fault(elements[other]!, 'type-mismatch', `a list of ${types[0]!.kind} and ${types[other]!.kind}`);
    return { kind: 'list', element: types[0] };
  }

  function fieldOf(expression: Expression, fields: RuleFields, name: string, of: string): RuleField {
    if (Object.hasOwn(fields, name)) return fields[name]!;
    const known = Object.keys(fields).join(', ');
    throw fault(expression, 'unknown-name', `unknown ${of} ${JSON.stringify(name)}, expected one of ${known}`);
  }
}

function pathOf({ exprKind: kind }: Expression): readonly string[] {
  if (kind.case === 'identExpr') return [kind.value.name];
  if (kind.case === 'selectExpr' && kind.value.operand) return [...pathOf(kind.value.operand), kind.value.field];
  return [];
}
