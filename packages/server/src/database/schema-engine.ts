/** Prisma's schema engine as WebAssembly, in this process: nothing to download, the same on both databases. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import type { SchemaEngine, SchemasContainer } from '@prisma/schema-engine-wasm'
import { PrismaPGlite } from 'pglite-prisma-adapter'
import { openPGlite } from './connect.ts'

/** Runs `use` with a schema engine that works on the database behind `adapters`. */
export async function withSchemaEngine<T>(
  adapters: SqlMigrationAwareDriverAdapterFactory,
  schema: SchemasContainer,
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const { SchemaEngine } = await loadEngine()
  const opened: SqlDriverAdapter[] = []
  const engine = await SchemaEngine.new(
    { datamodels: schema.files.map((file) => [file.path, file.content]) },
    () => {},
    bindMigrationAwareSqlAdapterFactory(forMigrations(adapters, opened)),
  )
  try {
    return await use(engine)
  } finally {
    engine.free()
    for (const adapter of opened) await adapter.dispose()
  }
}

// The engine replays migrations on a shadow database to learn what they amount to. That one is always an embedded
// PostgreSQL in memory, with our extensions: a server's role needs no right to create databases.
function forMigrations(
  adapters: SqlMigrationAwareDriverAdapterFactory,
  opened: SqlDriverAdapter[],
): SqlMigrationAwareDriverAdapterFactory {
  return {
    provider: adapters.provider,
    adapterName: adapters.adapterName,
    connect: async () => {
      const adapter = withWholeScripts(await adapters.connect())
      // The engine leaves its connection open when it goes.
      opened.push(adapter)
      return adapter
    },
    connectToShadowDb: async () => new PrismaPGlite(await openPGlite()).connect(),
  }
}

// The adapter of PostgreSQL cuts scripts at every semicolon, also within comments and function bodies, and runs the
// pieces one by one. PostgreSQL itself takes a script whole, in one transaction.
function withWholeScripts(adapter: SqlDriverAdapter): SqlDriverAdapter {
  if (adapter.adapterName !== '@prisma/adapter-pg') return adapter
  const { underlyingDriver, onError } = adapter as unknown as {
    underlyingDriver(): { query(script: string): Promise<unknown> }
    onError(error: unknown): never
  }
  const executeScript = async (script: string) => {
    await underlyingDriver.call(adapter).query(script).catch(onError)
  }
  return Object.assign(adapter, { executeScript })
}

type EngineModule = { SchemaEngine: typeof SchemaEngine; __wbg_set_wasm(exports: WebAssembly.Exports): void }

let loading: Promise<EngineModule> | undefined

function loadEngine(): Promise<EngineModule> {
  loading ??= (async () => {
    const glue = (await import('@prisma/schema-engine-wasm/schema_engine_bg')) as unknown as EngineModule
    // The package exports its JavaScript but not its binary, which lies beside it.
    const beside = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
    const module = await WebAssembly.compile(await readFile(join(dirname(beside), 'schema_engine_bg.wasm')))
    const instance = await WebAssembly.instantiate(module, { './schema_engine_bg.js': glue as never })
    glue.__wbg_set_wasm(instance.exports)
    ;(instance.exports.__wbindgen_start as () => void)()
    return glue
  })()
  return loading
}
