import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync, type Metafile } from 'esbuild';
import { backgroundFunctions, optionalFunctions } from '../../shared/names.ts';
import { routes } from '../../shared/routes.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Holds the code of all functions; `functions/<path>.ts` is at `<path>/index.mjs`. */
export const bundleDirectory = path.join(root, 'dist', 'functions');

const functionPaths = new Set([
  ...Object.values(routes).map((route) => route.function),
  ...Object.values(backgroundFunctions),
  ...Object.values(optionalFunctions),
]);

/**
 * Bundles all functions at once, with what they share in chunks: a bundle for each would parse and minify the AWS SDK
 * forty times. A function still loads only the chunks it imports, and a deployment uploads one asset.
 */
export function bundleFunctions(): void {
  // Built beside and moved into place, so that a second synthesis never reads half a bundle.
  const work = `${bundleDirectory}-${process.pid}`;
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: Object.fromEntries([...functionPaths].map((name) => [`${name}/index`, `functions/${name}.ts`])),
    outdir: work,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
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
  const old = `${work}-old`;
  if (existsSync(bundleDirectory)) renameSync(bundleDirectory, old);
  renameSync(work, bundleDirectory);
  rmSync(old, { recursive: true, force: true });
}

// The policy engine reads its WebAssembly from beside the module that holds it.
function copyCedar(metafile: Metafile): void {
  const wasm = new URL('cedar_wasm_bg.wasm', import.meta.resolve('@cedar-policy/cedar-wasm/web'));
  const holders = Object.entries(metafile.outputs).filter(([, output]) =>
    Object.keys(output.inputs).some((input) => input.endsWith('shared/authorization/cedar.ts')),
  );
  for (const [file] of holders) {
    copyFileSync(wasm, path.join(root, path.dirname(file), 'cedar_wasm_bg.wasm'));
  }
}
