import { z } from 'zod'

/** Who: an account of the console, a program by the name of its token, a person of a policy, or somebody without a name. */
const actorKind = z.enum(['account', 'token', 'person', 'somebody'])

/** What somebody did. Neither addresses nor what people wrote: the trail outlives both. */
export const auditEntry = z.object({
  /** Names the act, so that the same one twice is one. */
  id: z.string().min(1).max(200),
  at: z.int(),
  kind: actorKind,
  who: z.string().max(100),
  /** `machine`: a command on the machine that it runs on. */
  via: z.enum(['console', 'api', 'message', 'call', 'link', 'form', 'machine']),
  /** Such as `alert.cancel` or `job.retry`. */
  action: z.string().min(1).max(100),
  /** The id of what it was done to. */
  target: z.string().max(300),
  detail: z.string().max(2_000).optional(),
})
export type AuditEntry = z.infer<typeof auditEntry>

/** With what is too long cut: nothing that somebody did goes without an entry for that. */
export function cutEntry({ who, target, detail, ...entry }: AuditEntry): AuditEntry {
  return {
    ...entry,
    who: who.slice(0, 100),
    target: target.slice(0, 300),
    ...(detail === undefined ? {} : { detail: detail.slice(0, 2_000) }),
  }
}

/** An entry in its place. Members that this version does not know are part of what its hash says. */
export const chainedEntry = z.looseObject({
  ...auditEntry.shape,
  seq: z.int().min(1),
  hash: z.string(),
})
export type ChainedEntry = z.infer<typeof chainedEntry>

/** The entry before the first one that is kept, or the last one of all. */
export const chainLink = z.object({ seq: z.int().min(0), hash: z.string() })
export type ChainLink = z.infer<typeof chainLink>
