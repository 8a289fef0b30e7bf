import type { Call } from './call.ts'
import type { Destination } from './destination.ts'
import type { ConnectAction, Ncco } from './ncco.ts'
import { addLine, untilLeft, type PerformDeps } from './perform-deps.ts'

const DEFAULT_RING_SECONDS = 60
const LONGEST_SECONDS = 7_200

/**
 * Rings at another simulated phone; both talk until one of them hangs up. A synchronous connect goes on with what the
 * application answers when nobody took the call.
 */
export async function connectPhone(
  call: Call,
  action: ConnectAction,
  to: Destination,
  deps: PerformDeps,
): Promise<Ncco | null> {
  const { leg, ended } = deps.ringLeg({
    of: call,
    from: action.from ?? 'unknown',
    to,
    eventUrl: action.eventUrl?.[0],
    eventMethod: action.eventMethod,
    plan: {
      ringMs: (action.timeout ?? DEFAULT_RING_SECONDS) * 1_000,
      longestMs: (action.limit ?? LONGEST_SECONDS) * 1_000,
      machineDetection: action.advancedMachineDetection?.behavior ?? action.machineDetection,
      detectsBeep: action.advancedMachineDetection?.mode === 'detect_beep',
      talks: () => untilLeft(leg),
      ...(to.rings === null ? { reaction: 'unroutable' as const } : {}),
    },
  })
  addLine(call, 'action', `connects to ${to.label}`, deps)
  void untilLeft(call).then(() => leg.hangUp.abort())
  await ended
  const following = action.eventType === 'synchronous' ? await leg.following : null
  addLine(call, 'note', `${to.label}: ${leg.state}`, deps)
  return following
}
