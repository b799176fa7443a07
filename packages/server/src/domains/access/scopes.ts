/** Scopes of API keys, by the names that people write. */
import { ApiKeyScope } from '../../generated/prisma/enums.ts'

/** Each scope with its name: directory_write is directory:write. */
export const scopeNames = Object.values(ApiKeyScope).map((scope) => [scope, scope.replace('_', ':')] as const)
