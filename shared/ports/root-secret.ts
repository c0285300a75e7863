/** Secret from which every writer's signing key is derived. */
export interface RootSecret {
  read(): Promise<string>;
}
