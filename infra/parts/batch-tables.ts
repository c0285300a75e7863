type Columns = readonly (readonly [name: string, type: string])[];
export type TableSpec = {
  readonly name: string;
  readonly key: string;
  readonly prefix: string;
  readonly columns: Columns;
};

const identity: Columns = [
  ['model_id', 'string'],
  ['prediction_id', 'string'],
];
const arrival: Columns = [
  ['writer', 'string'],
  ['arrived_at', 'timestamp'],
  ['position', 'string'],
];

const rawPredictions: TableSpec = {
  name: 'raw_predictions',
  key: 'arrival',
  prefix: 'raw/predictions/',
  columns: [
    ...identity,
    ['model_version', 'int'],
    ['predicted_at', 'timestamp'],
    ['scored_at', 'timestamp'],
    ['score', 'double'],
    ['sampling_ratio', 'double'],
    ['in_sample', 'boolean'],
    ['rollout_id', 'string'],
    ['shadows', 'string'],
    ['items', 'string'],
    ['features', 'string'],
    ['segments', 'string'],
    ...arrival,
  ],
};

const rawOutcomes: TableSpec = {
  name: 'raw_outcomes',
  key: 'arrival',
  prefix: 'raw/outcomes/',
  columns: [
    ...identity,
    ['outcome_type', 'string'],
    ['item_id', 'string'],
    ['predicted_at', 'timestamp'],
    ['observed_at', 'timestamp'],
    ['label', 'double'],
    ['business_value', 'double'],
    ...arrival,
  ],
};

const joined: TableSpec = {
  name: 'joined',
  key: 'date',
  prefix: 'joined/',
  columns: [
    ...identity,
    ['model_version', 'int'],
    ['predicted_at', 'timestamp'],
    ['score', 'double'],
    ['sampling_ratio', 'double'],
    ['in_sample', 'boolean'],
    ['segments', 'string'],
    ['outcome_type', 'string'],
    ['item_id', 'string'],
    ['observed_at', 'timestamp'],
    ['first_arrived_at', 'timestamp'],
    ['business_value', 'double'],
    ['writer', 'string'],
    ['label', 'double'],
    ['provenance', 'string'],
    ['status', 'string'],
    ['is_first', 'boolean'],
    ['items', 'string'],
  ],
};

/** Tables of the batch layer in the Glue catalog; `key` partitions the files below `prefix`. */
export const batchTables: readonly TableSpec[] = [rawPredictions, rawOutcomes, joined];
