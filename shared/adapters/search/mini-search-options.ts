import type { Options } from 'minisearch';
import { digestOf, type SearchDocument } from '../../domain/graph/search/search-document.ts';
import { type SearchField, searchFields } from '../../domain/graph/search/search-score.ts';
import { maximumTermLength, squashed, termsOf } from '../../domain/graph/search/tokens.ts';

/** An indexed index cannot be read with other options than it was written with: a change of these is a new format. */
export const miniSearchOptions: Options<SearchDocument> = {
  fields: [...searchFields],
  idField: 'uri',
  storeFields: ['digest'],
  extractField: (document, field) => {
    if (field === 'uri') return document.uri;
    return field === 'digest' ? digestOf(document) : textOf(document, field as SearchField);
  },
  tokenize: (text, field) => (field === 'name' ? nameTerms(text) : [...termsOf(text)]),
  processTerm: (term) => term,
  // What is removed is removed at once, see `change`.
  autoVacuum: false,
  // It only says that a document is not as it was indexed: the reconciler finds that, and says which.
  logger: () => undefined,
};

function textOf(document: SearchDocument, field: SearchField): string {
  switch (field) {
    case 'owners':
      return document.owners.map(({ name }) => name).join('\n');
    case 'tags':
    case 'related':
      return document[field].join('\n');
    case 'type':
    case 'name':
      return document[field];
    case 'id':
    case 'description':
      return document[field] ?? '';
  }
}

/** A name is also found when it is written without its spaces. */
function nameTerms(name: string): string[] {
  const whole = squashed(name).slice(0, maximumTermLength);
  return [...new Set([...termsOf(name), ...(whole === '' ? [] : [whole])])];
}
