/**
 * A Pothos plugin: nothing is shown without a permission. Every field says who may ask for it, or its type does, with
 * `authScopes`; a field of which neither does stops the schema from being built. `@pothos/plugin-scope-auth` enforces what
 * is said; what is for anyone costs nothing while running.
 */
import SchemaBuilder, {
  BasePlugin,
  type PothosOutputFieldConfig,
  PothosSchemaError,
  type PothosTypeConfig,
  type SchemaTypes,
} from '@pothos/core'

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      permissions: PermissionsPlugin<Types>
    }
  }
}

/** The permission of what is public: the directory, the network and its timeline. */
export const everyone = { anyone: true } as const

class PermissionsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onTypeConfig(config: PothosTypeConfig): PothosTypeConfig {
    return withPermission(config, scopesOf(config))
  }

  override onOutputFieldConfig(config: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const own = scopesOf(config)
    const ofType = this.buildCache.getTypeConfig(config.declaringType ?? config.parentType).extensions?.permission
    if (own === undefined && ofType === undefined) {
      throw new PothosSchemaError(
        `${config.parentType}.${config.name} says not who may ask for it. ` +
          'Give it authScopes, or its type; for what is public: authScopes: everyone.',
      )
    }
    return withPermission(config, own ?? ofType)
  }
}

function scopesOf({ pothosOptions }: { pothosOptions: object }): unknown {
  return (pothosOptions as { authScopes?: unknown }).authScopes
}

// What is for anyone need not be checked.
function withPermission<Config extends { pothosOptions: object; extensions?: object | null | undefined }>(
  config: Config,
  permission: unknown,
): Config {
  if (permission === undefined) return config
  const { authScopes, ...others } = config.pothosOptions as { authScopes?: unknown }
  return {
    ...config,
    pothosOptions: authScopes === everyone ? others : config.pothosOptions,
    extensions: { ...config.extensions, permission },
  }
}

SchemaBuilder.registerPlugin('permissions', PermissionsPlugin)

export default 'permissions' as const
