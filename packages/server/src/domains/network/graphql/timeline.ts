/** How coordinators write what a network tells of itself: its name, its phases and its public moments. */
import type { Transaction } from '../../../database/connect.ts'
import { builder } from '../../../graphql/builder.ts'
import type { Context } from '../../../graphql/context.ts'
import { momentRule } from '../../../graphql/moment.ts'
import { expectedVersion, idempotencyKey, readId, refuseGone, repeatKey } from '../../../graphql/mutation-input.ts'
import { refusing } from '../../../graphql/problems.ts'
import { coordinators, rightToCoordinate } from '../../access/rights.ts'
import { actOnRecord } from '../../trace/act-on-record.ts'
import { actOnce } from '../../trace/act-once.ts'
import { type Action, recordAct } from '../../trace/record-act.ts'
import { changeNetwork, refuseNetwork, type ToldNetwork } from '../change-network.ts'
import { changeEvent, createEvent, refuseEvent, removeEvent, type ToldEvent } from '../events.ts'
import { changePhase, createPhase, type KnownRecord, refusePhase, removePhase, type ToldPhase } from '../phases.ts'
import { Network, NetworkEvent, Phase } from './network.ts'

const stays = 'Left out, it stays as it is'
const optional = `${stays}; null takes it away.`

const ChangeNetworkInput = builder.inputType('ChangeNetworkInput', {
  description: 'What a network is to tell of itself.',
  fields: (t) => ({
    idempotencyKey: t.string(repeatKey),
    network: t.id({ required: true, description: 'Global id of the network.' }),
    expectedVersion: t.int(expectedVersion),
    name: t.string({ description: `Name, in 1 to 200 characters. ${stays}.` }),
    description: t.string({ description: `What the network is and does, in at most 5,000 characters. ${optional}` }),
    territoryName: t.string({
      description: `Name of the whole territory, in at most 200 characters: a service area of this name covers all of it. ${optional}`,
    }),
  }),
})

const CreatePhaseInput = builder.inputType('CreatePhaseInput', {
  description: 'The phase to make.',
  fields: (t) => ({
    idempotencyKey: t.string(idempotencyKey),
    network: t.id({ required: true, description: 'Global id of the network.' }),
    position: t.int({ required: true, description: 'Place in the sequence, from 1; no other phase may have it.' }),
    name: t.string({ required: true, description: 'Name, in 1 to 200 characters.' }),
    description: t.string({ description: 'What was or will be done, in at most 5,000 characters.' }),
    startsOn: t.field({ type: 'Date', required: true, description: 'First day.', validate: momentRule }),
    endsOn: t.field({ type: 'Date', description: 'Last day; null while it lasts.', validate: momentRule }),
  }),
})

const ChangePhaseInput = builder.inputType('ChangePhaseInput', {
  description: 'What is to become of a phase.',
  fields: (t) => ({
    idempotencyKey: t.string(repeatKey),
    phase: t.id({ required: true, description: 'Global id of the phase.' }),
    expectedVersion: t.int(expectedVersion),
    position: t.int({ description: `Place in the sequence, from 1; no other phase may have it. ${stays}.` }),
    name: t.string({ description: `Name, in 1 to 200 characters. ${stays}.` }),
    description: t.string({ description: `What was or will be done, in at most 5,000 characters. ${optional}` }),
    startsOn: t.field({ type: 'Date', description: `First day. ${stays}.`, validate: momentRule }),
    endsOn: t.field({ type: 'Date', description: `Last day. ${optional}`, validate: momentRule }),
  }),
})

const RemovePhaseInput = builder.inputType('RemovePhaseInput', {
  description: 'The phase to remove.',
  fields: (t) => ({
    idempotencyKey: t.string(repeatKey),
    phase: t.id({ required: true, description: 'Global id of the phase.' }),
    expectedVersion: t.int(expectedVersion),
  }),
})

const istatCode = 'Where it takes place: ISTAT code of a municipality of the territory, six digits.'

const CreateNetworkEventInput = builder.inputType('CreateNetworkEventInput', {
  description: 'The public moment to make.',
  fields: (t) => ({
    idempotencyKey: t.string(idempotencyKey),
    network: t.id({ required: true, description: 'Global id of the network.' }),
    name: t.string({ required: true, description: 'Name, in 1 to 200 characters; one a day.' }),
    description: t.string({ description: 'What it is about, in at most 5,000 characters.' }),
    startsOn: t.field({
      type: 'Date',
      required: true,
      description: 'First day, in Europe/Rome.',
      validate: momentRule,
    }),
    endsOn: t.field({ type: 'Date', description: 'Last day; null for one day.', validate: momentRule }),
    venue: t.string({ description: 'Name of the venue, in at most 200 characters.' }),
    municipality: t.string({ description: istatCode }),
  }),
})

