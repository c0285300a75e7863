/** Lines of imports on their way into the graph. Writing a file again puts it in place of what was there. */
export interface ImportFiles {
  /** `packed` is gzip. */
  putPart(importId: string, part: number, packed: Uint8Array): Promise<void>;
  /** Of a part, from its first; the last one too when no line end follows. */
  partLines(importId: string, part: number): AsyncIterable<string>;
  /** `file` names where the lines come from. */
  putGroup(importId: string, group: number, file: string, lines: readonly string[]): Promise<void>;
  groupLines(importId: string, group: number, file: string): AsyncIterable<string>;
}
