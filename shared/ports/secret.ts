/** A text that is kept where only its readers can read it. Throws `DependencyUnavailable`. */
export interface Secret {
  read(): Promise<string>;
}
