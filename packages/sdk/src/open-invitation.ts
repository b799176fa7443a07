/**
 * Answering a survey so that nobody can join the answers with the invitation: the code of the invitation buys a blind
 * signature, what comes of it is spent some time later together with the answers, and neither shows in the other.
 */
import { blindCredential, type SignedCredential, unblindCredential } from './blind-credential.ts'
import { RequestError, SignatureError } from './errors.ts'
import { fingerprintOf } from './fingerprint.ts'
import {
  CampaignToAnswerDocument,
  type CampaignToAnswerQuery,
  InvitationDocument,
  RedeemInvitationDocument,
  SubmitResponseDocument,
} from './generated/answering.ts'
import { readInvitationCode } from './invitation-code.ts'
import { type AnsweringStorage, type Answers, type Kept, keeperOf, usualStorage } from './keep-answering.ts'
import { unlessRefused } from './refused.ts'
import { type Answer, type CallOptions, type Destination, sendRequest } from './send-request.ts'
import type { TypedDocument } from './typed-document.ts'
import {
  type Clock,
  drawDelay,
  noteBought,
  noteFound,
  usualClock,
  usualLongestDelay,
  waitOutGap,
} from './wait-at-random.ts'
import { wholeAddress } from './whole-address.ts'

export interface SurveyOptions extends CallOptions {
  /** Address of the API, such as https://welfare.example.org/graphql; in a browser it may be relative to the page. */
  endpoint: string
  /** Where the credential and the draft are kept until the answers count: `localStorage` in a page, memory elsewhere. */
  storage?: AnsweringStorage | undefined
  /** What the page knows of the invitation from elsewhere. Where it is left out, the server is believed. */
  expect?: Expected | undefined
  /** Seconds that are waited at most before answers are sent: 30, or more. */
  longestDelay?: number | undefined
  /** Another clock, for a test with one of its own. The second after redeeming passes by the machine's all the same. */
  clock?: Clock | undefined
  /** Another fetch, for a proxy or a test. */
  fetch?: typeof fetch | undefined
}

/**
 * What the invitation is to, as the letter or the page that embeds the survey has it. Campaign and organization go with the
 * answers, and a server that names others for each code would know by them who answers.
 */
export interface Expected {
  /** Global id of the campaign. */
  campaign: string
  /** Global id of the organization whose people are invited. */
  organization: string
  /**
   * What `fingerprintOf` says of the public key that the campaign has for the organization. Without it the key is the one that
   * the server gives when it is asked for the campaign, without the code: by who asks and when, it could still give another.
   */
  publicKey?: string | undefined
}

/** A survey as it is answered. */
export type SurveyCampaign = Extract<CampaignToAnswerQuery['node'], { __typename: 'Campaign' }>

/** An invitation that was opened. */
export interface Invitation {
  /** What everybody is told of the campaign, with its questionnaire. */
  readonly campaign: SurveyCampaign
  /** The organization whose people were invited, with its key as it was given here: compare it, or `expect` it. */
  readonly organization: { readonly id: string; readonly name: string; readonly publicKey: string }
  /** What was answered so far, as it was kept last. */
  readonly draft: Answers
  /**
   * Keeps answers that are not sent yet. They don't leave the storage. Nothing is kept any more after the answers counted or
   * were forgotten, be it in another tab.
   */
  keepDraft(answers: Answers): void
  /**
   * Buys the credential: one request, or none where it was bought before. Do it as soon as somebody begins to answer. When
   * its answer is lost, repeat it: the code is worth the one message that is kept for it. Fails when the answers counted or
   * were forgotten since the invitation was opened.
   */
  redeem(call?: CallOptions): Promise<Credential>
  /** Forgets what is kept: for a person who won't answer. What the code bought is lost with it. */
  forget(): void
}

/** What shows that somebody was invited, and not who. It counts once. */
export interface Credential {
  /**
   * Waits between 2 and `longestDelay` seconds, and sends the answers: one request. Whatever the `clock`, a second of the
   * machine's own time lies between redeeming and sending; where another page redeemed, between finding that and sending.
   * They are kept until they count, and everything is forgotten then. When the answer is lost, repeat it with the same
   * answers; others would be refused.
   */
  submit(answers: Answers, call?: CallOptions): Promise<void>
}

const usualTimeout = 30_000

/**
 * Opens the invitation that a code is for; null where it is none, or its campaign takes no answers. Two requests: one asks
 * whom the code is from; the other, which doesn't tell it, what everybody is told of the campaign, with the key. The first is
 * left out where something is kept for the code, so that it is not told again beside a credential that waits to be used. A
 * server that lies could give each code a campaign, an organization or a key of its own, and know by it who answers: `expect`
 * says which they are, and a SignatureError refuses others before anything is redeemed.
 */
