/**
 * Does together what is asked for in one turn of the event loop. `all` answers in the order of what it is given; when it
 * fails, everybody hears of it.
 */
export function gather<Item, Answer>(all: (items: Item[]) => Promise<Answer[]>): (item: Item) => Promise<Answer> {
  let waiting: { items: Item[]; answers: Promise<Answer[]> } | undefined
  return async (item) => {
    const group = (waiting ??= collect())
    const index = group.items.push(item) - 1
    const answers = await group.answers
    const answer = answers[index]
    if (answer === undefined) throw new Error(`${answers.length} answers for ${group.items.length} questions`)
    return answer
  }

  function collect() {
    const items: Item[] = []
    // After all that is ready to run in this turn has run.
    const turn = new Promise<void>((resolve) => process.nextTick(resolve))
    const answers = turn.then(() => {
      waiting = undefined
      return all(items)
    })
    return { items, answers }
  }
}
