/** `ModelVersion` of `model-version`. */
export function typeName(type: string): string {
  return type.replace(/(?:^|-)(\w)/g, (_match, letter: string) => letter.toUpperCase());
}

/** `modelVersion` of `model-version`: the root field, and the value of the enum `EntityType`. */
export function fieldName(type: string): string {
  return type.replace(/-(\w)/g, (_match, letter: string) => letter.toUpperCase());
}
