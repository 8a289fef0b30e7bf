import type { Said } from './inbound-message.ts'
import { normaliseText } from './keywords.ts'

const MESSAGES = String.raw`(?:texting|texts?|messag(?:e|es|ing)|sms|updates?|alerts?|notifications?|spam(?:ming)?|contacting)`

/** Only what is about our messages: "stop at the post office" and "do not send it by post" are not. */
const PHRASES = [
  new RegExp(String.raw`\b(?:stop|quit|cease|end)\b[^.!?]{0,20}\b${MESSAGES}\b`),
  /\b(?:stop|quit) (?:sending|writing|bothering|harassing)\b/,
  /^(?:please |pls )?stop[ !.]*(?:\b(?:it|this|that|now|please|pls|already))?[ !.]*$/,
  /\b(?:don't|dont|do not|never|quit) (?:ever )?(?:text|message|contact|write(?: to)?|sms) me\b/,
  new RegExp(String.raw`\b(?:no more|don't want|dont want|do not want|not want)\b[^.!?]{0,20}\b${MESSAGES}\b`),
  /\b(?:unsubscribe|opt(?:ing)?[ -]?out)\b/,
  /\b(?:remove|delete) (?:me|my (?:phone )?number)\b|\btake me off\b|\bleave me alone\b/,
  /\bkeine (?:weiteren |mehr )?(?:nachrichten|sms)\b|\babbestellen\b|\babmelden\b/,
  /\bd[ée]sabonne|\barr[êe]te[rz]? (?:de |les |vos |d')|\bdar(?:me)? de baja\b|\bno (?:me )?(?:env[íi]en|manden) m[áa]s\b/,
  /停止して|送らないで|(?:配信|メッセージ|通知).{0,6}(?:止めて|やめて|停止|不要)|不要再[发發]|别再?发|取消订阅/,
]

/** Nobody says it in a longer text; bounds the work. */
const MAX_LENGTH = 500

/**
 * Free text that sounds like an opt-out but is none of its words ("please stop texting me"): the person is told how to
 * stop, and somebody looks at it.
 */
export function soundsLikeOptOut(text: string): boolean {
  const normalised = normaliseText(text.slice(0, MAX_LENGTH)).replaceAll('’', "'")
  return PHRASES.some((phrase) => phrase.test(normalised))
}

/** The same of a whole message: its text, its caption, what its button stands for (`UNSUBSCRIBE_ME`). */
export function wishesToOptOut({ text, caption, payload }: Said): boolean {
  return [text, caption, payload?.replaceAll(/[_-]+/g, ' ')].some((words) => soundsLikeOptOut(words ?? ''))
}
