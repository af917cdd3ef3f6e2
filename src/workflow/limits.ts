/** Every bound of the product has a name here. Sizes in bytes (UTF-8), times in milliseconds. */

const KIB = 1024;
const MIB = 1024 * KIB;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const limits = {
  // What a caller may ask for.
  titleCharsMax: 200,
  taskCharsMin: 10,
  taskCharsMax: 5_000,
  agentsMin: 1,
  agentsMax: 20,
  agentsDefault: 8,
  /** Researchers that a gap check may send after the first round. */
  extraResearchersMax: 5,
  queryCharsMin: 5,
  queryCharsMax: 1_000,
  searchAgentsDefault: 5,
  allowedAgentTypesMax: 100,
  stepsMax: 20,
  stepInstructionCharsMin: 5,
  stepInstructionCharsMax: 5_000,
  branchesMax: 10,
  branchNameCharsMax: 50,
  questionCharsMin: 5,
  questionCharsMax: 2_000,
  criteriaMax: 20,
  criterionCharsMin: 3,
  criterionCharsMax: 500,
  iterationsDefault: 3,
  iterationsMax: 10,
  synthesisGroupSize: 5,
  concurrentAgentsDefault: 10,
  concurrentAgentsMax: 100,
  retriesDefault: 2,
  retriesMax: 10,
  agentTimeoutMs: 300 * SECOND,
  agentTimeoutMsMax: 24 * HOUR,
  workflowTimeoutMsMax: 30 * DAY,
  labelsMax: 64,
  labelKeyCharsMax: 63,
  labelValueCharsMax: 255,
  priorityMin: -100,
  priorityMax: 100,
  requestIdCharsMax: 128,
  modelNameCharsMax: 200,
  inlineDocumentsMax: 100,
  inlineDocumentBytesMax: 512 * KIB,
  documentNameCharsMax: 255,
  inputDepthMax: 16,
  inputBytesMax: 256 * KIB,
  costUsdMax: 1_000_000,
  tokensMax: 1_000_000_000_000,
  outputTokensDefault: 4_096,
  outputTokensMax: 1_000_000,
  /** What an endpoint may say that it read for one call; more is not believed. */
  inputTokensPerCallMax: 10_000_000,

  // What a role may use when the request names no agent timeout.
  researcherTimeoutMs: 180 * SECOND,
  gapCheckTimeoutMs: 180 * SECOND,
  groupSynthesizerTimeoutMs: 240 * SECOND,
  plannerTimeoutMs: 300 * SECOND,
  finalTimeoutMs: 300 * SECOND,
  stepTimeoutMs: 300 * SECOND,

  // What a log may hold.
  outputBytesMax: 1 * MIB,
  errorCharsMax: 4_000,
  /** What a report quotes of an agent's reason for having no answer. */
  abstentionCharsMax: 500,
  /** A longer address of a source is not read. */
  sourceUrlCharsMax: 2_048,
  eventsPerWorkflowMax: 10_000,
  turnsPerAgentDefault: 8,
  /** The most a configuration may allow; a turn is two events, so that it fits into a log many times. */
  turnsPerAgentMax: 1_000,
  /** Tool calls one agent may have executed; what it asks for beyond is refused. */
  toolCallsPerAgentMax: 10,
  /** How often a crash may make one idempotent call start in all. */
  toolCallStartsMax: 3,
  /** Tool calls of one answer that are read; models ask for a handful. */
  toolCallsPerTurnMax: 32,
  concurrentToolCallsPerWorkflowMax: 8,
  toolNameCharsMax: 128,
  toolCallIdCharsMax: 64,
  subtaskTitleCharsMax: 200,
  subtaskQuestionCharsMax: 2_000,
  answerJsonCharsMax: 256 * KIB,
  answerJsonDepthMax: 16,
  /** Entries of a plan that are looked at; what a hostile one has beyond cannot become a subtask. */
  planAnswerItemsMax: 1_000,
  /** What a repair turn says of an answer that has not its form. */
  answerProblemsMax: 8,
  answerProblemCharsMax: 200,
  /** Agents that an orchestrator made with defineOrchestrator may ask for. */
  assignmentsMax: 100,
  findingPromptCharsMax: 64 * KIB,
  /** A longer finding is given to a synthesis as its claims. */
  findingWholeCharsMax: 16 * KIB,
  /** What of its end is kept then. */
  findingEndCharsMax: 2 * KIB,
  /** What a gap check reads of each finding. */
  gapCheckFindingCharsMax: 8 * KIB,
  /** Uncovered parts that a report names. */
  gapsNamedMax: 10,
  unknownCitationsMax: 100,
  passagesPerAgentMax: 24,
  passageBytesPerAgentMax: 24 * KIB,
  budgetWarningShare: 0.8,

  // How one provider attempt is bounded.
  attemptTimeoutMs: 10 * MINUTE,
  firstByteTimeoutMs: 120 * SECOND,
  idleTimeoutMs: 60 * SECOND,
  /** One line of a provider's stream. */
  providerLineBytesMax: 4 * MIB,
  /** A whole response with its framing; deltas of a few characters cost a few hundred bytes each. */
  providerResponseBytesMax: 256 * MIB,
  /** What is read of the body of a refusal. */
  providerErrorBodyBytesMax: 64 * KIB,
  backoffBaseMs: 500,
  backoffMaxMs: 60 * SECOND,
  rateLimitFloorMs: SECOND,
  retryAfterMsMax: HOUR,

  // How calls are kept from a provider that is ill or busy.
  breakerWindowMs: 30 * SECOND,
  breakerCallsMin: 20,
  breakerFailureShare: 0.5,
  breakerFailuresInARow: 5,
  breakerWaitMs: 30 * SECOND,
  breakerWaitMsMin: 100,
  breakerWaitMsMax: 5 * MINUTE,
  /** Breakers of one process; model names come from callers. */
  breakersMax: 1_000,
  fallbacksMax: 10,
  /** Workflows that stand in line for one provider; more ask again by themselves. */
  permitWaitersMax: 10_000,
  /** For how long a permit waits for the first in line before the next one gets it. */
  permitOfferMs: 2 * SECOND,
  requestsPerMinuteMax: 1_000_000,
  tokensPerMinuteMax: 10_000_000_000,
  concurrentCallsMax: 10_000,

  // What one node carries.
  liveWorkflowsDefault: 50,
  pendingWorkflowsDefault: 10_000,
  retainTerminalDefault: 100,
  retainAtLeastMs: HOUR,
  retainForMs: 7 * DAY,
  requestIdKeptMs: 24 * HOUR,
  /** Options of workflows that are remembered, for others that have the same. */
  sharedOptionsMax: 256,
  sweepMs: 5 * SECOND,
  /** A timer that is overdue by so much does not come by itself soon. */
  timerLateMs: 1 * SECOND,
  evictionBatchMax: 100,
  /** Workflows that are claimed and read at once; the first batch, which every later one doubles until the most. */
  recoveryFirstBatch: 8,
  recoveryBatch: 64,
  cancelQuiescenceMs: 5 * SECOND,
  /** How often a workflow that waits for the budget of its day looks again without being told. */
  dayBudgetLookMs: 5 * SECOND,
  /** Days of tenants whose spend is held in memory to decide by; the store knows all. */
  dayBudgetDaysMax: 1_000,
  /** How long work under way may go on when a workflow concludes. */
  concludeGraceMs: 10 * SECOND,
  /** Of each cap and of the time, kept for the report of a workflow that concludes rather than fails. */
  concludeReserveShare: 0.25,
  /** Left at the very end to put the report together when its last call did not come back. */
  concludeAssemblyMs: 5 * SECOND,
  pausedMsMax: 7 * DAY,
  shutdownGraceMs: 30 * SECOND,
  /** Recovered workflows have this long to go on before the edge is loaded all the same. */
  edgeWaitMs: SECOND,
  /** Unary calls that are being answered when everything else has ended. */
  edgeGraceMs: SECOND,
  appendRetryMs: 50,
  appendFailureCountsMs: 15 * SECOND,
  appendRetryMsMax: 5 * SECOND,
  startRetryDelayMs: 2 * SECOND,

  // The embedded store.
  /** So many appends do not wait for the end of the turn in which they were handed over. */
  storeCommitEarlyAppends: 16,
  /** So many are told at once that their appends are durable; the rest a turn later. */
  storeToldAppendsMax: 16,
  storeCommitAppendsMax: 1_000,
  storeCommitBytesMax: 16 * MIB,
  storeWriteBytesKept: MIB,
  /** A transaction of one workflow and so many bytes is written in the deciding thread while writes take so long at most. */
  storeNearBytesMax: 64 * KIB,
  storeNearMs: 2,
  storeQueuedAppendsMax: 100_000,
  storeBusyMs: 5 * SECOND,
  storeBusyLookMs: 0.2,
  storeLockWaitMs: 200,
  storeRestartWaitMs: 25,
  storeCheckpointBytes: MIB,
  storeJournalBytesMax: 64 * MIB,
  storeEvictionEventsMax: 2_000,
  storeExpiredRequestsMax: 1_000,

  // The gRPC edge.
  pageSizeDefault: 50,
  pageSizeMax: 1_000,
  listPageBytesMax: 1 * MIB,
  requestBytesMax: 1 * MIB,
  /** What is read of a request at all; between the two limits the refusal has details. */
  requestBytesHardMax: 4 * MIB,
  resultBytesMax: 3 * MIB,
  watchBatchEventsMax: 256,
  watchBatchBytesMax: 1 * MIB,
  watchStalledMs: MINUTE,
  watchHeartbeatMs: 20 * SECOND,
  concurrentStreamsMax: 250,
  connectionsMax: 2_048,
  waitMsMax: 24 * HOUR,
  requestBodyMs: 30 * SECOND,
  /** How long a client may go on sending a request that is answered already. */
  requestRestMs: 5 * SECOND,
  /** Message and details as they stand in the trailers, percent-encoded and base64; clients refuse more than 8 KiB. */
  errorTrailersBytesMax: 6 * KIB,
  /** The message of an error, percent-encoded. */
  errorMessageBytesMax: 1.5 * KIB,
  fieldViolationsMax: 32,
  reasonCharsMax: 1_000,
  keepaliveMs: 30 * SECOND,
  keepaliveTimeoutMs: 10 * SECOND,
  violationCharsMax: 500,
  watchFirstBatchBytes: 64 * KIB,
  encodedEventsBytesMax: 32 * MIB,
  /**
   * A full cache of encoded events is emptied down to this share of its bound. A Map looks for its oldest entry behind
   * all that were deleted, which is too dear to do for every event that comes.
   */
  encodedEventsKeptShare: 7 / 8,
  /** Neighbours of a log that are cached and dropped together, so that a reader looks up these and not every event. */
  encodedSegmentEvents: 64,
  /**
   * Neighbours of a log that are encoded together, into one piece of memory. A divisor of what the cache drops at once,
   * so that what is dropped is free; few, for how large they are is known afterwards.
   */
  encodedSlabEvents: 16,
  /** After so many bytes of replies what is young in the heap is collected, and their memory with it. */
  replyBytesPerCollection: 16 * MIB,
  /** What the encoder of messages keeps for the next one; a longer one gives its memory back. */
  encoderBytesKept: MIB,
  /** Events of a log that are read at once while nothing is known about their size. */
  coldReadEvents: 8,
  /** Pages of one log to its followers from the cache alone, between two looks whether the log is there still. */
  trustedPagesMax: 16,
  /** Pages in one piece for several followers of a log, of all logs together. */
  joinedPagesMax: 8,
  joinedPagesBytesMax: 8 * MIB,
  /** A log that nobody follows yet is kept for its first follower up to so many events, and bytes in memory. */
  youngLogEventsMax: 64,
  youngLogBytesMax: MIB,
  /** All such logs together. */
  youngLogsEventsMax: 2_048,
  youngLogsBytesMax: 8 * MIB,
  downloadChunkBytes: 64 * KIB,
  /** Between two deltas of one agent to one reader. */
  progressIntervalMs: 100,
  /** Of what an open call has written, kept for those who follow it; UTF-16 units. */
  progressTextCharsMax: 64 * KIB,
  /** In one message. */
  progressDeltaCharsMax: 16 * KIB,
  healthCheckMs: 5 * SECOND,
  metadataRequestIdCharsMax: 128,
  /** Initial metadata of a unary call wait so long for the reply. */
  metadataWithReplyMs: 20,

  // Configuration and telemetry.
  configFileBytesMax: 1 * MIB,
  customOrchestratorsMax: 100,
  liveWorkflowsMax: 10_000,
  pendingWorkflowsMax: 1_000_000,
  retainTerminalMax: 1_000_000,
  retainForMsMax: 3_650 * DAY,
  shutdownGraceMsMax: HOUR,
  logStringCharsMax: 16 * KIB,
  logErrorCauseDepthMax: 5,
  /** Of what a model wrote in the name or an attribute of a span. */
  spanTextCharsMax: 200,
  tracingShutdownMs: 5 * SECOND,

  // Tools.
  toolTimeoutMs: MINUTE,
  toolTimeoutMsMax: 10 * MINUTE,
  toolOutputBytes: 32 * KIB,
  toolOutputBytesMax: MIB,
  /** JSON text a model may give a tool. */
  toolArgumentBytesMax: 64 * KIB,
  toolsPerServerMax: 256,
  toolDescriptionCharsMax: 4_000,
  toolSchemaBytesMax: 64 * KIB,
  /** One message of a tool server. */
  toolMessageBytesMax: 10 * MIB,
  toolConnectMs: 15 * SECOND,
  toolReconnectBaseMs: 500,
  toolReconnectMsMax: MINUTE,
  toolCloseMs: 2 * SECOND,
  toolServersMax: 32,
  toolSearchPassages: 5,
  toolSearchPassagesMax: 10,
  toolReadPassagesMax: 12,
  toolQuestionCharsMax: 2_000,

  // Documents to read and documents to write.
  corpusFilesMax: 10_000,
  corpusEntriesMax: 100_000,
  corpusDepthMax: 32,
  corpusFileBytesMax: 8 * MIB,
  corpusBytesMax: 64 * MIB,
  passageCharsMin: 400,
  passageCharsMax: 1_200,
  passageCodeCharsMax: 2_400,
  searchQueryCharsMax: 20_000,
  searchTermsMax: 64,
  searchCandidatesMax: 1_000,
  reportNestingMax: 32,
  /** Estimated steps of about 10 ns that the markup of one section may cost; see `markupWork`. */
  markupWorkMax: 30_000_000,

  // The client and the command line.
  replyBytesMax: 16 * MIB,
  callDeadlineMs: 30 * SECOND,
  reconnectBaseMs: 200,
  reconnectMsMax: 5 * SECOND,
  reconnectsMax: 60,
  /** How long a connection that failed is examined to say why. */
  probeMs: 3 * SECOND,
  downloadBytesMax: 256 * MIB,
  redrawMs: 100,
  /** Of what an agent writes, kept to show the end of it. */
  shownTextCharsMax: 1_000,
  lookAgainMs: SECOND,

  // Verification of a store.
  auditFindingsMax: 1_000,
  auditTextCharsMax: 500,
} as const;
