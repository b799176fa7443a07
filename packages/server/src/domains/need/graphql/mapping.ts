/** Who says what answers a need area: coordinators, what a taxonomy term means; organizations, what their services do. */
import type { Transaction } from '../../../database/connect.ts'
import { lockNetworkPatiently } from '../../../database/lock-network.ts'
import { builder } from '../../../graphql/builder.ts'
import type { Context } from '../../../graphql/context.ts'
import { limits } from '../../../graphql/limits.ts'
import { expectedVersion, readId, repeatKey } from '../../../graphql/mutation-input.ts'
import { refusing } from '../../../graphql/problems.ts'
import { Refused } from '../../../refused.ts'
import { coordinators, directoryWriters, rightToCoordinate } from '../../access/rights.ts'
import { actOnce } from '../../trace/act-once.ts'
import { recordAct } from '../../trace/record-act.ts'
import { mapTerm, type TermMeaning, unmapTerm } from '../map-terms.ts'
import { refuseNeedArea, stateNeedAreas } from '../state-need-areas.ts'
import { NeedArea } from './need-areas.ts'

const TermMeaningInput = builder.inputType('TermMeaningInput', {
  description: 'A taxonomy term, and a need area that it means.',
  fields: (t) => ({
    needArea: t.id({ required: true, description: 'Global id of the need area.' }),
    taxonomyTerm: t.id({ required: true, description: 'Global id of the taxonomy term, of the same network.' }),
  }),
})

const StateNeedAreasInput = builder.inputType('StateNeedAreasInput', {
  description: 'The need areas that a service answers, as its organization says.',
  fields: (t) => ({
    idempotencyKey: t.string(repeatKey),
    service: t.id({ required: true, description: 'Global id of the service.' }),
    expectedVersion: t.int(expectedVersion),
    needAreas: t.idList({
      required: true,
      description: `Global ids of all need areas that are stated, at most ${limits.filterValues}; none takes all back.`,
    }),
  }),
})

builder.mutationFields((t) => ({
  mapTerm: t.prismaField({
    authScopes: coordinators,
    type: NeedArea,
    description:
      'Lets a taxonomy term mean a need area: services that carry the term answer it from now on. Repeating it changes ' +
      'nothing. For coordinators.',
    args: { input: t.arg({ type: TermMeaningInput, required: true, description: 'The term and what it means.' }) },
    errors: refusing('MapTerm', 'The need area, or why the term does not mean it.'),
    resolve: async (query, _parent, { input }, context) => {
      const id = await changeMeaning(context, input, mapTerm)
      return context.prisma.needArea.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  unmapTerm: t.prismaField({
    authScopes: coordinators,
    type: NeedArea,
    description:
      'Lets a taxonomy term mean a need area no longer. Services that state the area, or carry another term that means ' +
      'it, answer it still. Repeating it changes nothing. For coordinators.',
    args: { input: t.arg({ type: TermMeaningInput, required: true, description: 'The term and what it meant.' }) },
    errors: refusing('UnmapTerm', 'The need area, or why the term means it still.'),
    resolve: async (query, _parent, { input }, context) => {
      const id = await changeMeaning(context, input, unmapTerm)
      return context.prisma.needArea.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  stateNeedAreas: t.prismaField({
    authScopes: directoryWriters,
    type: 'Service',
    description:
      'States which need areas a service answers, in place of what was stated before; what its terms mean it answers ' +
      'besides. For those who write for its organization.',
    args: { input: t.arg({ type: StateNeedAreasInput, required: true, description: 'The service and its areas.' }) },
    errors: refusing('StateNeedAreas', 'The service as it is now, or why it stays as it was.'),
    resolve: async (query, _parent, { input }, { prisma, actor, requestId }) => {
      const serviceId = readId('Service', input.service, ['service'])
      if (input.needAreas.length > limits.filterValues) {
        const message = `needAreas: ${input.needAreas.length} are too many; state at most ${limits.filterValues}.`
        throw new Refused('TOO_MANY_NEED_AREAS', message, ['needAreas'])
      }
      const needAreaIds = input.needAreas.map((id, at) => readId('NeedArea', id, ['needAreas', String(at)]))
      const { idempotencyKey, ...asked } = input
      await actOnce(prisma, actor, {
        operation: 'stateNeedAreas',
        idempotencyKey,
        input: asked,
        act: async (tx) => {
          const statement = { serviceId, version: input.expectedVersion, needAreaIds }
          await stateNeedAreas(tx, { actor, requestId }, statement)
          return true
        },
        keep: (done) => done,
        recall: async (_tx, done) => done,
      })
      return prisma.service.findUniqueOrThrow({ ...query, where: { id: serviceId } })
    },
  }),
}))

/** Returns the row key of the need area. */
async function changeMeaning(
  { prisma, actor, requestId }: Context,
  input: { needArea: string; taxonomyTerm: string },
  change: (tx: Transaction, networkId: string, pair: TermMeaning) => Promise<boolean>,
): Promise<string> {
  const needAreaId = readId('NeedArea', input.needArea, ['needArea'])
  const taxonomyTermId = readId('TaxonomyTerm', input.taxonomyTerm, ['taxonomyTerm'])
  const select = { networkId: true }
  const area = (await prisma.needArea.findUnique({ where: { id: needAreaId }, select })) ?? refuseNeedArea(['needArea'])
  const { networkId } = area
  const doer = rightToCoordinate(actor, networkId) ?? refuseNeedArea(['needArea'])
  await prisma.$transaction(
    async (tx) => {
      await lockNetworkPatiently(tx, networkId)
      // Both once more, now that nobody takes them away.
      if ((await tx.needArea.findUnique({ where: { id: needAreaId }, select })) === null) refuseNeedArea(['needArea'])
      const term = await tx.taxonomyTerm.findUnique({ where: { id: taxonomyTermId }, select })
      if (term?.networkId !== networkId) {
        const message = 'taxonomyTerm: the network has no term with this id.'
        throw new Refused('TERM_UNKNOWN', message, ['taxonomyTerm'])
      }
      if (!(await change(tx, networkId, { needAreaId, taxonomyTermId }))) return
      await recordAct(tx, { doer, action: 'need_area_term.change', networkId, recordKey: needAreaId, requestId })
    },
    // A term may be carried by thousands of services.
    { timeout: limits.statementMilliseconds },
  )
  return needAreaId
}
