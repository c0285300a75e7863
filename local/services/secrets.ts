import { randomInt, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Journal } from '../journal.ts';
import { type JsonService, type ResolvedResource, ServiceError } from '../types.ts';
import { parseInput, parseProperties } from './properties.ts';

export interface Secrets extends JsonService {
  /** The current value, by name or ARN. Throws `ResourceNotFoundException`. */
  valueOf(secretId: string): string;
}

const generateSchema = z.object({
  PasswordLength: z.number().default(32),
  SecretStringTemplate: z.string().optional(),
  GenerateStringKey: z.string().optional(),
  ExcludeCharacters: z.string().default(''),
  ExcludePunctuation: z.boolean().default(false),
  ExcludeNumbers: z.boolean().default(false),
  ExcludeLowercase: z.boolean().default(false),
  ExcludeUppercase: z.boolean().default(false),
  IncludeSpace: z.boolean().default(false),
});
type Generate = z.infer<typeof generateSchema>;

const secretProperties = z.object({
  SecretString: z.string().optional(),
  GenerateSecretString: generateSchema.optional(),
});

/** Secrets Manager, to read (`RequireEachIncludedType` is left to chance): values come from the template, or are generated once and kept in the journal. */
export function createSecrets(options: {
  readonly journal: Journal;
  /** Resources of type `AWS::SecretsManager::Secret`. */
  readonly secrets: readonly ResolvedResource[];
}): Secrets {
  const { db } = options.journal;
  db.exec('CREATE TABLE IF NOT EXISTS secrets (arn TEXT PRIMARY KEY, value TEXT NOT NULL, version TEXT NOT NULL)');
  const insert = db.prepare('INSERT OR IGNORE INTO secrets (arn, value, version) VALUES (?, ?, ?)');
  const overwrite = db.prepare('UPDATE secrets SET value = ?1, version = ?2 WHERE arn = ?3 AND value <> ?1');
  const select = db.prepare('SELECT value, version FROM secrets WHERE arn = ?');
  for (const secret of options.secrets) {
    const { SecretString, GenerateSecretString } = parseProperties(secret, secretProperties);
    insert.run(secret.arn, SecretString ?? generate(GenerateSecretString ?? generateSchema.parse({})), randomUUID());
    if (SecretString !== undefined) overwrite.run(SecretString, randomUUID(), secret.arn);
  }

  function find(secretId: string) {
    const secret = options.secrets.find(({ arn, physicalName }) => secretId === arn || secretId === physicalName);
    const row = secret && select.get(secret.arn);
    if (secret === undefined || row === undefined) {
      throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret");
    }
    return { secret, value: String(row.value), version: String(row.version) };
  }

  return {
    targetPrefix: 'secretsmanager',
    valueOf: (secretId) => find(secretId).value,
    async handle(operation, input) {
      const { SecretId } = parseInput(input, z.looseObject({ SecretId: z.string() }), 'InvalidParameterException');
      const { secret, value, version } = find(SecretId);
      const identity = { ARN: secret.arn, Name: secret.physicalName };
      if (operation === 'DescribeSecret') return { ...identity, VersionIdsToStages: { [version]: ['AWSCURRENT'] } };
      if (operation === 'GetSecretValue') {
        return { ...identity, SecretString: value, VersionId: version, VersionStages: ['AWSCURRENT'] };
      }
      throw new ServiceError('UnknownOperationException', `Secrets Manager ${operation} is not emulated`);
    },
  };
}

function generate(settings: Generate): string {
  const alphabet = [
    settings.ExcludeLowercase ? '' : 'abcdefghijklmnopqrstuvwxyz',
    settings.ExcludeUppercase ? '' : 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    settings.ExcludeNumbers ? '' : '0123456789',
    settings.ExcludePunctuation ? '' : '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
    settings.IncludeSpace ? ' ' : '',
  ].join('');
  const characters = [...alphabet].filter((character) => !settings.ExcludeCharacters.includes(character));
  const password = Array.from({ length: settings.PasswordLength }, () => characters[randomInt(characters.length)]).join(
    '',
  );
  if (settings.GenerateStringKey === undefined) return password;
  return JSON.stringify({
    ...JSON.parse(settings.SecretStringTemplate ?? '{}'),
    [settings.GenerateStringKey]: password,
  });
}
