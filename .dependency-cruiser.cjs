/** Who may import whom: src/README.md has the picture. Each rule says why. */
const layer = (name, from, allowed, why) => ({
  name,
  comment: why,
  severity: 'error',
  from: { path: from },
  to: { path: '^src/', pathNot: [from, ...allowed] },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'a cycle has no first file to read',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    layer('util-alone', '^src/util/', [], 'util knows nothing of networks'),
    layer('model-is-vocabulary', '^src/model/', ['^src/util/'], 'the vocabulary depends on nobody'),
    layer('firewall-reads-rules', '^src/firewall/', ['^src/(model|util)/'], 'what a rule means does not depend on who asks'),
    layer('collectors-ask-machines', '^src/collectors/', ['^src/(model|util)/'], 'facts are taken before they are understood'),
    layer('normalize-is-pure', '^src/normalize/', ['^src/(firewall|model|util)/'], 'a model is a function of facts'),
    layer('engine-is-pure', '^src/engine/', ['^src/(firewall|model|util)/'], 'an answer is a function of a model'),
    layer('flows-are-pure', '^src/flows/', ['^src/(engine|firewall|model|util)/'], 'verdicts in bulk are a function of a model'),
    layer('diff-is-pure', '^src/diff/', ['^src/(model|util)/'], 'a diff is a function of two models'),
    layer('since-is-pure', '^src/since/', ['^src/(normalize|diff|model|util)/'], 'what turned an answer is a function of facts and answers'),
    layer('intents-are-pure', '^src/intents/', ['^src/(engine|flows|model|util)/'], 'a finding is a function of a model'),
    layer('findings-are-pure', '^src/findings/', ['^src/(engine|firewall|model|util)/'], 'a lint is a function of a model'),
    layer('notices-tell', '^src/notices/', ['^src/(model|util)/'], 'how a notice is told does not depend on how it came about'),
    layer('access-says-who', '^src/access/', ['^src/(model|util)/'], 'who it is does not depend on what is asked'),
    layer('http-before-doors', '^src/http/', ['^src/(access|operations|model|util)/'], 'what every request goes through knows no door'),
    layer('snapshots-store', '^src/snapshots/', ['^src/(model|util|generated)/'], 'the store knows facts and rows, not meaning'),
    layer('schedule-knows-times', '^src/schedule/', ['^src/(model|util)/'], 'when something is due does not depend on what it does'),
    layer(
      'operations-below-doors',
      '^src/operations/',
      ['^src/(collectors|normalize|engine|flows|diff|since|intents|findings|notices|snapshots|schedule|access|firewall|model|util)/'],
      'an operation does not know which door called it',
    ),
    layer('telemetry-is-told', '^src/telemetry/', ['^src/(operations|model|util)/'], 'work does not know who counts it'),
    {
      name: 'doors-apart',
      comment: 'GraphQL, REST, MCP, chat and command line call operations, never each other',
      severity: 'error',
      from: { path: '^src/(resolvers|rest|cli|mcp|chat)/' },
      to: {
        path: '^src/',
        pathNot: ['^src/$1/', '^src/(operations|model|util|generated)/', '^src/(config|main|demo)\\.ts$', '^src/engine/resolve/parse-target\\.ts$'],
      },
    },
    {
      name: 'io-at-the-edge',
      comment: 'the pure half reads no file, socket or clock of the machine',
      severity: 'error',
      from: { path: '^src/(util|model|firewall|normalize|engine|flows|diff|since|intents|findings)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'prisma-in-snapshots',
      comment: 'one user of the database',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(snapshots|generated)/' },
      to: { path: '(@prisma|generated/(sqlite|postgresql))' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    // Its parser reads no JSX: test/quality/layers.test.ts looks at those files.
    exclude: { path: '^src/generated/|[.]tsx$' },
    enhancedResolveOptions: { extensions: ['.ts'] },
  },
};
