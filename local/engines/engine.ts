/** A running stand-in for one AWS service, reachable on this machine only. */
export interface Engine {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  stop(): Promise<void>;
}
