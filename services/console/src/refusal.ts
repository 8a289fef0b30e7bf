/** Why a request is not served, in words for the person who made it. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly statusCode: number
  readonly title: string

  constructor(statusCode: number, title: string, detail: string) {
    super(detail)
    this.statusCode = statusCode
    this.title = title
  }
}

/** What records are not about: an address that is cut, or that was typed. */
export function unknown(what: string): Refusal {
  return new Refusal(404, 'Not here', `There is no ${what}.`)
}

/** Of a record. */
export function notFound(what: string): Refusal {
  return new Refusal(404, 'Not here', `There is no ${what}. It may have expired: records are kept for some weeks only.`)
}
