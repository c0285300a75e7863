import { useQuery } from '@tanstack/react-query';
import { modelOptions } from '../../api/queries.ts';
import { useRunway } from '../../api/runway.tsx';
import type { Model, ModelVersion } from '../../api/types.ts';
import { figureText } from '../../format/number.ts';
import { dateText } from '../../format/time.ts';
import { Empty, Skeleton } from '../../parts/placeholders.tsx';
import { ProblemNotice } from '../../parts/problem.tsx';
import { kindOf, State } from '../../parts/state.tsx';
import { Moment } from '../../parts/when.tsx';

/** Newest first, with the share of the traffic that each has now. */
export function VersionsSection({ model }: { readonly model: Model }) {
  const versions = useQuery(modelOptions.versions(useRunway(), model.modelId));
  if (versions.isError) return <ProblemNotice what="The versions" error={versions.error} />;
  if (versions.data === undefined) return <Skeleton label="Loading versions" />;
  if (versions.data.items.length === 0) {
    return (
      <Empty title="No version yet" command={`POST /v1/models/${model.modelId}/versions`}>
        A version names its artefact, training run, data, and the reference window that drift is measured against.
      </Empty>
    );
  }
  const items = versions.data.items.toSorted((a, b) => b.version - a.version);
  return (
    <table className="stack">
      <thead>
        <tr>
          <th scope="col">Version</th>
          <th scope="col">Status</th>
          <th scope="col" className="number">
            Traffic
          </th>
          <th scope="col">Registered</th>
          <th scope="col">Trained on data until</th>
          <th scope="col">Offline metrics</th>
          <th scope="col">Run and code</th>
        </tr>
      </thead>
      <tbody>
        {items.map((version) => (
          <VersionRow key={version.version} version={version} model={model} />
        ))}
      </tbody>
    </table>
  );
}

function VersionRow({ version, model }: { readonly version: ModelVersion; readonly model: Model }) {
  const arm = model.routing?.arms.find((candidate) => candidate.version === version.version);
  const isShadow = model.routing?.shadows.some((shadow) => shadow.version === version.version);
  const metrics = Object.entries(version.offlineMetrics).slice(0, 4);
  return (
    <tr>
      <th scope="row">{version.version}</th>
      <td>
        <State kind={kindOf(version.status)}>{version.status.replace('-', ' ')}</State>
      </td>
      <td className="number" data-label="Traffic">
        {arm === undefined ? (isShadow ? 'in shadow' : '–') : `${arm.weightPercent} %`}
      </td>
      <td data-label="Registered">
        <Moment at={version.registeredAt} />
      </td>
      <td data-label="Data until">{dateText(version.trainingDataEnd)}</td>
      <td data-label="Offline metrics" className="muted">
        {metrics.length === 0 ? '–' : metrics.map(([name, value]) => `${name} ${figureText(value)}`).join(', ')}
      </td>
      <td className="sentence">
        <a href={version.codeLink} rel="noreferrer">
          {version.trainingRun}
        </a>
      </td>
    </tr>
  );
}
