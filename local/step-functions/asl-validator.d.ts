declare module 'asl-validator' {
  /** Writes into the definition. */
  function validate(definition: unknown): { readonly isValid: boolean; errorsText(separator?: string): string };
  export = validate;
}
