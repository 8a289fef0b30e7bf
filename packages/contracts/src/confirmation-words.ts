import { normaliseText } from './keywords.ts'

const YES = new Set(
  'yes,y,yeah,yep,yes please,ok,okay,confirm,i confirm,ja,oui,si,sí,sim,はい,是,是的,好,好的,예,네'.split(','),
)
const NO = new Set('no,n,nope,no thanks,no thank you,nein,non,não,いいえ,不,不是,아니요'.split(','))

/** Nobody says yes in more characters than this. */
const MAX_LENGTH = 100

/** Whether a whole message says yes or no. */
export function parseConfirmation(text: string): 'yes' | 'no' | undefined {
  if (text.length > MAX_LENGTH) return undefined
  const said = normaliseText(text)
  if (YES.has(said)) return 'yes'
  return NO.has(said) ? 'no' : undefined
}
