/** What a person's browser does for the person: make a key that nobody else has, keep it, print it, read it again. */
export { type KeyStorage, keepPersonKey } from './keep-person-key.ts'
export { createPersonKey, isPersonKey } from './person-key.ts'
export { type RecoveryCodeProblem, readRecoveryCode, writeRecoveryCode } from './recovery-code.ts'
