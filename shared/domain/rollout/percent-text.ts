/** `+1.2 %` of the ratio 0.012. */
export function percentText(ratio: number): string {
  const percent = (100 * ratio).toFixed(1);
  return `${ratio > 0 ? '+' : ''}${percent} %`;
}
