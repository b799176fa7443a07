/** In each file of tests: notes what is secret, and writes down what was logged when the file has ended. */
import { afterAll } from 'vitest'
import { noteRandomBytes, writeEvidence } from './evidence.ts'

noteRandomBytes()
// The first to be given is the last to be called: after servers were closed.
afterAll(writeEvidence)
