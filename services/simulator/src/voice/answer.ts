import type { Account } from '../account.ts'
import type { Self } from '../vonage/self.ts'
import type { HttpClient } from '../webhooks/post.ts'
import type { WebhookSender } from '../webhooks/sender.ts'
import { mayRepeat } from './call-events.ts'
import type { Call } from './call.ts'
import { parseNcco, type ParsedNcco } from './ncco.ts'

export interface AnswerDeps {
  self: Pick<Self, 'url'>
  account: Pick<Account, 'settings'>
  webhooks: Pick<WebhookSender, 'ask'>
  /** With the timeouts of an answer URL. */
  answerHttp: Pick<HttpClient, 'post'>
}

/** Given with a call or with a transfer, in place of the application's own. */
export interface AnswerUrl {
  url: string
  method: 'GET' | 'POST'
}

/** Asks the answer URL twice, then the fallback twice; what comes back decides the call. */
export async function fetchAnswer(call: Call, deps: AnswerDeps, given: Partial<AnswerUrl> = {}): Promise<ParsedNcco> {
  const { urls, answerMethod } = deps.account.settings()
  const { url = urls.answer, method = answerMethod } = given
  const first = await askTwice(call, deps, { url, method }, {})
  if (first.kind === 'answer') return first.parsed
  const second = await askTwice(
    call,
    deps,
    { url: urls.answerFallback, method: answerMethod },
    {
      reason: first.reason,
      original_request: { url, type: 'answer' },
    },
  )
  return second.kind === 'answer' ? second.parsed : { ok: false, reason: second.reason }
}

type Asked = { kind: 'answer'; parsed: ParsedNcco } | { kind: 'away'; reason: string }

async function askTwice(
  call: Call,
  deps: AnswerDeps,
  { url, method }: AnswerUrl,
  extra: Record<string, unknown>,
): Promise<Asked> {
  const webhook = {
    kind: 'voice' as const,
    url,
    format: method === 'GET' ? ('get' as const) : ('post-json' as const),
    body: {
      to: call.to,
      from: call.from,
      uuid: call.uuid,
      conversation_uuid: call.conversationUuid,
      region_url: deps.self.url(),
      endpoint_type: call.endpoint.type,
      ...extra,
    },
    signing: 'jwt' as const,
    hasApplication: true,
    about: [call.uuid],
  }
  const first = await deps.webhooks.ask(webhook, deps.answerHttp)
  const last = mayRepeat(first) ? await deps.webhooks.ask(webhook, deps.answerHttp) : first
  if (mayRepeat(last)) return { kind: 'away', reason: last.error ?? `HTTP ${last.status}` }
  if (last.status !== null && last.status < 300) return { kind: 'answer', parsed: parseNcco(last.answer ?? '') }
  return { kind: 'answer', parsed: { ok: false, reason: `The answer URL returned HTTP ${last.status}` } }
}
