import { formatEntityRef } from '../../shared/domain/graph/entity-ref.ts';
import type { EntityType } from '../../shared/domain/graph/entity-types.ts';
import { contributionId, restate, type Statement } from '../../shared/domain/graph/provider-contribution.ts';
import { createSearchCorpus, type SearchCorpus } from '../../shared/domain/graph/search/search-corpus.ts';
import type { SearchDocument } from '../../shared/domain/graph/search/search-document.ts';
import { searchedStream } from '../../shared/domain/graph/search/searched-stream.ts';

// Names as catalogues have them: words of the business put together in the style of each system, in families of versions
// and regions. The same seed gives the same entities.

const subjects =
  'member title profile device session artwork playback search query checkout basket order payment invoice refund courier driver rider merchant listing booking guest host property flight airport gate crew luggage delay weather ticket fare seat wallet card account loan claim policy premium fraud chargeback dispute login bot spam message thread comment review rating photo video clip trailer episode series genre language subtitle locale catalog inventory shelf warehouse pallet shipment route vehicle sensor meter battery turbine grid outage tariff patient visit referral lab dosage trial sample genome'.split(
    ' ',
  );
const aspects =
  'watch click view purchase churn retention conversion engagement dwell abandon arrival departure duration distance latency volume value margin price demand supply capacity load risk quality freshness similarity affinity popularity novelty diversity seasonality recency frequency tenure lifetime propensity uplift intent sentiment toxicity relevance ranking retrieval allocation matching routing pacing bidding forecast anomaly eligibility'.split(
    ' ',
  );
const forms =
  'embedding score rate count ratio average median total history events snapshot aggregate baseline labels features candidates impressions transactions summary daily hourly weekly backfill holdout calibration attribution segmentation classifier regressor ranker recommender detector estimator forecaster encoder tower bandit policy'.split(
    ' ',
  );
const places =
  'homepage browse detail checkout kids mobile television web console partner internal growth emea latam apac nordics iberia'.split(
    ' ',
  );
const teams =
  'discovery personalization messaging growth payments fraud logistics marketplace content studio ads playback reliability experimentation identity pricing forecasting insights platform search'.split(
    ' ',
  );
const givenNames =
  'ada alan barbara claude donald edsger frances grace hedy ivan joan katherine leslie margaret niklaus ole radia shafi tony vint'.split(
    ' ',
  );
const familyNames =
  'lovelace turing liskov shannon knuth dijkstra allen hopper lamarr sutherland clarke johnson lamport hamilton wirth dahl perlman goldwasser hoare cerf'.split(
    ' ',
  );

type Style = {
  readonly type: EntityType;
  readonly platform: string;
  readonly name: (words: readonly string[], i: number) => string;
};

const capitalized = (word: string) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
const styles: readonly Style[] = [
  { type: 'feature', platform: 'feast', name: (words, i) => `${words.join('_')}_${[1, 7, 28, 90][i % 4]}d` },
  { type: 'feature', platform: 'feast', name: (words) => words.join('_') },
  {
    type: 'dataset',
    platform: 'warehouse',
    name: ([first = '', ...rest], i) => `${teams[i % teams.length]}.${first}.${rest.join('_')}`,
  },
  { type: 'dataset', platform: 'openlineage', name: (words, i) => `${words.join('-')}-v${(i % 9) + 1}` },
  { type: 'model', platform: 'registry', name: (words) => words.join('-') },
  { type: 'model-version', platform: 'mlflow', name: (words, i) => `${words.join('-')} v${(i % 30) + 1}` },
  { type: 'pipeline', platform: 'metaflow', name: (words) => `${words.map(capitalized).join('')}Flow` },
  { type: 'pipeline', platform: 'airflow', name: (words) => `train_${words.join('_')}` },
  { type: 'experiment', platform: 'abacus', name: (words, i) => `${capitalized(words.join(' '))} 20${20 + (i % 7)}` },
  { type: 'service', platform: 'kubernetes', name: (words) => `${words.slice(0, 3).join('-')}-service` },
];

