/** What there is to do about a failure, the first that fits: by the words of Vonage, then by ours. */
const remedies: [fits: RegExp, remedy: string][] = [
  [/balance|credit|quota/i, 'Vonage wants money: top up the account, then retry.'],
  [
    /unauthori[sz]ed|credentials|private key/i,
    'Vonage does not take our credentials: compare them with its dashboard, then retry.',
  ],
  [
    /invalid sender|sender id|illegal sender/i,
    'Vonage does not let us send from this address: correct the sender in the configuration, then retry.',
  ],
  [
    /allow-?list|whitelist|non-permitted/i,
    'A trial account reaches listed numbers only: add the number or upgrade, then retry.',
  ],
  [
    /template/i,
    'WhatsApp does not take the template: compare its name, language and parameters with what was approved.',
  ],
  [
    /is not valid|not JSON|not understood/i,
    'It was written by something that speaks another version. Update, then retry; else discard it.',
  ],
  [/is not set|in the configuration/i, 'A setting is missing: set what it names, restart, then retry.'],
  [/answered 4\d\d/i, 'The address that is told about it refuses: whoever runs it mends that, then retry.'],
  [/^refused/i, 'Vonage refuses this message and would again. Mend what it names, or discard it.'],
  [
    /ECONN|ENOTFOUND|ETIMEDOUT|socket|timed? ?out|answered 5\d\d/i,
    'It could not be reached. When it can be again: retry.',
  ],
]

/** A sentence for whoever looks at the failure; undefined where we know no better than the error itself. */
export function remedyOf(reason: string): string | undefined {
  return remedies.find(([fits]) => fits.test(reason))?.[1]
}
