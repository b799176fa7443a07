/**
 * Executes plain queries: those in which every field of a row stands once, under its own name, and nothing is left to
 * decide while running. What graphql-js finds out for each row (which fields there are, what their arguments are) is found
 * out once, and a row answers with what it came with (see `loaded-fields.ts`). The answers are the same; whatever is not
 * plain is left to graphql-js.
 */
import {
  type ASTNode,
  BREAK,
  type DocumentNode,
  defaultFieldResolver,
  defaultTypeResolver,
  type ExecutionResult,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLError,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  getVariableValues,
  type InlineFragmentNode,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  locatedError,
  OperationTypeNode,
  type ResponsePath,
  responsePathAsArray,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
  visit,
} from 'graphql'
import type { Context } from './context.ts'
import { loadsRelation } from './loaded-fields.ts'

/** Executes the query that it was planned from. Without `data` in the result nothing was executed. */
export type PlainQuery = (
  context: Context,
  variables: Readonly<Record<string, unknown>> | null | undefined,
) => Promise<ExecutionResult>

/** How to execute a document that was validated; undefined where it is not plain. */
export function planQuery(schema: GraphQLSchema, document: DocumentNode): PlainQuery | undefined {
  const [operation, ...others] = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION)
  if (operation?.operation !== OperationTypeNode.QUERY || others.length > 0 || holds(document, 'Directive'))
    return undefined
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null)
  for (const each of document.definitions) {
    if (each.kind === Kind.FRAGMENT_DEFINITION) fragments[each.name.value] = each
  }
  const asked = { schema, operation, fragments, left: mostFields, given: 0 }
  const fields = planFields(asked, schema.getQueryType()!, [operation.selectionSet])
  if (fields === undefined) return undefined
  return async (context, variables) => {
    const values = getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {})
    if (values.errors !== undefined) return { errors: values.errors }
    return execute(fields, { asked, context: { ...context, plain: true }, variables: values.coerced })
  }
}

function holds(node: ASTNode, kind: 'Directive' | 'Variable'): boolean {
  let found = false
  visit(node, {
    [kind]: () => {
      found = true
      return BREAK
    },
  })
  return found
}

/** What is the same for all fields of a query. */
interface Asked extends Pick<GraphQLResolveInfo, 'schema' | 'operation' | 'fragments'> {
  /** How many more fields may be planned. */
  left: number
  /** How many arguments the fields planned so far are given. */
  given: number
}

// Fragments inside fragments can ask for more fields than a document has letters.
const mostFields = 1_000

interface PlainField {
  field: GraphQLField<unknown, unknown>
  parentType: GraphQLObjectType
  nodes: FieldNode[]
  complete: Complete
  /** Whether nothing below is given arguments. */
  asksAlike: boolean
  /** Whether a variable is in its own arguments. */
  varies: boolean
  /** Its arguments, known from its first run on, where no variable is in them. */
  args: Record<string, unknown> | undefined
}

/** Makes of what a resolver gave what goes into the answer; throws where that must not be null and is. */
type Complete = (value: unknown, run: Run, info: FieldInfo, path: ResponsePath) => unknown

/** One execution of a query. */
class Run {
  readonly errors: GraphQLError[] = []
  readonly asked: Asked
  readonly context: Context
  readonly variables: Record<string, unknown>
  readonly #arguments = new Map<PlainField, Record<string, unknown>>()

  constructor({ asked, context, variables }: Pick<Run, 'asked' | 'context' | 'variables'>) {
    this.asked = asked
    this.context = context
    this.variables = variables
  }

  /** They are the same for all rows and, where no variable is in them, for all runs. */
  argumentsOf(planned: PlainField): Record<string, unknown> {
    const known = planned.args ?? this.#arguments.get(planned)
    if (known !== undefined) return known
    const values = getArgumentValues(planned.field, planned.nodes[0]!, this.variables)
    if (planned.varies) this.#arguments.set(planned, values)
    else planned.args = Object.freeze(values)
    return values
  }
}

function planFields(
  asked: Asked,
  parentType: GraphQLObjectType,
  selections: SelectionSetNode[],
): PlainField[] | undefined {
  const byName = new Map<string, FieldNode[]>()
  if (!collectFields(asked, parentType, selections, byName)) return undefined
  const planned: PlainField[] = []
  asked.left -= byName.size
  if (asked.left < 0) return undefined
  for (const [name, nodes] of byName) {
    const field = name === TypeNameMetaFieldDef.name ? TypeNameMetaFieldDef : parentType.getFields()[name]
    if (field === undefined || !answersPlainly(field)) return undefined
    const before = asked.given
    const complete = planCompletion(asked, field.type, nodes, `${parentType.name}.${name}`)
    if (complete === undefined) return undefined
    const asksAlike = asked.given === before
    const varies = nodes[0]!.arguments?.some((each) => holds(each, 'Variable')) ?? false
    planned.push({ field, parentType, nodes, complete, asksAlike, varies, args: undefined })
    for (const node of nodes) asked.given += node.arguments?.length ?? 0
  }
  return planned
}

