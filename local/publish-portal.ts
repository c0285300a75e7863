import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Cloud } from './cloud.ts';

/**
 * The step that follows a deployment: puts the portal where the CDN serves it, and builds it first when its sources have
 * changed. It runs as it would against AWS, in a process of its own, which `signal` ends. Throws an Error with that process's complaint.
 */
export async function publishPortal(cloud: Cloud, projectDirectory: string, signal?: AbortSignal): Promise<void> {
  const program = ['scripts/publish-portal.ts', '--local', cloud.apiUrl];
  await promisify(execFile)(process.execPath, program, { cwd: projectDirectory, ...(signal && { signal }) }).catch(
    (error: unknown) => {
      throw new Error(`the portal was not published: ${Object(error).stderr || error}`);
    },
  );
}
