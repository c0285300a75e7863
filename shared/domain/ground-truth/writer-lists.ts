/** Lists of the event store in which writers stand, by name. */
export const allWriters = 'writers';

export function writersOfTeam(team: string): string {
  return `writers#team#${team}`;
}
