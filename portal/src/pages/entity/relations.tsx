import { useState } from 'react';
import type { EntityAnswer, Relation } from '../../api/graph-types.ts';
import { countedText, percentText } from '../../format/number.ts';
import { momentText } from '../../format/time.ts';
import { EntityLink } from '../../parts/entity-link.tsx';
import { State } from '../../parts/state.tsx';
import { Ago } from '../../parts/when.tsx';
import { conflictText, conflictTitle } from './conflict-words.ts';
import { groupRelations, isCurrent } from './relation-groups.ts';

const shownFirst = 12;

/** Every relation with who says so and since when; ended ones when asked for. */
export function RelationsSection({ answer }: { readonly answer: EntityAnswer }) {
  const [isWithEnded, setWithEnded] = useState(false);
  const { relations, asOf } = answer;
  const current = relations.filter((relation) => isCurrent(relation, asOf));
  const ended = relations.length - current.length;
  const groups = groupRelations(isWithEnded ? relations : current);
  return (
    <>
      {ended > 0 && (
        <label className="check">
          <input type="checkbox" checked={isWithEnded} onChange={() => setWithEnded(!isWithEnded)} />
          {`Show ${countedText(ended, 'relation')} that ended`}
        </label>
      )}
      {groups.length === 0 ? (
        <p className="muted">Nobody says that it is related to anything{ended > 0 && ' any more'}.</p>
      ) : (
        <table className="stack relations">
          <caption className="visually-hidden">Relations by what they mean</caption>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">How it is known</th>
              <th scope="col">Who says so</th>
              <th scope="col" className="number">
                Confidence
              </th>
              <th scope="col">Since</th>
              <th scope="col">Evidence</th>
            </tr>
          </thead>
          {groups.map(({ key, title, relations: of }) => (
            <Group key={key} title={title} relations={of} asOf={asOf} />
          ))}
        </table>
      )}
    </>
  );
}

type GroupProps = { readonly title: string; readonly relations: readonly Relation[]; readonly asOf: string };

function Group({ title, relations, asOf }: GroupProps) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? relations : relations.slice(0, shownFirst);
  return (
    <tbody>
      <tr className="group">
        <th scope="rowgroup" colSpan={6}>
          {title} <span className="muted">{relations.length}</span>
        </th>
      </tr>
      {shown.map((relation) => (
        <Row key={`${relation.uri} ${relation.claimant} ${relation.validFrom}`} relation={relation} asOf={asOf} />
      ))}
      {relations.length > shownFirst && (
        <tr>
          <td colSpan={6}>
            <button type="button" className="button quiet" onClick={() => setWhole(!isWhole)}>
              {isWhole ? 'Show fewer' : `Show all ${relations.length}`}
            </button>
          </td>
        </tr>
      )}
    </tbody>
  );
}

function Row({ relation, asOf }: { readonly relation: Relation; readonly asOf: string }) {
  const { uri, entityType, name, provenance, claimant, confidence, evidence, validFrom, validTo, conflict } = relation;
  return (
    <tr className={isCurrent(relation, asOf) ? undefined : 'ended'}>
      <th scope="row">
        <EntityLink uri={uri} type={entityType} name={name} isRow />
      </th>
      <td data-label="Known as">{provenance}</td>
      <td data-label="Says">{claimant}</td>
      <td className="number" data-label="Confidence">
        {percentText(confidence ?? 1)}
      </td>
      <td data-label="Since" className="nowrap">
        <Ago at={validFrom} />
        {validTo !== undefined && <span className="muted">{`, until ${momentText(validTo)}`}</span>}
      </td>
      <td className="sentence muted">
        {evidence ?? ''}
        {conflict !== undefined && (
          <p className="contested">
            <State kind="warning">{conflictTitle(conflict)}:</State> {conflictText(conflict)}
          </p>
        )}
      </td>
    </tr>
  );
}
