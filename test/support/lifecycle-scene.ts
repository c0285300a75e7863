import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

type Body = Readonly<Record<string, unknown>>;

/** Hosts of the three APIs; the functions believe the certificate and may reach them. */
export const sceneHosts = {
  registry: 'registry.runway.test',
  pipelines: 'pipelines.runway.test',
  experiments: 'experiments.runway.test',
} as const;

/** What the APIs answer, by path. Tests change it. */
export function sceneAnswers(): Map<string, Body> {
  return new Map<string, Body>([
    [
      '/registry/model-instances/mi-42',
      {
        instanceId: 'mi-42',
        modelName: 'homepage-ranker',
        version: 7,
        ownerEmails: ['ada@example.com', 'grace@example.com'],
        features: [{ name: 'watch_minutes_7d' }, { name: 'device_type' }],
        pipelineRunId: 'run-9001',
        labels: { team: 'personalization' },
      },
    ],
    [
      '/registry/models/homepage-ranker',
      {
        modelName: 'homepage-ranker',
        currentInstanceId: 'mi-42',
        ownerEmails: ['ada@example.com'],
        summary: 'Ranks rows.',
      },
    ],
    [
      '/pipelines/runs/run-9001',
      {
        id: 'run-9001',
        pipeline: 'train-homepage-ranker',
        status: 'SUCCEEDED',
        abTestCells: ['31415/2'],
        inputs: ['impressions'],
      },
    ],
    ['/experiments/cells/31415/2', { testId: 31_415, cell: 2, label: 'new ranker' }],
    [
      '/experiments/tests/31415',
      { testId: 31_415, name: 'Homepage ranker v7', hypothesis: 'More rows are watched.', status: 'ALLOCATING' },
    ],
  ]);
}

export type Scene = Awaited<ReturnType<typeof startScene>>;

/** The APIs of a model registry, a pipeline orchestrator and an experimentation platform, on this machine. */
export async function startScene(options: ServerOptions, answers = sceneAnswers()) {
  const asked: string[] = [];
  const server = createServer(options, (request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    asked.push(path);
    const body = answers.get(path);
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? { message: 'not found' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origins = Object.values(sceneHosts).map((host) => `${host}:${port}=127.0.0.1`);
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { port, asked, answers, testOrigins: origins.join(','), configurations: configurationsAt(port), close };
}

/** One document for each API: no code is written for any of them. */
function configurationsAt(port: number): Readonly<Record<string, Body>> {
  const base = (host: string, path: string) => ({ kind: 'http', baseUrl: `https://${host}:${port}/${path}` });
  return {
    'model-registry': {
      ...base(sceneHosts.registry, 'registry'),
      entities: [
        {
          type: 'model-version',
          events: ['model_instance_created', 'model_instance_updated'],
          hydrate: {
            path: '/model-instances/{id}',
            statement: `{
              "name": modelName & " v" & $string(version),
              "tags": [$each(labels, function($v, $k) { $k & "::" & $v })],
              "attributes": { "version": version, "trainingRun": pipelineRunId },
              "edges": [
                { "type": "versionOf", "to": $uri("model", "model-registry", modelName) },
                ownerEmails.{ "type": "ownedBy", "to": $person($) },
                features.{ "type": "consumes", "to": $uri("feature", "model-registry", name) },
                { "type": "producedBy", "to": $uri("pipeline-run", "pipelines", pipelineRunId) }
              ]
            }`,
          },
        },
        {
          type: 'model',
          hydrate: {
            path: '/models/{id}',
            statement: `{
              "name": modelName, "description": summary,
              "edges": [
                ownerEmails.{ "type": "ownedBy", "to": $person($) },
                { "type": "servedBy", "to": $uri("model-version", "model-registry", currentInstanceId) }
              ]
            }`,
          },
        },
      ],
    },
    pipelines: {
      ...base(sceneHosts.pipelines, 'pipelines'),
      entities: [
        {
          type: 'pipeline-run',
          hydrate: {
            path: '/runs/{id}',
            statement: `{
              "attributes": { "status": $lowercase(status) },
              "edges": [
                { "type": "runOf", "to": $uri("pipeline", "pipelines", pipeline) },
                abTestCells.{ "type": "testedBy", "to": $uri("experiment-cell", "experiments", $) },
                inputs.{ "type": "consumes", "to": $uri("dataset", "warehouse", $) }
              ]
            }`,
          },
        },
      ],
    },
    experiments: {
      ...base(sceneHosts.experiments, 'experiments'),
      entities: [
        {
          type: 'experiment-cell',
          hydrate: {
            path: '/cells/{0}/{1}',
            statement: `{
              "name": label, "attributes": { "number": cell },
              "edges": [{ "type": "partOf", "to": $uri("experiment", "experiments", testId) }]
            }`,
          },
        },
        {
          type: 'experiment',
          hydrate: {
            path: '/tests/{id}',
            statement: '{ "name": name, "attributes": { "hypothesis": hypothesis, "status": $lowercase(status) } }',
          },
        },
      ],
    },
  };
}
