/** Layers inside an app: api | consumers | jobs -> use cases -> domain, persistence. Domain is plain TypeScript. */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'a file nothing imports is dead',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          '(spec|jest\\.config|\\.d)\\.ts$',
          'src/(main|migrate|seed|index|cli|drive)\\.ts$',
          '\\.(mjs|cjs)$',
          '/public/',
        ],
      },
      to: {},
    },
    {
      name: 'no-app-to-app',
      severity: 'error',
      from: { path: '^apps/([^/]+)/src', pathNot: 'spec\\.ts$' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'no-reaching-into-a-library',
      comment: 'a library is its index',
      severity: 'error',
      from: { path: '^(apps|libs|tools)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/src/', pathNot: ['^libs/$2/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'edges-are-not-imported',
      comment: 'controllers, consumers and jobs are called by the framework, not by other code',
      severity: 'error',
      from: { pathNot: ['\\.module\\.ts$', 'spec\\.ts$', 'src/main\\.ts$'] },
      to: { path: '^apps/.*\\.(controller|consumer|job|answers)\\.ts$' },
    },
    {
      name: 'sql-is-data',
      severity: 'error',
      from: { path: '\\.sql\\.ts$' },
      to: { pathNot: '\\.sql\\.ts$' },
    },
    {
      name: 'domain-is-plain',
      comment: 'domain files know no framework, database or messaging',
      severity: 'error',
      from: { path: '^apps/[^/]+/src/.*/(domain/.*|[^/]*\\.domain)\\.ts$', pathNot: 'spec\\.ts$' },
      to: {
        path: 'node_modules/(@nestjs|typeorm|pg|@nats-io|ioredis)|^libs/(messaging|persistence|service-kit)',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|out-tsc|node_modules)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['@teleop/source', 'import', 'require', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
