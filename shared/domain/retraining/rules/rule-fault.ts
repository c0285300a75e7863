/** What is wrong with a condition, and where. */
export class RuleFault extends Error {
  override readonly name = 'RuleFault';
  readonly code: 'syntax' | 'unknown-name' | 'type-mismatch' | 'too-costly';
  /** From 0, in the condition's text. */
  readonly offset: number;

  constructor(code: RuleFault['code'], offset: number, message: string) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}