export async function openInvitation(typed: string, options: SurveyOptions): Promise<Invitation | null> {
  const { storage = usualStorage(), longestDelay = usualLongestDelay, clock = usualClock, expect } = options
  if (!(longestDelay >= usualLongestDelay && longestDelay <= 86_400)) {
    throw new RangeError(`longestDelay: ${usualLongestDelay} to 86,400 seconds; a shorter one would tell who answered.`)
  }
  const ask = asker(options)
  const code = readInvitationCode(typed)
  if (code === null) return null
  if (globalThis.crypto?.subtle === undefined) {
    throw new Error('Surveys are answered on pages that came by HTTPS: others have no cryptography.')
  }
  const keeper = await keeperOf(storage, code)

  const place = keeper.read() ?? (await findPlace())
  if (place !== null && expect !== undefined) {
    refuseUnexpected('campaign', place.campaign, expect.campaign)
    refuseUnexpected('organization', place.organization, expect.organization)
  }
  const campaign = place && (await findCampaign(place.campaign))
  if (place === null || campaign === null) {
    keeper.forget()
    return null
  }
  const asked = campaign.organizations.find(({ organization }) => organization.id === place.organization)
  if (asked === undefined) throw new SignatureError('The campaign has no key for the organization of this invitation.')
  const { organization, publicKey } = asked
  if (expect?.publicKey !== undefined) refuseUnexpected('key', await fingerprintOf(publicKey), expect.publicKey)
  // As they were asked for, whatever the answer calls them.
  const names = { campaign: place.campaign, organization: place.organization }
  const kept = (): Kept => keeper.read() ?? names

  return {
    campaign,
    organization: { ...organization, publicKey },
    draft: kept().draft ?? {},
    keepDraft: (answers) => keeper.write({ ...kept(), draft: answers }),
    redeem: async (call) => {
      const credential = kept().credential ?? (await buy(call))
      noteFound(keeper.name)
      return { submit: (answers, call) => submit(credential, answers, call) }
    },
    forget: () => keeper.forget(),
  }

  async function findPlace() {
    const { invitation } = (await ask(InvitationDocument, { code: code! })).data
    return invitation && { campaign: invitation.campaign.id, organization: invitation.organization.id }
  }

  async function findCampaign(id: string): Promise<SurveyCampaign | null> {
    const { node } = (await ask(CampaignToAnswerDocument, { id })).data
    // What is no campaign is asked for nothing, and has no status.
    const campaign = node as SurveyCampaign | null
    return campaign?.status === 'OPEN' ? campaign : null
  }

  async function buy(call: CallOptions | undefined): Promise<SignedCredential> {
    const drawn = kept().blinded ?? (await blindCredential(publicKey))
    // Of two pages that do this at once the first is right: nothing is waited for between looking and keeping.
    const { blinded = drawn, credential: bought } = kept()
    if (bought !== undefined) return bought
    // What can't be kept must not be bought: a lost answer would be the end of the code.
    if (keeper.isOver())
      throw new Error('It was answered or forgotten since it was opened, perhaps in another tab: reload.')
    keeper.write({ ...kept(), blinded })
    const input = { campaign: names.campaign, code: code!, blindedMessage: blinded.blindedMessage }
    const { data, requestId } = await ask(RedeemInvitationDocument, { input }, call)
    const { blindSignature } = unlessRefused(data.redeemInvitation, requestId)
    const credential = await unblindCredential(publicKey, blinded, blindSignature)
    if (credential === null) {
      const message = 'What was signed is not signed with the key that was given for it. Don’t answer, and report it.'
      throw new SignatureError(message, { requestId })
    }
    noteBought(keeper.name)
    // What joins the credential with the code goes with this.
    keeper.write({ ...kept(), blinded: undefined, credential })
    return credential
  }

  async function submit(credential: SignedCredential, given: Answers, call: CallOptions = {}): Promise<void> {
    const { signal = options.signal } = call
    // As they are now: they may be changed while this waits.
    const answers = structuredClone(given)
    keeper.write({ ...kept(), credential, draft: answers })
    await clock.wait(drawDelay(longestDelay), signal)
    await waitOutGap(keeper.name, signal)
    signal?.throwIfAborted()
    const { data, requestId } = await ask(SubmitResponseDocument, { input: { ...names, credential, answers } }, call)
    try {
      unlessRefused(data.submitResponse, requestId)
    } catch (error) {
      // Other answers count already, and nothing more can be done with what is kept.
      if (error instanceof RequestError && error.errors[0]?.code === 'CREDENTIAL_SPENT') keeper.forget()
      throw error
    }
    keeper.forget()
  }
}

function refuseUnexpected(what: string, named: string, expected: string): void {
  if (named === expected) return
  throw new SignatureError(`The ${what} is ${named}, and should be ${expected}. Don’t answer, and report it.`)
}

/** Asks without anything that tells who asks: no cookie, no credential, no address of the page. */
function asker({ timeout = usualTimeout, ...options }: SurveyOptions) {
  const discreet = { credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store' } as const
  const destination: Destination = {
    endpoint: wholeAddress(options.endpoint),
    headers: {},
    timeout,
    fetch: (resource, init) => (options.fetch ?? fetch)(resource, { ...init, ...discreet }),
  }
  return <Result extends object, Variables extends object>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    { signal = options.signal, timeout }: CallOptions = {},
  ): Promise<Answer<Result>> => sendRequest(destination, document, variables, { signal, timeout })
}
