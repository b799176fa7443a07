/** Prisma's schema engine as WebAssembly, in this process: nothing to download, the same on both databases. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import {
  bindMigrationAwareSqlAdapterFactory,
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
  const engine = await SchemaEngine.new(
    { datamodels: schema.files.map((file) => [file.path, file.content]) },
    () => {},
    bindMigrationAwareSqlAdapterFactory(withShadowInMemory(adapters)),
  )
  try {
    return await use(engine)
  } finally {
    engine.free()
  }
}

// The engine replays migrations on a shadow database to learn what they amount to. That one is always an embedded
// PostgreSQL in memory, with our extensions: a server's role needs no right to create databases.
function withShadowInMemory(adapters: SqlMigrationAwareDriverAdapterFactory): SqlMigrationAwareDriverAdapterFactory {
  return {
    provider: adapters.provider,
    adapterName: adapters.adapterName,
    connect: () => adapters.connect(),
    connectToShadowDb: async () => new PrismaPGlite(await openPGlite()).connect(),
  }
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
