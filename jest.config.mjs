const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' }],
    // An ES module that a CommonJS one requires: Node can, jest cannot.
    '/content-disposition/.+\\.js$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }],
  },
  transformIgnorePatterns: ['/node_modules/(?!content-disposition/)'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};

export default {
  // Machines differ; a test that hangs still ends.
  testTimeout: 60_000,
  projects: [
    {
      ...base,
      displayName: 'fast',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      setupFiles: ['<rootDir>/test/fast-check.setup.ts'],
      testPathIgnorePatterns: ['<rootDir>/test/lab/', '<rootDir>/test/web/', '<rootDir>/test/property/property.test.ts'],
    },
    { ...base, displayName: 'property', testMatch: ['<rootDir>/test/property/property.test.ts'] },
    { ...base, displayName: 'web', testMatch: ['<rootDir>/test/web/**/*.test.ts'], globalSetup: '<rootDir>/test/web/build.mjs' },
    { ...base, displayName: 'lab', testMatch: ['<rootDir>/test/lab/**/*.test.ts'] },
  ],
};
