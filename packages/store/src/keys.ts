/**
 * Every key of ours in Redis (BullMQ keeps its own under `{sb-<queue>}`). On a Redis Cluster no command touches two of them,
 * so they need no hash tags. Each has an expiry, or a reason for none.
 */
export const keys = {
  /** No expiry: an opt-out holds until the person opts in again. */
  consent: (personId: string) => `sb:consent:${personId}`,
  /** No expiry while subscribed. */
  subscription: (contactId: string) => `sb:subscription:${contactId}`,
  /** Sorted set of contact ids by when somebody must look again. No expiry: entries leave when they are settled. */
  dueSubscriptions: 'sb:due:subscriptions',
  /** Sorted set of contact ids, all with score 0 so that they page in a stable order. No expiry: an index. */
  subscribers: (topic: string) => `sb:subscribers:${topic}`,
  feedValue: (topic: string) => `sb:feed-value:${topic}`,
  /** Sorted set of values by tick. */
  feedFault: (topic: string) => `sb:feed-fault:${topic}`,
  feedHistory: (topic: string) => `sb:feed-ticks:${topic}`,
  feedTick: (topic: string) => `sb:feed-tick:${topic}`,
  /** Sorted set of topics by when somebody must look again. No expiry: entries leave when they are settled. */
  dueFeedValues: 'sb:due:feed-values',
  message: (messageId: string) => `sb:message:${messageId}`,
  /** Hash of what became of each message of a pack, and what they have in common. */
  pack: (packId: string) => `sb:pack:${packId}`,
  /** Hash of message ids by Vonage's: a small one for each ending of those ids and day, a third of the memory of keys. */
  messagesOfUuids: (day: number, ending: string) => `sb:uuids:${day}:${ending}`,
  parkedStatuses: (messageUuid: string) => `sb:parked:${messageUuid}`,
  lastInbound: (contactId: string) => `sb:last-inbound:${contactId}`,
  inbound: (inboundId: string) => `sb:inbound:${inboundId}`,
  processedInbound: (inboundId: string) => `sb:processed:${inboundId}`,
  smsParts: (set: string) => `sb:sms-parts:${set}`,
  automaticReplies: (contactId: string) => `sb:replies:${contactId}`,
  call: (callUuid: string) => `sb:call:${callUuid}`,
  /** The message whose call a number is busy with. */
  line: (number: string) => `sb:line:${number}`,
  /** Hash of the calls that wait for the line of a number, by message id. */
  waitingCalls: (number: string) => `sb:waiting-calls:${number}`,
  callOfConversation: (conversationUuid: string) => `sb:call-of:${conversationUuid}`,
  /** Sorted set of call uuids by when they began. */
  calls: 'sb:calls',
  /** Sorted set of call uuids by when they began. */
  callsOfCaller: (address: string) => `sb:calls-of:${address}`,
  /** Set of call uuids, of older versions. */
  callsFrom: (address: string) => `sb:calls-from:${address}`,
  senderRate: (channel: string, sender: string) => `sb:rate:${channel}:${sender}`,
  senderState: (name: string) => `sb:sender:${name}`,
  /** Sorted set of senders by since when they are held. No expiry: an index; entries leave when they open. */
  heldSenders: 'sb:senders:held',
  alert: (alertId: string) => `sb:alert:${alertId}`,
  alertPlan: (planId: string) => `sb:alert-plan:${planId}`,
  alertCode: 'sb:alert-code',
  alertOfCode: (code: string) => `sb:alert-of-code:${code}`,
  /** Sorted set by due time. No expiry: an index; entries leave when their alert ends. */
  walkingAlerts: 'sb:alerts:walking',
  /** Sorted set by creation. No expiry: trimmed by age. */
  endedAlerts: 'sb:alerts:ended',
  /** Sorted set by when each was given up. No expiry: entries leave when somebody takes theirs, or by age. */
  unansweredAlerts: 'sb:alerts:unanswered',
  /** Sorted set by until when each counts as blocked. No expiry: trimmed by age. */
  blockedAlerts: 'sb:alerts:blocked',
  lateReply: (contactId: string) => `sb:late-reply:${contactId}`,
  endedAlert: (contactId: string) => `sb:ended-alert:${contactId}`,
  callerWorkflow: (contactId: string) => `sb:caller-workflow:${contactId}`,
  /** No expiry while something is gathered. */
  bundles: (personId: string) => `sb:bundles:${personId}`,
  /** Sorted set of person ids by when their next bundle goes out. No expiry: entries leave when they are settled. */
  dueBundles: 'sb:due:bundles',
  alertsOfContact: (contactId: string) => `sb:alerts-of:${contactId}`,
  /** Sorted set of person ids by their last change of consent. No expiry: an index. */
  consents: 'sb:consents',
  /** Opt-outs of persons who were erased, hashed with a key of this installation. No expiry: they hold for good. */
  erasedOptOut: (personHash: string) => `sb:opt-out:${personHash}`,
  erasureKey: 'sb:erasure-key',
  ofPerson: (personId: string, kind: string, day: number) => `sb:of:${personId}:${kind}:${day}`,
  notification: (notificationId: string) => `sb:notification:${notificationId}`,
  askedNotification: (contactId: string) => `sb:asked:${contactId}`,
  /** Sorted set by creation. No expiry: trimmed by age. */
  notifications: 'sb:notifications',
  /** Sorted set of ids by when somebody must look again. No expiry: entries leave when they are settled. */
  dueNotifications: 'sb:due:notifications',
  mailing: (mailingId: string) => `sb:mailing:${mailingId}`,
  mailingUpload: (mailingId: string) => `sb:mailing-upload:${mailingId}`,
  /** Sorted set by when they were sent. No expiry: trimmed by age. */
  mailings: 'sb:mailings',
  dueSignups: 'sb:due:signups',
  signup: (signupId: string) => `sb:signup:${signupId}`,
  signupOf: (contactId: string) => `sb:signup-of:${contactId}`,
  followUp: (followUpId: string) => `sb:follow-up:${followUpId}`,
  /** Sorted set by creation. No expiry: entries leave when they are done. */
  openFollowUps: 'sb:follow-ups',
  quota: (name: string, subjectHash: string) => `sb:quota:${name}:${subjectHash}`,
  /** The query that came with a webhook token without a body. */
  boundQuery: (tokenHash: string) => `sb:bound-query:${tokenHash}`,
  idempotency: (keyHash: string) => `sb:idempotency:${keyHash}`,
  workflow: (dispatchUuid: string) => `sb:workflow:${dispatchUuid}`,
  alertGroup: (groupHash: string) => `sb:alert-group:${groupHash}`,
  /** Hash of the entries by their place, their places by id, the last one and the anchor. No expiry: trimmed by age. */
  auditChain: 'sb:audit-chain',
  /** Stream of what people did in the console of 0.1.0. No expiry: its entries leave when the chain has them. */
  auditOfOlderVersion: 'sb:audit',
  /** Hash of the tokens of the API by name, and when each was used last. No expiry: those that ended leave when they are listed. */
  apiTokens: 'sb:api-tokens',
  /** Hash of what people are called, by person id. No expiry: an entry goes when it is emptied or the person is erased. */
  personNames: 'sb:person-names',
  environmentTokens: 'sb:environment-tokens',
  /** No expiry: it is disabled, never deleted. */
  account: (name: string) => `sb:account:${name}`,
  /** Sorted set of the names of accounts, all with score 0. No expiry: an index. */
  accounts: 'sb:accounts',
  openSessions: (name: string) => `sb:sessions-of:${name}`,
  endedSession: (sessionId: string) => `sb:ended-session:${sessionId}`,
  usedTicket: (ticketId: string) => `sb:used-ticket:${ticketId}`,
  /** Hash of `channel.state` to how many, for one minute. */
  traffic: (minute: number) => `sb:traffic:${minute}`,
  /** Hash of what each sender has used of a day. */
  usage: (day: number) => `sb:usage:${day}`,
  /** Hash of how all queues stood, by minute: a day of them. */
  queueDepths: 'sb:queue-depths',
  updates: (day: number, contactHash: string) => `sb:updates:${day}:${contactHash}`,
  /** Sorted set of message ids by when they were made. No expiry: an index; trimmed by length. */
  recentMessages: 'sb:messages:recent',
} as const
