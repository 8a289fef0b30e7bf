import { randomUUID } from 'node:crypto'

import type { Call } from './call.ts'

/** A named room in which calls hear each other. */
export interface Conversation {
  uuid: string
  members: Set<Call>
  /** Set where it is recorded, from the first that asks for it until the last has left. */
  finishRecording: (() => Promise<unknown>) | null
}

export interface Conversations {
  /** The room of that name, with this call in it. */
  join(name: string, call: Call): Conversation
  /** A room that everybody has left is gone. */
  leave(name: string, call: Call): void
}

export function createConversations(): Conversations {
  const rooms = new Map<string, Conversation>()
  return {
    join(name, call) {
      const room = rooms.get(name) ?? { uuid: `CON-${randomUUID()}`, members: new Set(), finishRecording: null }
      rooms.set(name, room)
      room.members.add(call)
      return room
    },
    leave(name, call) {
      const room = rooms.get(name)
      room?.members.delete(call)
      if (room?.members.size !== 0) return
      rooms.delete(name)
      void room.finishRecording?.()
    },
  }
}
