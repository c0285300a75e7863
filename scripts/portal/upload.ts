import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Deployment } from './deployment.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};
/** Their names change with their content. */
const forever = 'public, max-age=31536000, immutable';
const askAgain = 'no-cache';

/** Uploads the built portal and its settings; what names the other files comes last. Old assets stay for tabs that are open. */
export async function uploadPortal(directory: string, deployment: Deployment): Promise<void> {
  const client = new S3Client(deployment.s3);
  const put = (key: string, body: string | Buffer) =>
    client.send(
      new PutObjectCommand({
        Bucket: deployment.bucket,
        Key: key,
        Body: body,
        ContentType: contentTypes[path.extname(key)] ?? 'application/octet-stream',
        CacheControl: key.startsWith('assets/') ? forever : askAgain,
      }),
    );
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .filter((key) => key !== 'index.html' && key !== 'manifest.json');
  try {
    await Promise.all(files.map((key) => put(key, readFileSync(path.join(directory, key)))));
    await put('config.json', JSON.stringify(deployment.config));
    await put('index.html', readFileSync(path.join(directory, 'index.html')));
  } finally {
    client.destroy();
  }
}
