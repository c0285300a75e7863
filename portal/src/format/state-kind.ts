/** What colours and shapes say, whatever it is of. */
export type StateKind = 'healthy' | 'warning' | 'breach' | 'unknown' | 'progress';
