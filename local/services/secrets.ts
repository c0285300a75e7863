import { randomInt, randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Journal } from '../journal.ts';
import { account, region } from '../template/identities.ts';
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

const secretOwner = z.object({ Name: z.string().regex(/^[\w/+=.@-]{1,512}$/), SecretString: z.string().min(1) });

/** AWS draws six characters at random. */
export function secretArn(name: string): string {
  return `arn:aws:secretsmanager:${region}:${account}:secret:${name}-000000`;
}

/**
 * Secrets Manager, to create and to read (`RequireEachIncludedType` is left to chance): values come from the template, or
 * are generated once, or were given; they are kept in the journal.
 */
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
    const declared = options.secrets.find(({ arn, physicalName }) => secretId === arn || secretId === physicalName);
    const secret = declared ?? identityOf(secretId);
    const row = select.get(secret.arn);
    if (row === undefined) {
      throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret");
    }
    return { secret, value: String(row.value), version: String(row.version) };
  }

  return {
    targetPrefix: 'secretsmanager',
    valueOf: (secretId) => find(secretId).value,
    async handle(operation, input) {
      if (operation === 'CreateSecret') {
        const { Name, SecretString } = parseInput(input, secretOwner, 'InvalidParameterException');
        const { changes } = insert.run(secretArn(Name), SecretString, randomUUID());
        if (changes === 0) throw new ServiceError('ResourceExistsException', `the secret ${Name} already exists`);
        return { ARN: secretArn(Name), Name };
      }
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

/** Of a secret that the template does not hold. */
function identityOf(secretId: string) {
  const [, ofArn] = /^arn:aws:secretsmanager:[^:]+:\d{12}:secret:(.+)-000000$/.exec(secretId) ?? [];
  const physicalName = ofArn ?? secretId;
  return { arn: secretArn(physicalName), physicalName };
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
