import tseslint from 'typescript-eslint'

const limits = {
  'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
}

export default tseslint.config(
  // `npm run check:electron` checks the Electron example, with Electron’s types.
  { ignores: ['dist/', 'coverage/', '**/node_modules/', '.config/', 'examples/electron/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      ...limits,
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreVoidReturningFunctions: true, ignoreArrowShorthand: true },
      ],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'max-lines': ['error', 400],
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
    },
  },
  { files: ['examples/**/*.ts', 'bench/**/*.ts'], rules: { 'no-console': 'off' } },
  // Tables of cases: the rule does not see that a function in a typed tuple has a type.
  {
    files: ['src/conform/**/*-cases.ts', 'src/conform/phone/codes.ts'],
    rules: { '@typescript-eslint/explicit-module-boundary-types': 'off', 'max-lines': ['error', 400] },
  },
  // One class that goes into pages as its own text, and so cannot import its parts.
)
