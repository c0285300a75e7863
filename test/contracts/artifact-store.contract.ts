import { expect, it } from 'vitest';
import type { ArtifactStore } from '../../shared/ports/artifact-store.ts';

export type StoreUnderTest = {
  readonly store: ArtifactStore;
  readonly put: (uri: string, content: Uint8Array) => Promise<void>;
};

/** What every artefact store does with the bucket `artifacts`. */
export function artifactStoreContract(given: () => StoreUnderTest): void {
  it('reads what was put, byte for byte', async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, n) => n % 251);
    await given().put('s3://artifacts/models/late basic/1.bin', bytes);
    expect(Buffer.compare(await given().store.read('s3://artifacts/models/late basic/1.bin'), bytes)).toBe(0);
  });

  it('gives the SHA-256 of the content', async () => {
    await given().put('s3://artifacts/empty', new Uint8Array());
    await given().put('s3://artifacts/abc', Buffer.from('abc'));
    expect(await given().store.digest('s3://artifacts/empty')).toBe(
      'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    expect(await given().store.digest('s3://artifacts/abc')).toBe(
      'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('reads any piece of an object, and all of it in order', async () => {
    const bytes = Uint8Array.from({ length: 9_000_000 }, (_, n) => n % 251);
    await given().put('s3://artifacts/reference.parquet', bytes);
    const source = await given().store.source('s3://artifacts/reference.parquet');
    expect(source).toMatchObject({ name: 's3://artifacts/reference.parquet', size: 9_000_000 });
    expect(new Uint8Array(await source.read(8_999_996, 9_000_000))).toEqual(bytes.subarray(8_999_996));
    expect((await source.read(10, 10)).byteLength).toBe(0);
    const pieces: Uint8Array[] = [];
    for await (const piece of source.stream()) pieces.push(piece);
    expect(Buffer.compare(Buffer.concat(pieces), bytes)).toBe(0);
  });

  it('says what is missing', async () => {
    for (const ask of [given().store.read, given().store.digest, given().store.source]) {
      await expect(ask('s3://artifacts/gone')).rejects.toMatchObject({
        name: 'ArtifactUnusable',
        code: 'artifact-missing',
        message: 'there is no object s3://artifacts/gone',
      });
    }
  });
}
