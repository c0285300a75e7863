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

  it('says what is missing', async () => {
    for (const ask of [given().store.read, given().store.digest]) {
      await expect(ask('s3://artifacts/gone')).rejects.toMatchObject({
        name: 'ArtifactUnusable',
        code: 'artifact-missing',
        message: 'there is no object s3://artifacts/gone',
      });
    }
  });
}
