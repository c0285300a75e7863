declare module 'autocannon' {
  type Options = {
    readonly url: string;
    readonly connections: number;
    readonly duration: number;
    readonly headers?: Readonly<Record<string, string>>;
  };
  type Result = {
    /** Milliseconds. */
    readonly latency: { readonly p50: number; readonly p99: number };
    readonly requests: { readonly average: number; readonly total: number };
    readonly non2xx: number;
    readonly errors: number;
  };
  // biome-ignore lint/style/noDefaultExport: the package has nothing else
  export default function autocannon(options: Options): Promise<Result>;
}
