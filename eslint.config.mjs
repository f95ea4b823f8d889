import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import jsonc from 'jsonc-eslint-parser';
import tseslint from 'typescript-eslint';

/** Who may import whom; see docs/architecture.md. Layers inside an app are dependency-cruiser's. */
const boundaries = {
  '@nx/enforce-module-boundaries': [
    'error',
    {
      enforceBuildableLibDependency: true,
      allow: [],
      depConstraints: [
        {
          // Never another app, never lib:testing.
          sourceTag: 'type:app',
          onlyDependOnLibsWithTags: [
            'lib:contracts',
            'lib:messaging',
            'lib:persistence',
            'lib:auth',
            'lib:service-kit',
            'lib:wasm',
          ],
        },
        { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:lib', 'type:tool', 'type:app'] },
        { sourceTag: 'lib:contracts', onlyDependOnLibsWithTags: [] },
        { sourceTag: 'lib:messaging', onlyDependOnLibsWithTags: ['lib:contracts'] },
        { sourceTag: 'lib:persistence', onlyDependOnLibsWithTags: ['lib:contracts'] },
        { sourceTag: 'lib:auth', onlyDependOnLibsWithTags: ['lib:contracts'] },
        {
          sourceTag: 'lib:service-kit',
          onlyDependOnLibsWithTags: ['lib:contracts', 'lib:messaging', 'lib:persistence', 'lib:auth'],
        },
        { sourceTag: 'lib:wasm', onlyDependOnLibsWithTags: [] },
        { sourceTag: 'lib:testing', onlyDependOnLibsWithTags: ['type:lib', 'tool:infra', 'tool:simulator'] },
      ],
    },
  ],
};

export default tseslint.config(
  { ignores: ['**/dist', '**/out-tsc', '**/.data', '**/.nx', '**/coverage', '**/node_modules'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      ...boundaries,
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/prefer-promise-reject-errors': 'off',
      '@typescript-eslint/only-throw-error': ['error', { allowRethrowing: true, allowThrowingUnknown: true }],
      '@typescript-eslint/require-await': 'off', // Nest hooks and fakes are async by their interface
      '@typescript-eslint/no-explicit-any': 'error',
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    // Programs of the terminal speak to people on stdout.
    files: ['tools/**/*.ts', '**/src/migrate.ts', '**/src/seed.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: [
      '**/*spec.ts',
      '**/*.spec-support.ts',
      '**/test/**/*.ts',
      'libs/testing/**/*.ts',
      'tools/e2e/**/*.ts',
      'tools/bench/**/*.ts',
    ],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/unbound-method': 'off', // expect(object.method)
      '@nx/enforce-module-boundaries': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        module: 'writable',
        require: 'readonly',
        __dirname: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        AbortSignal: 'readonly',
        fetch: 'readonly',
      },
    },
  },
  { files: ['**/package.json'], languageOptions: { parser: jsonc }, plugins: { '@nx': nx }, rules: {} },
  {
    // Pages run in browsers as they are.
    files: ['apps/*/public/**/*.js'],
    languageOptions: {
      sourceType: 'script',
      globals: Object.fromEntries(
        'addEventListener atob clearInterval document fetch HTMLInputElement HTMLSelectElement io location Option performance sessionStorage setInterval setTimeout TextDecoder URL URLSearchParams WebSocket window'
          .split(' ')
          .map((name) => [name, 'readonly']),
      ),
    },
  },
  prettier,
);
