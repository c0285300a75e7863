/**
 * X-Ray's header of the invocation under way (`Root=…;Parent=…;Sampled=…`), undefined where nothing is traced. Services
 * that call nobody back, a queue and a bus, carry it only when they are given it (ADR 0010).
 */
export function traceHeader(): string | undefined {
  // biome-ignore lint/complexity/useLiteralKeys: the name is Lambda's
  return process.env['_X_AMZN_TRACE_ID'] || undefined;
}
