/**
 * Something that must exist in the world because a record says so: a message, a timer, an index entry, a job. Its id
 * follows from the record, so the same thing is recognised however often it is asked for.
 */
export interface Obligation {
  id: string
}

/**
 * One kind of record that owes something to the world: everything that tells an alert from a subscription. `Context` is
 * what the pure functions need beside the record and what never changes of it (an alert's plan).
 */
export interface WorkflowDefinition<Value extends object, Owed extends Obligation, Context = undefined> {
  /** In logs and metrics. */
  name: string
  /** How a record is named in logs; not at all where its id is somebody's address. */
  logFields?: (id: string) => object
  contextOf: (record: Value) => Promise<Context>
  /**
   * Pure: what must exist for the world to be as the record says. A stage begins when the one before it is fulfilled;
   * what is in one stage is asked for at once, in this order.
   */
  obligations: (record: Value, context: Context) => Owed[][]
  /** Pure: when somebody must look again although nothing happens, in milliseconds. Undefined: never, it is settled. */
  lookAt: (record: Value) => number | undefined
  /** Makes one of them so. Doing it again has no second effect. */
  fulfil: (owed: Owed, record: Value, context: Context, id: string) => Promise<void>
  /**
   * Asks the world whether something is missing of a record that is settled: an index that somebody deleted. For the
   * sweep; left out where nothing of the kind can be lost on its own.
   */
  isIncomplete?: (record: Value, id: string) => Promise<boolean>
  /** Tidies up what a record no longer asks for. May be left out by a crash: what remains must be harmless. */
  retract?: (owed: Owed, before: Value) => Promise<void>
}

/** The records of a workflow: they move by compare-and-set. */
export interface WorkflowRecords<Value extends object> {
  due: DueSet
  /** The ids of all records there are, page by page; more than once is harmless. */
  scan(): AsyncIterable<string[]>
  get(id: string): Promise<Value | undefined>
  /**
   * Moves a record by a pure function: undefined is no record, the same object is no change. `beforeWrite` is sent right
   * before each try to write, and reaches the server first. `known`: the record as it was read a moment ago.
   */
  change(
    id: string,
    decide: Decide<Value>,
    options: { known?: Value | undefined; beforeWrite: BeforeWrite<Value> },
  ): Promise<RecordChange<Value>>
}

export type Decide<Value> = (current: Value | undefined) => Value | undefined
export type BeforeWrite<Value> = (before: Value | undefined, after: Value) => Promise<unknown> | undefined

export interface RecordChange<Value> {
  before: Value | undefined
  after: Value | undefined
}

/**
 * The records of one workflow that are not settled, each at the moment from which on somebody must look after it. Where
 * a record stands says whether the world follows it: at its own `lookAt` it does, anywhere else somebody is at work on
 * it, or was when he died.
 */
export interface DueSet {
  /** Puts a record there. Resolves to where it stood before. */
  enter(id: string, at: number): Promise<number | undefined>
  /**
   * Moves a record on that stands at `from`; out, if `at` is undefined. One that somebody has moved meanwhile stays.
   * Resolves to whether it stood there.
   */
  settle(id: string, from: number, at: number | undefined): Promise<boolean>
  /** Where each of them stands. */
  positions(ids: string[]): Promise<(number | undefined)[]>
  /** Hands out records that stand before a moment, the most overdue first, each to one caller: moves them to `until`. */
  take(before: number, until: number, limit: number): Promise<string[]>
}

export interface WorkflowLog {
  warn: (fields: object, event: string) => void
  error: (fields: object, event: string) => void
}
