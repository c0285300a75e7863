import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands } from '../../cli/commands.ts';
import { main } from '../../cli/main.ts';

/** One command line, in this process, at a clock that stands still. */
export async function runCli(...args: readonly string[]) {
  let [out, error] = ['', ''];
  const code = await main(commands, args, {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
    milliseconds: () => 0,
  });
  return { code, out, error };
}

/** The JSON of a command line that ends well. */
export async function runJson(...args: readonly string[]) {
  const { code, out, error } = await runCli(...args);
  if (code !== 0) throw new Error(`exit code ${code}: ${error}`);
  return JSON.parse(out);
}

/** A folder for the files of a test; `write` gives the path of a file in it. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'runway-cli-'));
  return {
    folder,
    write(name: string, content: string | Uint8Array): string {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
