/** ECDSA on P-256 over SHA-256, by what every runtime has (Web Crypto). */
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const coordinateBytes = 32;

/** Whether one of the keys (PEM) has signed the bytes; `signature` is base64 of DER, as KMS gives it. */
export async function isSignedByOneOf(
  publicKeys: readonly string[],
  bytes: Uint8Array<ArrayBuffer>,
  signature: string,
): Promise<boolean> {
  const raw = rawSignature(fromBase64(signature));
  if (raw === undefined) return false;
  for (const pem of publicKeys) {
    const spki = fromBase64(pem.replace(/-----[A-Z ]+-----|\s/g, ''));
    const key = await crypto.subtle.importKey('spki', spki, algorithm, false, ['verify']);
    if (await crypto.subtle.verify(algorithm, key, raw, bytes)) return true;
  }
  return false;
}

/** The two integers of a DER sequence, side by side, as Web Crypto wants them; undefined when it is no such sequence. */
function rawSignature(der: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined {
  const raw = new Uint8Array(2 * coordinateBytes);
  // SEQUENCE and its length, a single byte at this size.
  let at = 2;
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return undefined;
  for (const end of [coordinateBytes, 2 * coordinateBytes]) {
    const length = der[at + 1] ?? 0;
    let integer = der.subarray(at + 2, at + 2 + length);
    if (der[at] !== 0x02 || length === 0 || integer.length !== length) return undefined;
    // A leading zero keeps a large integer positive.
    while (integer.length > 1 && integer[0] === 0) integer = integer.subarray(1);
    if (integer.length > coordinateBytes) return undefined;
    raw.set(integer, end - integer.length);
    at += 2 + length;
  }
  return at === der.length ? raw : undefined;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
