import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/person.ts', 'src/survey.ts'],
  format: ['esm', 'cjs'],
  target: 'es2022',
  dts: true,
  // In CommonJS too, so that an error is of one class whichever entry point it came from.
  splitting: true,
  clean: true,
  sourcemap: true,
})
