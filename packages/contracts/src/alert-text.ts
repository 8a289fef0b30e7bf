import type { Alert, PlanChannel } from './alert.ts'
import { alertFactsOf, factsOf } from './channel.ts'
import type { AlertChannel, Channel } from './channel.ts'
import type { AlertWording, BundleWording } from './channels/channel-facts.ts'
import type { Texts } from './config.ts'
import { cut, CUT } from './cut.ts'
import { fillText } from './fill-text.ts'
import { fillToFit } from './fill-to-fit.ts'

interface TextParts {
  alert: Pick<Alert, 'text' | 'code'>
  channel: Pick<PlanChannel, 'channel' | 'text'>
  link: string
  texts: Pick<Texts, AlertWording>
}

/** What a person receives: the alert, and how to acknowledge it on this channel. */
export function stepText({ alert, channel, link, texts }: TextParts): string {
  if (channel.text !== undefined) return channel.text
  const { text, code } = alert
  return fillToFit(wordingOn(channel.channel, texts), { text, code, link }, longestOn(channel.channel))
}

function wordingOn(channel: AlertChannel, texts: Pick<Texts, AlertWording>): string {
  return texts[alertFactsOf[channel].alertWording]
}

function longestOn(channel: AlertChannel): number {
  return alertFactsOf[channel].maxAlertLength
}

export function closingText(
  alert: Pick<Alert, 'text' | 'code' | 'attendedBy'>,
  channel: AlertChannel,
  wording: string,
): string {
  const { text, code, attendedBy } = alert
  return fillToFit(wording, { text, code, who: attendedBy?.user ?? 'Somebody' }, longestOn(channel))
}

interface BundleParts {
  /** At least one. */
  alerts: Pick<Alert, 'text' | 'code'>[]
  channel: Channel
  link: string
  texts: Pick<Texts, AlertWording | BundleWording>
}

/** Several alerts in one message: each with its code, and as much of its text as there is room for. */
export function bundleText({ alerts, channel, link, texts }: BundleParts): string {
  const [only, second] = alerts
  if (only && !second) {
    return fillToFit(wordingOn(channel, texts), { text: only.text, code: only.code, link }, longestOn(channel))
  }
  const wording = texts[factsOf[channel].bundleWording]
  const around = fillText(wording, { count: String(alerts.length), list: '', link }).length
  const list = listToFit(alerts, longestOn(channel) - around)
  return fillText(wording, { count: String(alerts.length), list, link })
}

/** Who has what, for somebody who was asked about all of it. */
export function closingsText(alerts: EndedAlert[], channel: Channel, texts: EndTexts): string {
  const [only, second] = alerts
  if (only && !second) return closingText(only, channel, endWording(only, texts))
  const groups = [
    ...Map.groupBy(alerts, (alert) => fillText(endWording(alert, texts), { who: whoHas(alert), code: '' })),
  ]
  const around = groups.reduce((sum, [wording]) => sum + wording.length, groups.length)
  const room = longestOn(channel) - around
  return groups
    .map(([wording, own]) =>
      fillText(wording, { text: listToFit(own, Math.floor((room * own.length) / alerts.length), ', ') }),
    )
    .join('\n')
}

type EndedAlert = Pick<Alert, 'text' | 'code' | 'attendedBy' | 'state' | 'resolved'>
type EndTexts = Pick<Texts, 'alertClosing' | 'alertOver'>

function endWording({ state, resolved }: Pick<Alert, 'state' | 'resolved'>, texts: EndTexts): string {
  return state === 'cancelled' || resolved ? texts.alertOver : texts.alertClosing
}

function whoHas({ attendedBy }: Pick<Alert, 'attendedBy'>): string {
  return attendedBy?.user ?? 'Somebody'
}

/** Every code, whatever else has room. */
function listToFit(alerts: Pick<Alert, 'text' | 'code'>[], room: number, separator = '\n'): string {
  const full = alerts.map(({ code, text }) => `${code} ${firstLine(text)}`)
  if (full.join(separator).length <= room) return full.join(separator)
  const codes = alerts.map(({ code }) => code)
  const share = Math.floor((room - codes.join(separator).length) / alerts.length) - 1
  if (share < CUT.length + SHORTEST) return codes.join(', ')
  return alerts.map(({ code, text }) => `${code} ${cut(firstLine(text), share)}`).join(separator)
}

/** Fewer characters of a text tell nobody anything. */
const SHORTEST = 5

function firstLine(text: string): string {
  return text.trim().split('\n', 1).join('')
}

/** An answer, cut where its channel would refuse it. */
export function cutText(text: string, channel: AlertChannel): string {
  return fillToFit('{text}', { text }, longestOn(channel))
}
