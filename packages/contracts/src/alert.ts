import { z } from 'zod'

import { actor, alertAct, rememberedAct } from './alert-act.ts'
import { alertChannel } from './channel.ts'
import { contact } from './contact.ts'
import { messageMedia, messageParts } from './message-content.ts'
import { messageState, messageStatus } from './message-state.ts'
import { messageTemplate } from './message-template.ts'
import { stepRef } from './outbound-message.ts'

/**
 * Who is walked through and how: the policy as it was when the alert began. Kept once under the hash of its content and
 * shared by every alert that was begun with it.
 */
export const alertPlan = z.object({
  policy: z.string().optional(),
  users: z.array(
    z.object({
      name: z.string(),
      channels: z.array(
        z.object({
          channel: alertChannel,
          to: z.string(),
          /** Replaces the configured sender. */
          from: z.string().optional(),
          /** Replaces the alert's text and its hint how to acknowledge. */
          text: z.string().optional(),
          /** Of plans written by 0.1.0; newer ones have it as their content. */
          template: messageTemplate.optional(),
          /** Of a policy with the alert's `{text}`, `{code}` and `{link}` to be filled in; a Dispatch caller's as it is. */
          ...messageParts.shape,
          /** The caller's own name for the message. */
          clientRef: z.string().optional(),
          /** Of a phone call. */
          language: z.string().optional(),
          style: z.int().optional(),
          expirySeconds: z.int(),
          condition: z.enum(['read', 'delivered']),
        }),
      ),
      finalWaitSeconds: z.int(),
    }),
  ),
  repeat: z.int(),
  /** How long an alert that could not ask everybody goes on trying. */
  blockedSeconds: z.int().optional(),
  announce: z.boolean(),
  /** What counts as taking it: anything that a person would type, or its code and a clear word alone. */
  acknowledge: z.enum(['anything', 'code']).optional(),
  /** A phone call that a machine answers leaves its text there before the next channel is tried. */
  leavesText: z.boolean().optional(),
  engine: z.enum(['local', 'dispatch']),
})
export type AlertPlan = z.infer<typeof alertPlan>
export type PlanChannel = AlertPlan['users'][number]['channels'][number]

/** How attention was paid. `delivered` counts only where a step asks for no more; `call` is a key pressed in one. */
export const attentionKind = z.enum(['read', 'delivered', 'reply', 'link', 'api', 'call'])
export type AttentionKind = z.infer<typeof attentionKind>

/** `round.user.channel`, as in StepRef. */
const stepTuple = z.tuple([z.int(), z.int(), z.int()])

export const timelineEntry = z.object({
  at: z.int(),
  event: z.enum([
    'started',
    'contacting',
    'sent-again',
    'delivered',
    'failed',
    'deadline',
    'passed-on',
    'passed-over',
    'handed-over',
    'snoozed',
    'woken',
    'said',
    'blocked',
    'unknown',
    'attended',
    'exhausted',
    'cancelled',
    'resolved',
    'note',
  ]),
  step: stepTuple.optional(),
  reason: z.string().optional(),
  /** Who did it, where that is no step's. */
  by: z.string().optional(),
})
export type TimelineEntry = z.infer<typeof timelineEntry>

export const alertState = z.enum(['walking', 'attended', 'exhausted', 'cancelled'])
export type AlertState = z.infer<typeof alertState>