/** A number at random from 0 to 1; the same sequence for the same seed (mulberry32, T. Ettinger 2017). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function pick<T>(from: readonly T[], random: () => number): T {
  const picked = from[Math.floor(random() * from.length)];
  if (picked === undefined) throw new Error('expected something to pick from');
  return picked;
}

const teamRef = (team: string) => formatEntityRef({ type: 'team', platform: 'directory', id: team });
const personRef = (person: string) => formatEntityRef({ type: 'person', platform: 'directory', id: person });

/** What one provider says of `count` entities, each with owners, tags and up to three dependencies among those before it. */
export function madeUpEntities(count: number, seed = 7): readonly Statement[] {
  const random = randomOf(seed);
  const people = givenNames.flatMap((given) => familyNames.map((family) => `${given}.${family}`));
  const statements = [
    ...teams.map((team) => described(teamRef(team), `${capitalized(team)} team`)),
    ...people.map((person) => described(personRef(person), person.split('.').map(capitalized).join(' '))),
  ];
  const known = new Set<string>();
  while (statements.length < count) {
    const style = pick(styles, random);
    const words = [pick(places, random), pick(subjects, random), pick(aspects, random), pick(forms, random)];
    const name = style.name(words.slice(random() < 0.4 ? 0 : 1), Math.floor(random() * 1_000));
    const subject = formatEntityRef({ type: style.type, platform: style.platform, id: name });
    if (known.has(subject)) continue;
    known.add(subject);
    const before = Array.from({ length: Math.floor(random() * 4) }, () => pick(statements, random).subject);
    const team = pick(teams, random);
    statements.push({
      subject,
      description: {
        name,
        description: `${capitalized(pick(forms, random))} of ${pick(subjects, random)} ${pick(aspects, random)} for ${pick(places, random)}, kept by ${team}`,
        tags: [`team::${team}`, `tier::${1 + Math.floor(random() * 4)}`, ...(random() < 0.2 ? ['pii::true'] : [])],
        attributes: {},
      },
      edges: [
        { type: 'ownedBy', to: teamRef(team) },
        ...(random() < 0.5 ? [{ type: 'ownedBy' as const, to: personRef(pick(people, random)) }] : []),
        ...[...new Set(before)].map((to) => ({ type: 'consumes' as const, to })),
      ],
    });
  }
  return statements;
}

/** The same as search keeps it. */
export function madeUpCorpus(count: number, seed?: number): SearchCorpus {
  const corpus = createSearchCorpus();
  for (const statement of madeUpEntities(count, seed)) {
    const said = restate(undefined, { provider: 'made-up', statement, at: '2001-01-22T00:00:00.000Z' });
    corpus.replace(searchedStream(contributionId('made-up', statement.subject), said));
  }
  return corpus;
}

export function documentsOf(corpus: SearchCorpus): readonly SearchDocument[] {
  return [...corpus.uris()].map((uri) => corpus.document(uri)).filter((document) => document !== undefined);
}

function described(subject: string, name: string): Statement {
  return { subject, description: { name, attributes: {} }, edges: [] };
}

const letters = 'abcdefghijklmnopqrstuvwxyz';

/** One random edit in each word of three letters or more; numbers are left as they are. */
export function mistyped(name: string, random: () => number): string {
  return name.replace(/\p{Lu}?\p{Ll}+/gu, (word) => (word.length < 3 ? word : edited(word, random)));
}

function edited(word: string, random: () => number): string {
  const letter = pick([...letters], random);
  const at = Math.floor(random() * word.length);
  const swapAt = Math.floor(random() * (word.length - 1));
  const edits = [
    () => word.slice(0, at) + letter + word.slice(at),
    () => word.slice(0, at) + word.slice(at + 1),
    () => word.slice(0, at) + letter + word.slice(at + 1),
    () => word.slice(0, swapAt) + word.charAt(swapAt + 1) + word.charAt(swapAt) + word.slice(swapAt + 2),
  ];
  return pick(edits, random)();
}
