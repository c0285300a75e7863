/** Dependencies point inward: functions → use-cases → ports → domain; adapters → ports, domain. */
const from = (path, to, name, comment) => ({ name, comment, severity: 'error', from: { path }, to });
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    from(
      '^shared/domain',
      { pathNot: '^(shared/domain|node_modules/(zod|@stdlib)|(node:)?(crypto|zlib|buffer)$)' },
      'domain-is-pure',
      'the domain imports zod, numerical routines, the rule language (pure: it has no clock, no input or output) and itself',
    ),
    from(
      '^shared/ports',
      { pathNot: '^shared/(ports|domain)' },
      'ports-know-the-domain-only',
      'a port is an interface over domain types',
    ),
    from(
      '^shared/use-cases',
      { pathNot: '^(shared/(use-cases|ports|domain))|^(node:)?(crypto|zlib)$' },
      'use-cases-know-ports-and-domain',
      'what a use case needs from outside is a port',
    ),
    from(
      '^shared/runtime',
      { path: '^(shared/(adapters|use-cases)|functions|infra|local)' },
      'runtime-knows-no-adapter',
      'composition happens in functions/',
    ),
    from(
      '^shared/graphql',
      {
        pathNot: '^(shared/(graphql|use-cases|domain)|node_modules/(graphql|@pothos))',
      },
      'graphql-is-a-face',
      'it shows use cases in another language, as shared/api does over HTTP; who asks and where it is stored it is given',
    ),
    from(
      '^shared/(?!graphql)',
      { path: '^node_modules/(graphql|@pothos)' },
      'graphql-in-one-folder',
      'nothing else knows the language',
    ),
    from(
      '^(shared/(?!adapters)|functions|infra|portal)',
      { path: '^node_modules/@aws-sdk' },
      'sdk-in-adapters-only',
      'only adapters, the embedded cloud and customers of the API speak to AWS',
    ),
    from('^shared', { path: '^(functions|infra|local|examples|test|portal|cli)' }, 'shared-is-inner', ''),
    from('^functions', { path: '^(infra|local|examples|test|portal|cli)' }, 'functions-compose', ''),
    from(
      '^infra',
      { path: '^(functions|local|examples|test|shared/(?!(names|routes)\\.ts))' },
      'infra-knows-names-only',
      '',
    ),
    from('^local', { path: '^(functions|shared|infra|examples|test)' }, 'local-knows-the-template-only', ''),
    from(
      '^sdk',
      {
        pathNot:
          '^(sdk|node_modules/(openapi-fetch|@aws-sdk/client-kinesis)|shared/domain/ground-truth/(wire-format|pack-columns|sampling)\\.ts)',
      },
      'sdk-stands-alone',
      'a customer installs it with what producers carry of the wire format, and without the rest',
    ),
    from(
      '^portal',
      { path: '^(functions|infra|local|examples|test|shared|cli)' },
      'portal-is-a-client',
      'it knows the SDK only',
    ),
    from(
      '^cli',
      {
        path: '^(functions|infra|local|examples|test|portal|shared/(?!domain|ports|use-cases|adapters/(tables|ground-truth-metrics)))',
      },
      'cli-knows-domain-and-files',
      'it works on local files, and knows the service by its SDK',
    ),
    from(
      '^shared/adapters/tables',
      { path: '^((node:)?fs(/promises)?$|node_modules/@aws-sdk|shared/(?!adapters/tables|ports|domain))' },
      'tables-read-bytes-only',
      'where the bytes are is a port',
    ),
    from(
      '^examples',
      { path: '^(functions|infra|test|shared/(?!domain/ground-truth/(wire-format|pack-columns)\\.ts))' },
      'examples-are-customers',
      '',
    ),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(cdk\\.out|dist)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs'],
    },
  },
};