export const alert = z.object({
  id: z.string(),
  /** Short enough to be named in a reply: `A17`. */
  code: z.string(),
  text: z.string(),
  /** Comes with the text. */
  media: messageMedia.optional(),
  planId: z.string(),
  state: alertState,
  createdAt: z.int(),
  /** The step under way, and when it is given up. */
  step: stepRef.omit({ alertId: true }),
  dueAt: z.int(),
  /** How often the step's message was sent again because nobody knows whether it went out. */
  resends: z.int().default(0),
  resendAt: z.int().optional(),
  /** Steps whose message could not be sent: they are walked again before the list counts as exhausted. */
  passedOver: z.array(stepRef.omit({ alertId: true })).optional(),
  /** Since when only such steps are left. A mark: it is still walking. */
  blockedSince: z.int().optional(),
  /** Blocked or snoozed, and nobody is being asked: `dueAt` is when it looks again. */
  isWaiting: z.boolean().optional(),
  /** Put off until `dueAt`. */
  snooze: z.object({ by: z.string().optional() }).optional(),
  /** Somebody was asked out of turn: where the walk goes on when they do not answer. */
  detour: z.object({ from: stepRef.omit({ alertId: true }) }).optional(),
  /** Who was asked out of turn, by place in the list. */
  handedTo: z.array(z.int()).optional(),
  /** Who has passed it on, handed it over or put it off: what they had read until then (round, pass) is no attention. */
  letGo: z.record(z.string(), z.tuple([z.int(), z.int()])).optional(),
  /** How often it had ended and was walked on. */
  reopened: z.int().optional(),
  /** It is over in the world as well. A mark: of what somebody had, or of what ended by it. */
  resolved: z.object({ at: z.int(), by: z.string().optional() }).optional(),
  /** The newest things that people did. */
  acts: z.array(rememberedAct).optional(),
  attendedBy: z
    .object({
      how: attentionKind,
      at: z.int(),
      user: z.string().optional(),
      channel: alertChannel.optional(),
      /** Which of their numbers, as far as it is known. */
      step: stepTuple.optional(),
    })
    .optional(),
  timeline: z.array(timelineEntry),
  /** Alertmanager's group: a second firing of it joins this alert. */
  groupKey: z.string().optional(),
  /** Set when a caller of our Dispatch endpoint began it: where to report, and where to pass replies. */
  dispatch: z.object({ uuid: z.string(), statusUrl: z.url().optional(), inboundUrl: z.url().optional() }).optional(),
  /** Workflows handed to Vonage's Dispatch, by `round.user`. */
  workflows: z
    .record(
      z.string(),
      z.object({
        state: z.enum(['sending', 'sent', 'unknown']),
        uuid: z.string().optional(),
        /** Vonage did not take it: the user is out of reach. */
        refusedBecause: z.string().optional(),
        /** Who claimed it, while it is being sent. */
        claimant: z.string().optional(),
      }),
    )
    .optional(),
})
export type Alert = z.infer<typeof alert>

/** Begins an alert. */
export const alertRequest = z.object({
  id: z.string().max(30),
  text: z.string().min(1).max(4_000),
  media: messageMedia.optional(),
  plan: alertPlan,
  createdAt: z.int(),
  groupKey: z.string().max(500).optional(),
  dispatch: alert.shape.dispatch,
})
export type AlertRequest = z.infer<typeof alertRequest>

/** A webhook to a caller of our Dispatch endpoint. */
export const dispatchWebhook = z.object({
  id: z.string().max(40),
  url: z.url(),
  body: z.record(z.string(), z.unknown()),
})
export type DispatchWebhook = z.infer<typeof dispatchWebhook>

/** Fires when a step's deadline has come, or when a message whose outcome is unknown may be sent again. */
export const alertStep = stepRef.extend({
  /** Its deadline, unless something else is said: a job per walking alert waits in Redis. */
  kind: z.enum(['deadline', 'resend']).optional(),
})
export type AlertStep = z.infer<typeof alertStep>

/** Anything that may move an alert, apart from time. */
export const alertAttention = z.object({
  alertId: z.string(),
  at: z.int(),
  /** Names the evidence, so that the same one twice is one. */
  evidenceId: z.string(),
  evidence: z.discriminatedUnion('kind', [
    /** What became of a step's message. */
    z.object({
      kind: z.literal('outcome'),
      step: stepRef,
      /** Tells a message from the one that was sent again in its place. */
      messageId: z.string().optional(),
      state: messageState,
      reason: z.string().optional(),
      /** The status itself, where somebody wants it passed on. */
      status: messageStatus.optional(),
    }),
    z.object({
      kind: z.literal('reply'),
      contact,
      words: z.string().max(1_000).optional(),
      /** What a button stands for. */
      payload: z.string().max(200).optional(),
      /** What it is if it is no text. */
      type: z.string().optional(),
    }),
    /** Whoever was asked there cannot: the next person is asked now. */
    z.object({ kind: z.literal('pass'), step: stepRef, how: z.literal('call') }),
    z.object({ kind: z.literal('link'), user: z.int() }),
    z.object({ kind: z.literal('api'), by: z.string().optional() }),
    z.object({ kind: z.literal('act'), act: alertAct, by: actor }),
    z.object({ kind: z.literal('cancel'), reason: z.string() }),
  ]),
})
export type AlertAttention = z.infer<typeof alertAttention>