const ChangeNetworkEventInput = builder.inputType('ChangeNetworkEventInput', {
  description: 'What is to become of a public moment.',
  fields: (t) => ({
    idempotencyKey: t.string(repeatKey),
    event: t.id({ required: true, description: 'Global id of the public moment.' }),
    expectedVersion: t.int(expectedVersion),
    name: t.string({ description: `Name, in 1 to 200 characters; one a day. ${stays}.` }),
    description: t.string({ description: `What it is about, in at most 5,000 characters. ${optional}` }),
    startsOn: t.field({ type: 'Date', description: `First day, in Europe/Rome. ${stays}.`, validate: momentRule }),
    endsOn: t.field({ type: 'Date', description: `Last day. ${optional}`, validate: momentRule }),
    venue: t.string({ description: `Name of the venue, in at most 200 characters. ${optional}` }),
    municipality: t.string({ description: `${istatCode} ${optional}` }),
  }),
})

const RemoveNetworkEventInput = builder.inputType('RemoveNetworkEventInput', {
  description: 'The public moment to remove.',
  fields: (t) => ({
    idempotencyKey: t.string(repeatKey),
    event: t.id({ required: true, description: 'Global id of the public moment.' }),
    expectedVersion: t.int(expectedVersion),
  }),
})

builder.mutationFields((t) => ({
  changeNetwork: t.prismaField({
    authScopes: coordinators,
    type: Network,
    description: 'Changes what a network tells of itself. For its coordinators.',
    args: { input: t.arg({ type: ChangeNetworkInput, required: true, description: 'What changes.' }) },
    errors: refusing('ChangeNetwork', 'The network as it is now, or why it stays as it was.'),
    resolve: async (query, _parent, { input }, context) => {
      const id = readId('Network', input.network, ['network'])
      const { name, description, territoryName } = input
      const told: Partial<ToldNetwork> = leaveOut({ name: name ?? undefined, description, territoryName })
      await change(context, 'changeNetwork', input, 'network.change', {
        find: async () => ({ networkId: id, id, version: input.expectedVersion }),
        refuse: refuseNetwork,
        work: (tx, known) => changeNetwork(tx, known, told),
      })
      return context.prisma.network.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  createPhase: t.prismaField({
    authScopes: coordinators,
    type: Phase,
    description: 'Makes a phase of the work of a network. For its coordinators.',
    args: { input: t.arg({ type: CreatePhaseInput, required: true, description: 'The phase.' }) },
    errors: refusing('CreatePhase', 'The phase, or why there is none.'),
    resolve: async (query, _parent, { input }, context) => {
      const { description = null, endsOn = null, ...others } = input
      const told = { ...others, description, endsOn }
      const id = await create(context, 'createPhase', told, 'phase.create', (tx, networkId) =>
        createPhase(tx, networkId, told),
      )
      return (await context.prisma.phase.findUnique({ ...query, where: { id } })) ?? refuseGone()
    },
  }),
  changePhase: t.prismaField({
    authScopes: coordinators,
    type: Phase,
    description: 'Changes a phase of the work of a network. For its coordinators.',
    args: { input: t.arg({ type: ChangePhaseInput, required: true, description: 'What changes.' }) },
    errors: refusing('ChangePhase', 'The phase as it is now, or why it stays as it was.'),
    resolve: async (query, _parent, { input }, context) => {
      const { position, name, description, startsOn, endsOn } = input
      const told: Partial<ToldPhase> = leaveOut({
        position: position ?? undefined,
        name: name ?? undefined,
        description,
        startsOn: startsOn ?? undefined,
        endsOn,
      })
      const { id } = await change(context, 'changePhase', input, 'phase.change', {
        find: (tx) => findPhase(tx, input),
        refuse: refusePhase,
        work: (tx, known) => changePhase(tx, known, told),
      })
      return (await context.prisma.phase.findUnique({ ...query, where: { id } })) ?? refuseGone()
    },
  }),
  removePhase: t.prismaField({
    authScopes: coordinators,
    type: Network,
    description: 'Removes a phase of the work of a network. For its coordinators.',
    args: { input: t.arg({ type: RemovePhaseInput, required: true, description: 'The phase.' }) },
    errors: refusing('RemovePhase', 'The network without the phase, or why it has it still.'),
    resolve: async (query, _parent, { input }, context) => {
      const { networkId } = await change(context, 'removePhase', input, 'phase.remove', {
        find: (tx) => findPhase(tx, input),
        refuse: refusePhase,
        work: removePhase,
      })
      return context.prisma.network.findUniqueOrThrow({ ...query, where: { id: networkId } })
    },
  }),
  createNetworkEvent: t.prismaField({
    authScopes: coordinators,
    type: NetworkEvent,
    description: 'Makes a public moment of a network. For its coordinators.',
    args: { input: t.arg({ type: CreateNetworkEventInput, required: true, description: 'The public moment.' }) },
    errors: refusing('CreateNetworkEvent', 'The public moment, or why there is none.'),
    resolve: async (query, _parent, { input }, context) => {
      const { description = null, endsOn = null, venue = null, municipality = null, ...others } = input
      const told = { ...others, description, endsOn, venue, municipalityCode: municipality }
      const id = await create(context, 'createNetworkEvent', told, 'network_event.create', (tx, networkId) =>
        createEvent(tx, networkId, told),
      )
      return (await context.prisma.networkEvent.findUnique({ ...query, where: { id } })) ?? refuseGone()
    },
  }),
  changeNetworkEvent: t.prismaField({
    authScopes: coordinators,
    type: NetworkEvent,
    description: 'Changes a public moment of a network. For its coordinators.',
    args: { input: t.arg({ type: ChangeNetworkEventInput, required: true, description: 'What changes.' }) },
    errors: refusing('ChangeNetworkEvent', 'The public moment as it is now, or why it stays as it was.'),
    resolve: async (query, _parent, { input }, context) => {
      const { name, description, startsOn, endsOn, venue, municipality } = input
      const told: Partial<ToldEvent> = leaveOut({
        name: name ?? undefined,
        description,
        startsOn: startsOn ?? undefined,
        endsOn,
        venue,
        municipalityCode: municipality,
      })
      const { id } = await change(context, 'changeNetworkEvent', input, 'network_event.change', {
        find: (tx) => findEvent(tx, input),
        refuse: refuseEvent,
        work: (tx, known) => changeEvent(tx, known, told),
      })
      return (await context.prisma.networkEvent.findUnique({ ...query, where: { id } })) ?? refuseGone()
    },
  }),
  removeNetworkEvent: t.prismaField({
    authScopes: coordinators,
    type: Network,
    description: 'Removes a public moment of a network. For its coordinators.',
    args: { input: t.arg({ type: RemoveNetworkEventInput, required: true, description: 'The public moment.' }) },
    errors: refusing('RemoveNetworkEvent', 'The network without the public moment, or why it has it still.'),
    resolve: async (query, _parent, { input }, context) => {
      const { networkId } = await change(context, 'removeNetworkEvent', input, 'network_event.remove', {
        find: (tx) => findEvent(tx, input),
        refuse: refuseEvent,
        work: removeEvent,
      })
      return context.prisma.network.findUniqueOrThrow({ ...query, where: { id: networkId } })
    },
  }),
}))

function create<Input extends { network: string; idempotencyKey: string }>(
  context: Context,
  operation: string,
  input: Input,
  action: Action,
  make: (tx: Transaction, networkId: string) => Promise<{ id: string }>,
): Promise<string> {
  const networkId = readId('Network', input.network, ['network'])
  const doer = rightToCoordinate(context.actor, networkId) ?? refuseNetwork()
  return actOnRecord(context, { operation, input, action, networkId, doer }, (tx) => make(tx, networkId))
}

/** What is looked for in the transaction, so that a repeat is answered when it is there no more. */
function change(
  { prisma, actor, requestId }: Context,
  operation: string,
  { idempotencyKey, ...input }: { idempotencyKey?: string | null | undefined },
  action: Action,
  {
    find,
    refuse,
    work,
  }: {
    find: (tx: Transaction) => Promise<KnownRecord>
    refuse: () => never
    work: (tx: Transaction, known: KnownRecord) => Promise<void>
  },
): Promise<{ networkId: string; id: string }> {
  return actOnce(prisma, actor, {
    operation,
    idempotencyKey,
    input,
    act: async (tx) => {
      const known = await find(tx)
      const { networkId, id } = known
      const doer = rightToCoordinate(actor, networkId) ?? refuse()
      await work(tx, known)
      await recordAct(tx, { doer, action, networkId, recordKey: id, requestId })
      return { networkId, id }
    },
    keep: (changed) => changed,
    recall: async (_tx, changed) => changed,
  })
}

async function findPhase(tx: Transaction, input: { phase: string; expectedVersion: number }): Promise<KnownRecord> {
  const id = readId('Phase', input.phase, ['phase'])
  const found = await tx.phase.findUnique({ where: { id }, select: { networkId: true } })
  return { id, version: input.expectedVersion, ...(found ?? refusePhase()) }
}

async function findEvent(tx: Transaction, input: { event: string; expectedVersion: number }): Promise<KnownRecord> {
  const id = readId('NetworkEvent', input.event, ['event'])
  const found = await tx.networkEvent.findUnique({ where: { id }, select: { networkId: true } })
  return { id, version: input.expectedVersion, ...(found ?? refuseEvent()) }
}

type Told<Values> = { [Name in keyof Values]?: Exclude<Values[Name], undefined> }

/** Only what is told: what is not, stays. */
function leaveOut<Values extends object>(values: Values): Told<Values> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Told<Values>
}
