/** What the demo tells the serving process; minutes since the epoch. Each command is answered by one report. */
export type ServingCommand =
  | { readonly type: 'serve'; readonly from: number; readonly to: number }
  | { readonly type: 'send' };

/** How many records of both models the command made; `late` outcomes came after the attribution window. */
export type ServingReport = { readonly predictions: number; readonly outcomes: number; readonly late: number };

export const nothingServed: ServingReport = { predictions: 0, outcomes: 0, late: 0 };
