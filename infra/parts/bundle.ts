import { copyFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { backgroundFunctions, routes } from '../../shared/names.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const outdir = path.join(root, 'dist', 'functions');

/** Paths under `functions/`, each once. */
export const functionPaths: readonly string[] = [
  ...new Set([...Object.values(routes).map((route) => route.function), ...Object.values(backgroundFunctions)]),
];

/** Directory that holds the bundle of `functions/<functionPath>.ts`. */
export function bundleDirectory(functionPath: string): string {
  return path.join(outdir, functionPath);
}

/** Bundles every function in one esbuild run, which takes a second where one run per function takes half a minute. */
export function bundleFunctions(): void {
  rmSync(outdir, { recursive: true, force: true });
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(functionPaths.map((name) => [`${name}/index`, `functions/${name}.ts`])),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
    mainFields: ['module', 'main'],
    // Bundled CommonJS packages call require(); ES modules have none.
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
  });
  copyCedar(metafile);
}

// The policy engine reads its WebAssembly from beside the bundle; only functions that authorise carry it.
function copyCedar(metafile: { outputs: Record<string, { inputs: Record<string, unknown> }> }): void {
  const wasm = fileURLToPath(new URL('cedar_wasm_bg.wasm', import.meta.resolve('@cedar-policy/cedar-wasm/web')));
  for (const [file, output] of Object.entries(metafile.outputs)) {
    if (Object.keys(output.inputs).some((input) => input.includes('@cedar-policy/'))) {
      copyFileSync(wasm, path.join(root, path.dirname(file), 'cedar_wasm_bg.wasm'));
    }
  }
}
