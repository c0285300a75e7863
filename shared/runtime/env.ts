import type { EnvironmentName } from '../names.ts';

/** Value of an environment variable. Call it at module load, so that a function without it never starts. */
export function env(name: EnvironmentName): string {
  const value = process.env[name];
  if (!value) throw new Error(`environment variable ${name} is not set`);
  return value;
}
