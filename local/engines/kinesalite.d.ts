declare module 'kinesalite' {
  import type { Server } from 'node:http';

  function kinesalite(options: {
    readonly path: string;
    readonly createStreamMs: number;
    readonly deleteStreamMs: number;
    readonly updateStreamMs: number;
    readonly shardLimit: number;
  }): Server;
  export = kinesalite;
}
