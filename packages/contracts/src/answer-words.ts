import { z } from 'zod'

import { namedRecord } from './named-record.ts'

const words = (meaning: string) => z.array(z.string().trim().min(1).max(100)).max(200).default([]).describe(meaning)

/** What people say to an alert, in one language. A text that begins with such words means it, whatever follows. */
const answerWords = z.strictObject({
  mine: words('they have it'),
  pass: words('they cannot: the next person is asked now'),
  who: words('who has it, who was asked, what comes next'),
  note: words('what follows is kept with the alert'),
  handOver: words('followed by the name of another person of the policy, who is asked now'),
  snooze: words('followed by minutes, or hours with an "h": nobody is asked for so long'),
  resolve: words('it is over'),
  automatic: words('phrases of answers that a phone or a mailbox gives by itself, anywhere in the text'),
})
export type AnswerWords = z.infer<typeof answerWords>

/** By language; those that are not named keep theirs. */
export const answers = namedRecord(
  z.string().regex(/^[a-z]{2,3}(-\w+)*$/i, 'must be a language such as en or pt-BR'),
  answerWords,
)

const noWords: AnswerWords = {
  mine: [],
  pass: [],
  who: [],
  note: [],
  handOver: [],
  snooze: [],
  resolve: [],
  automatic: [],
}

function list(words: string): string[] {
  return words.split(',')
}

/** What is understood without any configuration. The numbers of a call's keys are no words: people type them elsewhere. */
const known: Record<string, AnswerWords> = {
  en: {
    mine: list(
      'ok,okay,ack,acknowledged,mine,i have it,have it,got it,i got it,on it,taken,yes,no problem,' +
        'no prob,no worries,np,👍,👌,✅,🆗,🙋',
    ),
    pass: list(
      "no,nope,pass,can't,cant,cannot,can not,i can't,i cant,i cannot,i can not,sorry can't," +
        "sorry i can't,sorry no,sorry i cannot,not me,not now,unable,i'm unable,👎,🙅",
    ),
    who: ['?', 'who', "who's", 'status', '❓', '❔'],
    note: ['note'],
    handOver: ['hand over to', 'hand it over to', 'give it to', 'give to', 'over to'],
    snooze: ['snooze', '💤'],
    resolve: ['resolved', 'resolve', 'fixed', 'solved'],
    automatic: list(
      "i'm driving,i am driving,driving with do not disturb,driving focus,sent from my car," +
        'out of office,out of the office,automatic reply,auto reply,autoreply,automated response,' +
        'automated message,auto response,do not disturb while driving,notifications silenced',
    ),
  },
  de: {
    ...noWords,
    mine: ['ja', 'hab ich', 'habe ich', 'ich habe es', 'ich habs', 'bin dran', 'meins', 'übernehme', 'ich übernehme'],
    pass: ['nein', 'ne', 'kann nicht', 'ich kann nicht', 'geht nicht', 'weiter', 'leider nicht'],
    who: ['wer', 'wer hat es'],
    note: ['notiz'],
    handOver: ['übergeben an', 'übergebe an', 'weiter an'],
    resolve: ['erledigt', 'behoben', 'gelöst'],
    automatic: ['abwesenheitsnotiz', 'automatische antwort', 'ich fahre gerade', 'nicht im büro', 'nicht im haus'],
  },
  fr: {
    ...noWords,
    mine: ['oui', "d'accord", "je m'en occupe", "je l'ai", 'je prends'],
    pass: ['non', 'je ne peux pas', 'peux pas', 'impossible', 'passe', 'je passe'],
    who: ['qui'],
    handOver: ['passer à', 'donner à'],
    resolve: ['résolu', 'réglé'],
    automatic: ['réponse automatique', 'absent du bureau', 'je conduis', 'je suis au volant'],
  },
  es: {
    ...noWords,
    mine: ['sí', 'si', 'vale', 'yo me encargo', 'lo tengo', 'me encargo'],
    pass: ['no puedo', 'paso', 'imposible'],
    who: ['quién', 'quien'],
    handOver: ['pasar a'],
    resolve: ['resuelto', 'solucionado'],
    automatic: ['respuesta automática', 'fuera de la oficina', 'estoy conduciendo'],
  },
  ja: {
    ...noWords,
    mine: ['はい', '了解', '対応します', '承知'],
    pass: ['いいえ', '無理', 'できません', '対応できません'],
    who: ['誰'],
    resolve: ['解決'],
    automatic: ['自動返信', '自動応答', '運転中', '不在'],
  },
}

/** All words of all languages: nobody says which one they write. */
export function answerWordsOf(configured: Record<string, AnswerWords>): AnswerWords {
  const languages = Object.values({ ...known, ...configured })
  const all = (meaning: keyof AnswerWords) => languages.flatMap((language) => language[meaning])
  return {
    mine: all('mine'),
    pass: all('pass'),
    who: all('who'),
    note: all('note'),
    handOver: all('handOver'),
    snooze: all('snooze'),
    resolve: all('resolve'),
    automatic: all('automatic'),
  }
}
