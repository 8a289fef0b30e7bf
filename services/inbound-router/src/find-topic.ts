/**
 * The topic a text names as a word; of several, the one named first. A word ends where its script does, so that
 * `MSFTください` names MSFT.
 */
export function findTopic(text: string, topics: string[]): string | undefined {
  const normalised = text.normalize('NFKC').toLowerCase()
  let found: { topic: string; at: number } | undefined
  for (const topic of topics) {
    const at = normalised.search(wordPattern(topic.normalize('NFKC').toLowerCase()))
    if (at < 0) continue
    const isBetter = !found || at < found.at || (at === found.at && topic.length > found.topic.length)
    if (isBetter) found = { topic, at }
  }
  return found?.topic
}

function wordPattern(topic: string): RegExp {
  const name = topic.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  const isLatin = /^[\p{Script=Latin}\p{N}._-]+$/u.test(topic)
  return isLatin
    ? new RegExp(String.raw`(?<![\p{Script=Latin}\p{N}_])${name}(?![\p{Script=Latin}\p{N}_])`, 'u')
    : new RegExp(name, 'u')
}
