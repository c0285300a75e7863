import type { Table } from '../shared/ports/table.ts';

export type Option = {
  /** What stands for the value in the help; an option without one is a flag. */
  readonly value?: string;
  readonly help: string;
  readonly isRequired?: true;
  /** May be given several times; read it with `list`. */
  readonly isRepeatable?: true;
  readonly default?: string;
  readonly choices?: readonly string[];
};

/** The options of a command line, checked against the command's. */
export interface Options {
  /** Of an option that is required or has a default. */
  text(name: string): string;
  optional(name: string): string | undefined;
  /** The comma-separated names of an option; none when it was not given. */
  list(name: string): readonly string[];
  isSet(name: string): boolean;
}

export type Report = {
  /** What is printed as JSON: no `undefined`, no NaN. */
  readonly json: unknown;
  /** The same for people. */
  readonly table: () => string;
};

/** The table in a file, its reading shown as progress. Throws `ArtifactUnusable`. */
export type OpenFile = (path: string) => Promise<Table>;

/** Shows how far something long is, e.g. `moment 3 of 200`. */
export type ShowStep = (text: string) => void;

/** One subcommand. `--format` and `--help` come with every command. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  readonly options: Readonly<Record<string, Option>>;
  /** Paragraphs below the options in the help. */
  readonly notes?: string;
  /** Throws `UsageError` or a `RunwayError`. */
  run(options: Options, open: OpenFile, step: ShowStep): Promise<Report>;
}
