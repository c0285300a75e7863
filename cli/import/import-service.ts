import { setTimeout as sleep } from 'node:timers/promises';
import { createRunwayClient, type RunwayClient, type Schemas, unwrap } from '../../sdk/client.ts';
import { RunwayError } from '../../shared/domain/errors.ts';
import type { ShowStep } from '../command.ts';
import { reached } from '../reached.ts';
import type { LinePart } from './line-parts.ts';

export type GraphImport = Schemas['GraphImport'];

export type ServiceImport = {
  readonly url: string;
  /** Bearer token; undefined sends none. */
  readonly token: string | undefined;
  readonly parts: AsyncIterable<LinePart>;
  /** What is begun, or the import that is gone on with. */
  readonly begin: { readonly provider: string; readonly mode: 'full' | 'delta' } | { readonly importId: string };
  /** Between two looks at how far it is. @default a second */
  readonly wait?: () => Promise<void>;
};

/**
 * Sends the parts, commits them, and waits until they are written. Gives the report of the import. Throws `RunwayApiError`
 * for an answer that is no success, and `DependencyUnavailable` when there is none or the import failed, with what to do.
 */
export async function importIntoService(request: ServiceImport, step: ShowStep): Promise<GraphImport> {
  const { url, token, begin, wait = () => sleep(1_000) } = request;
  const runway = createRunwayClient({ baseUrl: url, token: () => token });
  return reached(url, async () => {
    const opened = 'importId' in begin ? await look(runway, begin.importId) : await open(runway, begin);
    const { importId, status } = opened;
    if (status !== 'succeeded') {
      const parts = status === 'open' ? await sendParts(runway, importId, request.parts, step) : opened.parts;
      await commit(runway, importId, parts);
    }
    const ended = await waited(runway, importId, { wait, step });
    if (ended.status === 'succeeded') return ended;
    throw new RunwayError(
      'DependencyUnavailable',
      'import-failed',
      `import ${importId} failed with ${ended.done} done; go on with --resume ${importId}`,
    );
  });
}

function open(runway: RunwayClient, body: { readonly provider: string; readonly mode: 'full' | 'delta' }) {
  return unwrap(runway.POST('/v1/graph/imports', { body }));
}

function look(runway: RunwayClient, importId: string): Promise<GraphImport> {
  return unwrap(runway.GET('/v1/graph/imports/{importId}', { params: { path: { importId } } }));
}

/** Gives how many there were. */
async function sendParts(
  runway: RunwayClient,
  importId: string,
  parts: AsyncIterable<LinePart>,
  step: ShowStep,
): Promise<number> {
  let part = 0;
  let lines = 0;
  for await (const { packed, lines: more } of parts) {
    part += 1;
    lines += more;
    await unwrap(
      runway.PUT('/v1/graph/imports/{importId}/parts/{part}', {
        params: { path: { importId, part } },
        headers: { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
        body: '',
        bodySerializer: () => packed,
      }),
    );
    step(`import ${importId}: ${lines.toLocaleString('en')} lines sent in ${part} parts`);
  }
  if (part === 0) throw new RunwayError('ArtifactUnusable', 'no-lines', 'the file has no line, expected NDJSON');
  return part;
}

function commit(runway: RunwayClient, importId: string, parts: number) {
  return unwrap(
    runway.POST('/v1/graph/imports/{importId}/commit', { params: { path: { importId } }, body: { parts } }),
  );
}

async function waited(
  runway: RunwayClient,
  importId: string,
  { wait, step }: { readonly wait: () => Promise<void>; readonly step: ShowStep },
): Promise<GraphImport> {
  for (;;) {
    const found = await look(runway, importId);
    if (found.status === 'succeeded' || found.status === 'failed') return found;
    step(`import ${importId}: ${found.status}, ${found.done} of ${ofWhat(found)}`);
    await wait();
  }
}

function ofWhat({ status, parts, groups }: GraphImport): string {
  if (status === 'splitting') return `${parts} parts`;
  return status === 'writing' ? `${groups} groups` : 'the pages of what was there before';
}
