import type { EmbeddingSet } from '../../domain/health/embedding/embedding-set.ts';

const firstRows = 1_024;

/** Rows of one length in one array that grows; when it may not grow any more, every second id is let go. */
export class GrowingRows {
  /** Ids whose position is below it are kept. */
  ratio = 1;
  readonly columns: number;
  private readonly maximumRows: number;
  private values: Float64Array;
  private ids: string[] = [];
  private positions: number[] = [];

  constructor(columns: number, maximumValues: number) {
    this.columns = columns;
    this.maximumRows = Math.max(1, Math.floor(maximumValues / columns));
    this.values = new Float64Array(Math.min(firstRows, this.maximumRows) * columns);
  }

  /** `fill` writes the coordinates. */
  add(id: string, position: number, fill: (into: Float64Array) => void): void {
    while (this.ids.length >= this.maximumRows && this.ratio > 2 ** -30) this.halve();
    if (position >= this.ratio) return;
    const at = this.ids.length * this.columns;
    if (at + this.columns > this.values.length) this.grow();
    fill(this.values.subarray(at, at + this.columns));
    this.ids.push(id);
    this.positions.push(position);
  }

  set(): EmbeddingSet {
    const { columns, ids } = this;
    return { ids, vectors: { rows: ids.length, columns, values: this.values.subarray(0, ids.length * columns) } };
  }

  private grow(): void {
    const larger = new Float64Array(2 * this.values.length);
    larger.set(this.values);
    this.values = larger;
  }

  private halve(): void {
    this.ratio /= 2;
    const { columns } = this;
    const kept = this.positions.flatMap((position, row) => (position < this.ratio ? [row] : []));
    kept.forEach((row, to) => {
      this.values.copyWithin(to * columns, row * columns, (row + 1) * columns);
    });
    this.ids = kept.map((row) => this.ids[row]!);
    this.positions = kept.map((row) => this.positions[row]!);
  }
}
