import './issue-words.ts'

export { alertContent, withAlertButtons } from './alert-content.ts'
export { cut } from './cut.ts'
export { bundleText, closingsText, closingText, cutText, stepText } from './alert-text.ts'
export { alertIdOf, bundle, bundleSettings, MAX_BUNDLE_MEMBERS } from './bundle.ts'
export type { Bundle, BundleDue, BundleSettings } from './bundle.ts'
export { csvRow } from './csv.ts'
export type { CsvCell } from './csv.ts'
export { defineQueue } from './define-queue.ts'
export type { QueueContract, RetryPolicy } from './define-queue.ts'
export {
  address,
  addressProblem,
  alertChannel,
  alertChannels,
  alertFactsOf,
  channel,
  channels,
  factsOf,
  isChannel,
  isPhoneChannel,
  parseChannel,
  reportsRead,
} from './channel.ts'
export type { AlertChannel, Channel } from './channel.ts'
export { phoneNumber } from './channels/addresses.ts'
export type { ContentProblem } from './channels/channel-facts.ts'
export { contact, contactId, endOfAddress, parseContactId, personId } from './contact.ts'
export type { Contact, Recipient } from './contact.ts'
export { PermanentError, PostponedError, RateLimitedError } from './errors.ts'
export { may, role, roles } from './role.ts'
export type { Role } from './role.ts'
export { scope, scopes } from './scope.ts'
export type { Scope } from './scope.ts'
export { admit, afterAnswer, senderState, takeProbe, PROBE_EVERY_MS } from './sender-state.ts'
export type { SenderAnswer, SenderState } from './sender-state.ts'
export { derivedId, newId } from './ids.ts'
export { inboundMessage, isBefore, isOvertaken } from './inbound-message.ts'
export type { InboundMedia, InboundMessage, Said } from './inbound-message.ts'
export {
  describeContent,
  isTemplate,
  messageContent,
  messageMedia,
  messageOptions,
  messageParts,
  textWithLink,
} from './message-content.ts'
export type { MessageContent, MessageMedia, MessageOptions, MessageParts } from './message-content.ts'
export { contentProblems } from './content-problems.ts'
export { fillContent } from './fill-content.ts'
export { needsWindow } from './needs-window.ts'
export { optionsFor } from './shared-options.ts'
export { messageTemplate, templateMessageId } from './message-template.ts'
export type { MessageTemplate } from './message-template.ts'
export {
  bundleMember,
  callSettings,
  messageSubject,
  outboundMessage,
  priorityOf,
  purpose,
  stepRef,
} from './outbound-message.ts'
export type {
  BundleMember,
  CallSettings,
  MessageSubject,
  OutboundMessage,
  ReplyButton,
  Purpose,
  StepRef,
} from './outbound-message.ts'
export {
  advance,
  dispatchReport,
  messageState,
  messageStatus,
  OPTED_OUT_CODE,
  providerError,
  reportedState,
  stateRank,
  statusWebhook,
} from './message-state.ts'
export type {
  DispatchReport,
  MessageState,
  MessageStatus,
  ProviderError,
  ReportedState,
  StatusWebhook,
} from './message-state.ts'
export { callEvent, callHeaders, isWebSocketLeg } from './call-event.ts'
export type { CallEvent, CallHeaders } from './call-event.ts'
export { unrecognisedWebhook } from './unrecognised-webhook.ts'
export type { UnrecognisedWebhook } from './unrecognised-webhook.ts'
export {
  alert,
  alertAttention,
  alertPlan,
  alertRequest,
  alertState,
  alertStep,
  attentionKind,
  dispatchWebhook,
  timelineEntry,
} from './alert.ts'
export type {
  Alert,
  AlertAttention,
  AlertPlan,
  AlertRequest,
  AlertState,
  AlertStep,
  AttentionKind,
  DispatchWebhook,
  PlanChannel,
  TimelineEntry,
} from './alert.ts'
export { endedAt } from './ended-at.ts'
export { actAnswer, actor, alertAct, LONGEST_NOTE, LONGEST_SNOOZE_MINUTES, traceOfAct } from './alert-act.ts'
export type { ActAnswer, Actor, AlertAct, RememberedAct } from './alert-act.ts'
export { askedOf, nextTurn, personAfter, turnAfter } from './alert-outlook.ts'
export type { Asked } from './alert-outlook.ts'
export { answerWordsOf } from './answer-words.ts'
export type { AnswerWords } from './answer-words.ts'
export { missingSenders, planOf, planWarnings } from './plan-of.ts'
export type { PlanRemark } from './plan-of.ts'
export { alertAttentionQueue, alertRequestQueue, alertStepQueue, dispatchWebhookQueue } from './queues/alerts.ts'
export { feed, switchboardConfig } from './config.ts'
export type { Feed, SwitchboardConfig, Texts } from './config.ts'
export { feedFanout, feedRefresh, heldFeed } from './feed.ts'
export type { FeedFanout, FeedRefresh, HeldFeed, SubscriberPage } from './feed.ts'
export { isForgotten } from './is-forgotten.ts'
export { keywordOf, normaliseText, parseKeyword } from './keywords.ts'
export type { Keyword } from './keywords.ts'
export { engineProblems, policies, policy, policyChannel, policyUser, policyUsers } from './policy.ts'
export type { Policy, PolicyChannel, PolicyUser } from './policy.ts'
export { chooseOption, listOptions, optionChosen } from './choose-option.ts'
export type { Options } from './choose-option.ts'
export { parseConfirmation } from './confirmation-words.ts'
export { soundsLikeOptOut, wishesToOptOut } from './opt-out-phrases.ts'
export { fillText, placeholdersIn } from './fill-text.ts'
export {
  notificationFollowUpId,
  notificationMessageId,
  notificationProgress,
  notificationReply,
  notificationRequest,
} from './notification.ts'
export type { NotificationProgress, NotificationReply, NotificationRequest } from './notification.ts'
export { notificationSettings } from './notification-settings.ts'
export type { NotificationSettings } from './notification-settings.ts'
export { quietHours } from './quiet-hours.ts'
export type { QuietHours } from './quiet-hours.ts'
export { retention } from './retention.ts'
export type { Retention } from './retention.ts'
export { signupRequest } from './signup.ts'
export type { SignupAnswer, SignupRequest, SignupSettings } from './signup.ts'
export { eraseRequest } from './erase-request.ts'
export type { EraseRequest } from './erase-request.ts'
export { eraseRequestQueue } from './queues/erase-request.ts'
export { heldFeedQueue } from './queues/held-feed.ts'
export { notificationProgressQueue, notificationReplyQueue, notificationRequestQueue } from './queues/notifications.ts'
export { signupRequestQueue } from './queues/signup-request.ts'
export { isSeedConfig, seedConfig } from './seed-config.ts'
export type { SeedConfig } from './seed-config.ts'
export { stepMessageId } from './step-message-id.ts'
export { subscriptionRequest } from './subscription.ts'
export type { SubscriptionRequest } from './subscription.ts'
export { queues } from './queues/index.ts'
export type { QueueName } from './queues/index.ts'
export type { ServiceName } from './service-name.ts'
export type { Log } from './log.ts'
export type { JobEnding, JobObservation } from './job-observation.ts'
export type { Enqueue } from './enqueue.ts'
export { alertBundleQueue, bundleDueQueue } from './queues/bundles.ts'
export { callEventQueue } from './queues/call-event.ts'
export { feedFanoutQueue } from './queues/feed-fanout.ts'
export { feedRefreshQueue } from './queues/feed-refresh.ts'
export { inboundMessageQueue } from './queues/inbound-message.ts'
export { messageStatusQueue } from './queues/message-status.ts'
export { outboundQueues } from './queues/outbound.ts'
export { packQueues } from './queues/packs.ts'
export { ERASED, MAX_PACK_SIZE, messagePack, messagesOf, packId, placeInPack } from './message-pack.ts'
export type { MessagePack } from './message-pack.ts'
export { partialSmsQueue } from './queues/partial-sms.ts'
export { subscriptionRequestQueue } from './queues/subscription-request.ts'
export { unrecognisedWebhookQueue } from './queues/unrecognised-webhook.ts'
export { budgetUsed, limits, limitsInForce, stopsFor } from './limits.ts'
export type { Limits, LimitsInForce, SenderUsage } from './limits.ts'
export { questionProblem, takesReplies } from './takes-replies.ts'
export { own } from './own.ts'
export { redactLinks } from './redact-links.ts'
export { voiceOf } from './voice.ts'
export type { Voice } from './voice.ts'
export { auditEntry, chainedEntry, chainLink, cutEntry } from './audit-entry.ts'
export type { AuditEntry, ChainedEntry, ChainLink } from './audit-entry.ts'
export { CHAIN_BEGINNING, chainEntry, checkChain } from './audit-chain.ts'
export type { ChainCheck } from './audit-chain.ts'
export { auditEntryQueue } from './queues/audit-entry.ts'
