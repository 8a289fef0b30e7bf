import { describe, expect, it } from 'vitest'

import { MAX_STRIKES, onFrame, onPong, onText, onTick, openCall } from './call-state.ts'
import type { CallState, Step } from './call-state.ts'

const start = 1_000_000
const opened = openCall('call-1', start)
const connected: CallState = { ...opened, frameBytes: 640 }
const contentType = 'audio/l16;rate=16000'

const kinds = (step: Step) => step.actions.map((action) => action.kind)

describe('an audio frame', () => {
  it.each([
    ['of the right size', connected, 640, ['echo'], undefined],
    ['of the right size after wrong ones', { ...connected, strikes: 49 }, 640, ['echo'], 0],
    ['that is too short', connected, 320, ['drop'], 1],
    ['that is too long', connected, 960, ['drop'], 1],
    ['that is empty', connected, 0, ['drop'], 1],
    ['before the format is known', opened, 640, ['drop'], 1],
    [
      'of a wrong size once more than we bear',
      { ...connected, strikes: MAX_STRIKES - 1 },
      1,
      ['drop', 'close'],
      undefined,
    ],
  ])('%s', (_name, state, byteLength, actions, strikes) => {
    const step = onFrame(state, byteLength)
    expect(kinds(step)).toEqual(actions)
    expect(step.state?.strikes).toBe(strikes)
  })

  it('that is right changes nothing and allocates nothing', () => {
    expect(onFrame(connected, 640)).toBe(onFrame({ ...connected }, 640))
  })

  it.each([
    [connected, 'expected frames of 640 bytes'],
    [opened, 'expected websocket:connected first'],
  ])('that is unusable for a second closes the call and says what was expected', (state, reason) => {
    const step = onFrame({ ...state, strikes: MAX_STRIKES - 1 }, 641)
    expect(step.actions.at(-1)).toEqual({ kind: 'close', code: 1003, reason })
  })
})

describe('a text message', () => {
  it.each([
    [8_000, 320],
    [16_000, 640],
    [24_000, 960],
  ])('websocket:connected with rate %i sets frames of %i bytes', (rate, frameBytes) => {
    const message = { kind: 'connected', contentType: `audio/l16;rate=${rate}`, callUuid: 'call-1' } as const
    expect(onText(opened, message).state?.frameBytes).toBe(frameBytes)
  })

  it.each([
    ['of another call', { kind: 'connected', contentType, callUuid: 'call-2' }, 1008],
    ['of no call', { kind: 'connected', contentType, callUuid: undefined }, 1008],
    ['with another format', { kind: 'connected', contentType: 'audio/mpeg', callUuid: 'call-1' }, 1003],
  ] as const)('websocket:connected %s closes the call', (_name, message, code) => {
    expect(onText(opened, message).actions).toEqual([{ kind: 'close', code, reason: expect.any(String) }])
  })

  it.each([
    [{ kind: 'dtmf', digit: '*', durationMs: 200 }, ['log', 'clear']],
    [{ kind: 'dtmf', digit: '7', durationMs: 200 }, ['log']],
    [{ kind: 'dtmf', digit: '#', durationMs: undefined }, ['log']],
    [{ kind: 'other', event: 'websocket:cleared' }, ['log']],
    [{ kind: 'junk' }, ['drop']],
  ] as const)('%j is never echoed', (message, actions) => {
    expect(kinds(onText(connected, message))).toEqual(actions)
  })

  it('that is junk, again and again, closes the call', () => {
    expect(kinds(onText({ ...connected, strikes: MAX_STRIKES - 1 }, { kind: 'junk' }))).toEqual(['drop', 'close'])
  })
})

describe('a tick', () => {
  const quiet: CallState = { ...connected, heardAt: start, pingedAt: start }
  const waiting: CallState = { ...quiet, isPongDue: true }
  it.each([
    ['soon after the last ping', quiet, true, 1_999, []],
    ['two seconds after the last ping', quiet, true, 2_000, ['ping']],
    ['while a pong is due from a peer that never sent one', waiting, true, 9_000, []],
    ['while a pong is due but not late', { ...waiting, hasPonged: true }, true, 999, []],
    ['when a pong is late', { ...waiting, hasPonged: true }, true, 1_000, ['hold']],
    [
      'when a pong is late and the peer is held already',
      { ...waiting, hasPonged: true, isHeld: true },
      true,
      5_000,
      [],
    ],
    ['nine seconds after anything was heard', waiting, false, 9_999, []],
    ['ten seconds after anything was heard', waiting, false, 10_000, ['terminate']],
    ['before websocket:connected', { ...opened, pingedAt: start + 4_000 }, true, 4_999, []],
    ['long before websocket:connected', { ...opened, pingedAt: start + 4_000 }, true, 5_000, ['close']],
  ])('%s', (_name, state, wasHeard, afterMs, actions) => {
    expect(kinds(onTick(state, wasHeard, start + afterMs))).toEqual(actions)
  })

  it('remembers when something was heard', () => {
    const step = onTick(quiet, true, start + 1_000)
    expect(step.state?.heardAt).toBe(start + 1_000)
  })
})

describe('a pong', () => {
  it.each([
    ['in time', { ...connected, isPongDue: true }, []],
    ['late', { ...connected, isPongDue: true, isHeld: true }, ['resume']],
  ])('%s', (_name, state, actions) => {
    const step = onPong(state)
    expect(kinds(step)).toEqual(actions)
    expect(step.state).toMatchObject({ isPongDue: false, isHeld: false, hasPonged: true })
  })
})
