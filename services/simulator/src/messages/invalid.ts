import type { Channel } from '../channels.ts'
import type { InvalidParameter, Problem } from '../vonage/problem.ts'

const errorsUrl = 'https://developer.vonage.com/api-errors/messages'

/** Validation problems of the Messages API v1. Fragments are Vonage's, slips included. */
export const invalid = {
  channel: (channel: unknown) => problem('1100', 'Unsupported channel', `Channel ${show(channel)} is not supported.`),
  channelParameters: (parameters: InvalidParameter[]) =>
    problem('1110', 'Invalid channel parameters', 'The channel parameters are invalid.', parameters),
  sender: (channel: Channel) => problem('1120', 'Invalid sender', `The from value is not valid for ${channel}.`),
  recipient: (channel: Channel) => problem('110', 'Invalid recipient', `The to value is not valid for ${channel}.`),
  messageType: (type: unknown, channel: Channel) =>
    problem('1140', 'Invalid message type', `The message type ${show(type)} is not valid for ${channel}.`),
  parameters: (parameters: InvalidParameter[]) =>
    problem('1150', 'Invalid params', 'The value of one or more parameters is invalid.', parameters),
  clientReference: () =>
    problem('1060', 'Invalid client reference', 'The client reference must be a string of at most 100 characters.'),
}

function problem(fragment: string, title: string, detail: string, invalidParameters?: InvalidParameter[]): Problem {
  const base = { status: 422, type: `${errorsUrl}#${fragment}`, title, detail }
  return invalidParameters ? { ...base, invalidParameters } : base
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
