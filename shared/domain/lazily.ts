/** Computes a value when it is first asked for, and keeps it; nothing that it is computed from may change meanwhile. */
export function lazily<T>(compute: () => T): () => T {
  let state: { readonly isKnown: false; readonly compute: () => T } | { readonly isKnown: true; readonly value: T } = {
    isKnown: false,
    compute,
  };
  return () => {
    // What it was computed from need not be kept.
    if (!state.isKnown) state = { isKnown: true, value: state.compute() };
    return state.value;
  };
}
