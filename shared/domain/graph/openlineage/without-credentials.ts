/** `jdbc:postgresql://ada:secret@host/db` is kept without who and what. */
export function withoutCredentials(uri: string): string {
  return uri.replace(/(:\/\/)[^/?#@]*@/, '$1').replace(/([?&;](?:password|pwd|token|secret|user)=)[^&;]*/gi, '$1…');
}

const maximumLength = 2_000;
// Not to its end where the text was cut.
const quotedSecret =
  /\b(password|passwd|pwd|credentials?|identified +by|\w*secret\w*|\w*token|\w*_key)\b( *(?:=>|=|:) *| +)('[^']*(?:'|$)|"[^"]*(?:"|$))/gi;

/**
 * The beginning of a query, at most 2,000 characters: without control characters but tabs and line ends, and with … in
 * place of what stands in quotes behind a word for a secret, and of who logs in in an address.
 */
export function readableSql(query: string): string {
  const isCut = query.length > maximumLength;
  const start = query
    .slice(0, isCut ? maximumLength - 1 : maximumLength)
    .toWellFormed()
    .replace(/(?![\t\n\r])\p{Cc}/gu, ' ');
  const shown = start.replace(quotedSecret, "$1$2'…'").replace(/(:\/\/)[^\s/?#@'"]*@/g, '$1');
  return `${shown.trim()}${isCut ? '…' : ''}`;
}