/** Gathers the fields by name; false where one has another name in the answer. */
function collectFields(
  asked: Asked,
  parentType: GraphQLObjectType,
  selections: SelectionSetNode[],
  byName: Map<string, FieldNode[]>,
  spread = new Set<FragmentDefinitionNode | InlineFragmentNode>(),
): boolean {
  return selections
    .flatMap(({ selections }) => selections)
    .every((selection) => {
      if (selection.kind === Kind.FIELD) {
        const { alias, name } = selection
        byName.set(name.value, [...(byName.get(name.value) ?? []), selection])
        return alias === undefined
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : asked.fragments[selection.name.value]!
      const isNew = !spread.has(fragment) && isMeant(asked, parentType, fragment.typeCondition?.name.value)
      spread.add(fragment)
      return !isNew || collectFields(asked, parentType, [fragment.selectionSet], byName, spread)
    })
}

function isMeant({ schema }: Asked, type: GraphQLObjectType, condition: string | undefined): boolean {
  if (condition === undefined || condition === type.name) return true
  const wider = schema.getType(condition)
  return isAbstractType(wider) && schema.isSubType(wider, type)
}

// A field that loads more than columns must be able to tell what is loaded.
function answersPlainly({ extensions }: GraphQLField<unknown, unknown>): boolean {
  return typeof extensions.pothosPrismaSelect !== 'function' || loadsRelation(extensions) !== undefined
}

function planCompletion(asked: Asked, type: GraphQLOutputType, nodes: FieldNode[], name: string): Complete | undefined {
  if (isNonNullType(type)) {
    const complete = planCompletion(asked, type.ofType, nodes, name)
    return complete && neverNull(complete, name)
  }
  if (isListType(type)) {
    const item = planCompletion(asked, type.ofType, nodes, name)
    return item && completeList(item, isNonNullType(type.ofType), name)
  }
  if (isLeafType(type)) {
    return (value) => {
      if (value == null) return null
      const serialized = type.serialize(value)
      if (serialized == null) throw new Error(`${name}: ${type.name} has no form for its value.`)
      return serialized
    }
  }
  const selections = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
  if (isAbstractType(type)) return planAbstract(asked, type, selections)
  const fields = isObjectType(type) ? planFields(asked, type, selections) : undefined
  return fields && ((value, run, _info, path) => (value == null ? null : completeObject(fields, value, run, path)))
}

function planAbstract(asked: Asked, type: GraphQLAbstractType, selections: SelectionSetNode[]): Complete | undefined {
  const fieldsOf = new Map<string, PlainField[]>()
  for (const possible of asked.schema.getPossibleTypes(type)) {
    const fields = planFields(asked, possible, selections)
    if (fields === undefined) return undefined
    fieldsOf.set(possible.name, fields)
  }
  const typeOf = type.resolveType ?? defaultTypeResolver
  return (value, run, info, path) => {
    if (value == null) return null
    const complete = (name: string | undefined) => {
      const fields = name === undefined ? undefined : fieldsOf.get(name)
      if (fields === undefined) throw new Error(`${type.name}: no type is known for a value.`)
      return completeObject(fields, value, run, path)
    }
    const name = typeOf(value, run.context, info, type)
    return isPromise(name) ? name.then(complete) : complete(name)
  }
}

function neverNull(complete: Complete, name: string): Complete {
  const check = (completed: unknown) => {
    if (completed === null) throw new Error(`Cannot return null for non-nullable field ${name}.`)
    return completed
  }
  return (value, run, info, path) => {
    const completed = complete(value, run, info, path)
    return isPromise(completed) ? completed.then(check) : check(completed)
  }
}

function completeList(complete: Complete, mustBeThere: boolean, name: string): Complete {
  return (value, run, info, path) => {
    if (value == null) return null
    if (!Array.isArray(value)) throw new Error(`Expected a list for the field ${name}.`)
    return gather(value.length, (index) => {
      const place = { prev: path, key: index, typename: undefined }
      return guard(run, info, place, mustBeThere, () => settle(complete, value[index], run, info, place))
    })
  }
}

async function execute(fields: PlainField[], asked: ConstructorParameters<typeof Run>[0]): Promise<ExecutionResult> {
  const run = new Run(asked)
  try {
    const data = (await completeObject(fields, undefined, run, undefined)) as Record<string, unknown>
    return run.errors.length === 0 ? { data } : { errors: run.errors, data }
  } catch (error) {
    return { errors: [...run.errors, error as GraphQLError], data: null }
  }
}

function completeObject(fields: PlainField[], source: unknown, run: Run, path: ResponsePath | undefined): unknown {
  const answered = gather(fields.length, (index) => answerField(fields[index]!, source, run, path))
  return isPromise(answered) ? answered.then((values) => together(fields, values)) : together(fields, answered)
}

function together(fields: PlainField[], values: unknown[]): Record<string, unknown> {
  const data: Record<string, unknown> = {}
  for (let index = 0; index < fields.length; index += 1) data[fields[index]!.field.name] = values[index]
  return data
}

function answerField(planned: PlainField, source: unknown, run: Run, above: ResponsePath | undefined): unknown {
  const { field, complete } = planned
  const info = new FieldInfo(planned, run, above)
  return guard(run, info, info, isNonNullType(field.type), () => {
    const resolve = field.resolve ?? defaultFieldResolver
    return settle(complete, resolve(source, run.argumentsOf(planned), run.context, info), run, info, info)
  })
}

/** Completes a value that may be there later, or be an error. */
function settle(complete: Complete, value: unknown, run: Run, info: FieldInfo, path: ResponsePath): unknown {
  if (isPromise(value)) return value.then((resolved) => settle(complete, resolved, run, info, path))
  if (value instanceof Error) throw value
  return complete(value, run, info, path)
}

/** An error becomes null and is told; where null is not allowed, it goes on to what holds the value. */
function guard(run: Run, { fieldNodes }: FieldInfo, path: ResponsePath, mustBeThere: boolean, answer: () => unknown) {
  const fail = (thrown: unknown) => {
    const error = locatedError(thrown, fieldNodes, responsePathAsArray(path))
    if (mustBeThere) throw error
    run.errors.push(error)
    return null
  }
  try {
    const value = answer()
    return isPromise(value) ? value.then(undefined, fail) : value
  } catch (error) {
    return fail(error)
  }
}

/** The values of all, at once or as a promise. One that fails waits for the others, so that none fails unheard. */
function gather(count: number, valueAt: (index: number) => unknown): unknown[] | Promise<unknown[]> {
  const values: unknown[] = new Array(count)
  let waits = false
  try {
    for (let index = 0; index < count; index += 1) {
      values[index] = valueAt(index)
      waits ||= isPromise(values[index])
    }
  } catch (error) {
    if (!waits) throw error
    return Promise.allSettled(values).then(() => {
      throw error
    })
  }
  return waits ? Promise.all(values) : values
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && typeof (value as Promise<unknown>).then === 'function'
}

/**
 * Whether a field asks for the same below it in every run of its document, whatever its variables: the nodes that it has in
 * the document are the same object in each of them.
 */
export function asksAlike(info: GraphQLResolveInfo): boolean {
  return info instanceof FieldInfo && info.asksAlike
}

/** What a resolver may know of its field. It is at the same time the field's place in the answer: one object, not two. */
class FieldInfo implements GraphQLResolveInfo, ResponsePath {
  readonly prev: ResponsePath | undefined
  readonly key: string
  readonly typename: string
  readonly #planned: PlainField
  readonly #run: Run

  constructor(planned: PlainField, run: Run, above: ResponsePath | undefined) {
    this.prev = above
    this.key = planned.field.name
    this.typename = planned.parentType.name
    this.#planned = planned
    this.#run = run
  }

  get asksAlike(): boolean {
    return this.#planned.asksAlike
  }
  get path(): ResponsePath {
    return this
  }
  get fieldName(): string {
    return this.key
  }
  get fieldNodes(): FieldNode[] {
    return this.#planned.nodes
  }
  get returnType(): GraphQLOutputType {
    return this.#planned.field.type
  }
  get parentType(): GraphQLObjectType {
    return this.#planned.parentType
  }
  get schema(): GraphQLSchema {
    return this.#run.asked.schema
  }
  get fragments(): GraphQLResolveInfo['fragments'] {
    return this.#run.asked.fragments
  }
  get rootValue(): unknown {
    return undefined
  }
  get operation(): GraphQLResolveInfo['operation'] {
    return this.#run.asked.operation
  }
  get variableValues(): Record<string, unknown> {
    return this.#run.variables
  }
}
