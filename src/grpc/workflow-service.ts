import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Application, StartRequest } from '../engine/application.ts';
import { ApplicationError } from '../engine/application-error.ts';
import type { CancelWorkflowRequest__Output } from '../gen/orchestrator/v1/CancelWorkflowRequest.ts';
import type { CancelWorkflowResponse__Input } from '../gen/orchestrator/v1/CancelWorkflowResponse.ts';
import type { ConcludeWorkflowRequest__Output } from '../gen/orchestrator/v1/ConcludeWorkflowRequest.ts';
import type { ConcludeWorkflowResponse__Input } from '../gen/orchestrator/v1/ConcludeWorkflowResponse.ts';
import type { DeleteWorkflowRequest__Output } from '../gen/orchestrator/v1/DeleteWorkflowRequest.ts';
import type { DeleteWorkflowResponse__Input } from '../gen/orchestrator/v1/DeleteWorkflowResponse.ts';
import type { DownloadDocumentRequest__Output } from '../gen/orchestrator/v1/DownloadDocumentRequest.ts';
import type { DownloadDocumentResponse__Input } from '../gen/orchestrator/v1/DownloadDocumentResponse.ts';
import type { GetWorkflowRequest__Output } from '../gen/orchestrator/v1/GetWorkflowRequest.ts';
import type { GetWorkflowResponse__Input } from '../gen/orchestrator/v1/GetWorkflowResponse.ts';
import type { GetWorkflowResultRequest__Output } from '../gen/orchestrator/v1/GetWorkflowResultRequest.ts';
import type { GetWorkflowResultResponse__Input } from '../gen/orchestrator/v1/GetWorkflowResultResponse.ts';
import type { ListDocumentsRequest__Output } from '../gen/orchestrator/v1/ListDocumentsRequest.ts';
import type { ListDocumentsResponse__Input } from '../gen/orchestrator/v1/ListDocumentsResponse.ts';
import type { ListWorkflowEventsRequest__Output } from '../gen/orchestrator/v1/ListWorkflowEventsRequest.ts';
import type { ListWorkflowsRequest__Output } from '../gen/orchestrator/v1/ListWorkflowsRequest.ts';
import type { PauseWorkflowRequest__Output } from '../gen/orchestrator/v1/PauseWorkflowRequest.ts';
import type { PauseWorkflowResponse__Input } from '../gen/orchestrator/v1/PauseWorkflowResponse.ts';
import type { ResumeWorkflowRequest__Output } from '../gen/orchestrator/v1/ResumeWorkflowRequest.ts';
import type { ResumeWorkflowResponse__Input } from '../gen/orchestrator/v1/ResumeWorkflowResponse.ts';
import type { StartResearchRequest__Output } from '../gen/orchestrator/v1/StartResearchRequest.ts';
import type { StartResearchResponse__Input } from '../gen/orchestrator/v1/StartResearchResponse.ts';
import type { StartSearchRequest__Output } from '../gen/orchestrator/v1/StartSearchRequest.ts';
import type { StartSearchResponse__Input } from '../gen/orchestrator/v1/StartSearchResponse.ts';
import type { StartWorkflowRequest__Output } from '../gen/orchestrator/v1/StartWorkflowRequest.ts';
import type { StartWorkflowResponse__Input } from '../gen/orchestrator/v1/StartWorkflowResponse.ts';
import type { WaitWorkflowRequest__Output } from '../gen/orchestrator/v1/WaitWorkflowRequest.ts';
import type { WaitWorkflowResponse__Input } from '../gen/orchestrator/v1/WaitWorkflowResponse.ts';
import type { WatchWorkflowRequest__Output } from '../gen/orchestrator/v1/WatchWorkflowRequest.ts';
import { defaultTenant } from '../workflow/id.ts';
import { limits } from '../workflow/limits.ts';
import type { WorkflowState } from '../workflow/state.ts';
import { isTerminal, type Status, statuses } from '../workflow/status.ts';
import type { CommitFeed } from './commit-feed.ts';
import { acceptingEncoded, EncodedLog, EncodedReply } from './encoded-log.ts';
import { workflowService } from './definition.ts';
import { download } from './download.ts';
import { type Call, type HandlerContext, serverStream, unary } from './handler.ts';
import { cursorOf, pageToken } from './page-token.ts';
import { documentMessage, receiptMessage } from './part-message.ts';
import { countOf, invalid, pageSizeOf, reasonOf, wantedLabels, workflowKeyOf } from './request-field.ts';
import { type Report, resultMessage } from './result-message.ts';
import { detached } from './request-context.ts';
import { given, text, writtenOptions } from './run-options.ts';
import { plainOf } from './struct.ts';
import { durationMsOf, timeOf } from './timestamp.ts';
import { watch, type WatchMessage } from './watch.ts';
import { encodedList, encodeListReply } from './workflow-list.ts';
import { stateNames, workflowMessage } from './workflow-message.ts';

const encodeEventsReply = workflowService.ListWorkflowEvents.responseSerialize;

/** The service with the replies whose members are encoded one by one, events once for everybody. */
export const servedWorkflowService = {
  ...workflowService,
  ListWorkflows: {
    ...workflowService.ListWorkflows,
    responseSerialize: acceptingEncoded(encodeListReply),
  },
  WatchWorkflow: {
    ...workflowService.WatchWorkflow,
    responseSerialize: acceptingEncoded(workflowService.WatchWorkflow.responseSerialize),
  },
  ListWorkflowEvents: {
    ...workflowService.ListWorkflowEvents,
    responseSerialize: acceptingEncoded(encodeEventsReply),
  },
};

/** Handlers of orchestrator.v1.WorkflowService: each reads its request, asks the application and writes its reply. */
export function workflowHandlers(
  application: Application,
  context: HandlerContext,
  commits?: CommitFeed,
): UntypedServiceImplementation {
  const log = new EncodedLog(application);
  commits?.connect(log);
  return {
    StartResearch: unary<StartResearchRequest__Output, StartResearchResponse__Input>(
      context,
      async (request, call) => {
        const start = request.validateOnly ? validated(application) : started(application);
        return start({
          tenant: defaultTenant,
          method: 'StartResearch',
          orchestrator: 'research',
          input: {
            ...text('task', request.task),
            ...given('numAgents', request.numAgents),
            ...given('maxExtraResearchers', request.maxExtraResearchers),
            ...given('enableDrummer', request.enableDrummer),
            ...given('enableCamina', request.enableCamina),
          },
          inputPath: [],
          ...startedWith(request, call),
        });
      },
    ),

    StartSearch: unary<StartSearchRequest__Output, StartSearchResponse__Input>(
      context,
      async (request, call) => {
        const start = request.validateOnly ? validated(application) : started(application);
        return start({
          tenant: defaultTenant,
          method: 'StartSearch',
          orchestrator: 'search',
          input: {
            ...text('query', request.query),
            ...given('numAgents', request.numAgents),
            ...(request.allowedAgentTypes.length > 0 && { allowedAgentTypes: request.allowedAgentTypes }),
          },
          inputPath: [],
          ...startedWith(request, call),
        });
      },
    ),

    StartWorkflow: unary<StartWorkflowRequest__Output, StartWorkflowResponse__Input>(
      context,
      async (request, call) => {
        const start = request.validateOnly ? validated(application) : started(application);
        return start({
          tenant: defaultTenant,
          method: 'StartWorkflow',
          orchestrator: request.orchestrator,
          input: request.input ? plainOf(request.input, 'input') : {},
          inputPath: ['input'],
          ...startedWith(request, call),
        });
      },
    ),

    GetWorkflow: unary<GetWorkflowRequest__Output, GetWorkflowResponse__Input>(context, async (request) => {
      const { state, blockedReason } = await application.get(workflowKeyOf(request.workflowId));
      return { workflow: workflowMessage(state, blockedReason) };
    }),

    ListWorkflows: unary<ListWorkflowsRequest__Output, EncodedReply>(context, async (request) => {
      const conditions = {
        statuses: request.states.length > 0 ? request.states.map(statusOf) : undefined,
        orchestrator: request.orchestrator || undefined,
        labels: wantedLabels(request.labels),
        createdFrom: request.createTimeFrom ? timeOf(request.createTimeFrom, 'createTimeFrom') : undefined,
        createdBefore: request.createTimeBefore
          ? timeOf(request.createTimeBefore, 'createTimeBefore')
          : undefined,
      };
      const scope = [
        'ListWorkflows',
        { ...conditions, labels: Object.entries(request.labels).toSorted(([a], [b]) => (a < b ? -1 : 1)) },
      ];
      const page = await encodedList(application, {
        tenant: defaultTenant,
        ...conditions,
        after: cursorOf(request.pageToken, scope),
        limit: pageSizeOf(request.pageSize),
      });
      const nextPageToken = page.next === undefined ? '' : pageToken(page.next, scope);
      return new EncodedReply([...page.bytes, encodeListReply({ nextPageToken })]);
    }),

    WatchWorkflow: serverStream<WatchWorkflowRequest__Output, WatchMessage>(
      context,
      async (request, call, send) => {
        const key = workflowKeyOf(request.workflowId);
        const after =
          request.afterSequence === undefined ? undefined : countOf(request.afterSequence, 'afterSequence');
        await watch(
          { application, clock: context.clock, log },
          key,
          { afterSequence: after, includeProgress: request.includeProgress },
          call.signal,
          send,
        );
      },
      { longLived: true },
    ),

    WaitWorkflow: unary<WaitWorkflowRequest__Output, WaitWorkflowResponse__Input>(
      context,
      async (request, call) => {
        const key = workflowKeyOf(request.workflowId);
        const timeoutMs = request.timeout
          ? durationMsOf(request.timeout, limits.waitMsMax, 'timeout')
          : limits.waitMsMax;
        const { state, blockedReason } = await application.wait(key, timeoutMs, call.signal);
        return { workflow: workflowMessage(state, blockedReason), done: isTerminal(state.status) };
      },
      { longLived: true },
    ),

    ListWorkflowEvents: unary<ListWorkflowEventsRequest__Output, EncodedReply>(context, async (request) => {
      const key = workflowKeyOf(request.workflowId);
      const afterSequence = countOf(request.afterSequence, 'afterSequence');
      const scope = ['ListWorkflowEvents', key.workflowId, afterSequence];
      const after = cursorOf(request.pageToken, scope) ?? afterSequence;
      const page = await log.page(key, after, pageSizeOf(request.pageSize), limits.watchBatchBytesMax);
      // What follows the last event is known only by looking, and a reader at the end need not come back.
      const more =
        page.bytes.length > 0 &&
        !page.terminal &&
        (await log.page(key, page.sequence, 1, 1)).bytes.length > 0;
      const rest = encodeEventsReply({ nextPageToken: more ? pageToken(page.sequence, scope) : '' });
      return new EncodedReply([...page.bytes, rest]);
    }),

    CancelWorkflow: unary<CancelWorkflowRequest__Output, CancelWorkflowResponse__Input>(
      context,
      async (request) => {
        const key = workflowKeyOf(request.workflowId);
        const reason = reasonOf(request.reason);
        const { state, cancelled, receipt } = await detached(() => application.cancel(key, reason));
        return {
          workflow: workflowMessage(state),
          cancelled,
          receipt: cancelled && receipt ? receiptMessage(receipt) : null,
        };
      },
    ),

    PauseWorkflow: unary<PauseWorkflowRequest__Output, PauseWorkflowResponse__Input>(
      context,
      async (request) => {
        const key = workflowKeyOf(request.workflowId);
        const reason = reasonOf(request.reason);
        const { state, blockedReason } = await detached(() => application.pause(key, reason));
        return { workflow: workflowMessage(state, blockedReason) };
      },
    ),

    ResumeWorkflow: unary<ResumeWorkflowRequest__Output, ResumeWorkflowResponse__Input>(
      context,
      async (request) => {
        const key = workflowKeyOf(request.workflowId);
        const { state, blockedReason } = await detached(() => application.resume(key));
        return { workflow: workflowMessage(state, blockedReason) };
      },
    ),

    ConcludeWorkflow: unary<ConcludeWorkflowRequest__Output, ConcludeWorkflowResponse__Input>(
      context,
      async (request) => {
        const key = workflowKeyOf(request.workflowId);
        const { state, blockedReason } = await detached(() => application.conclude(key));
        return { workflow: workflowMessage(state, blockedReason) };
      },
    ),

    DeleteWorkflow: unary<DeleteWorkflowRequest__Output, DeleteWorkflowResponse__Input>(
      context,
      async (request) => {
        const key = workflowKeyOf(request.workflowId);
        await detached(() => application.remove(key));
        return {};
      },
    ),

    GetWorkflowResult: unary<GetWorkflowResultRequest__Output, GetWorkflowResultResponse__Input>(
      context,
      async (request) => {
        const { state } = await application.get(workflowKeyOf(request.workflowId));
        if (!isTerminal(state.status)) {
          throw new ApplicationError(
            'wrong_state',
            `workflow ${state.workflowId} is ${state.status}, it has no result yet`,
            {
              reason: 'WORKFLOW_NOT_FINISHED',
              metadata: { workflow_id: state.workflowId, state: state.status },
            },
          );
        }
        return { result: resultMessage(state, reportOf(application, state)) };
      },
    ),

    ListDocuments: unary<ListDocumentsRequest__Output, ListDocumentsResponse__Input>(
      context,
      async (request) => {
        const { state } = await application.get(workflowKeyOf(request.workflowId));
        return { documents: [...state.documents.values()].map(documentMessage) };
      },
    ),

    DownloadDocument: serverStream<DownloadDocumentRequest__Output, DownloadDocumentResponse__Input>(
      context,
      (request, call, send) => download(application, request, call.signal, send),
    ),
  };
}

type StartReply = StartResearchResponse__Input & StartSearchResponse__Input & StartWorkflowResponse__Input;

/** What every start carries beside its orchestrator's own fields. */
function startedWith(
  request: Pick<StartWorkflowRequest__Output, 'title' | 'options' | 'requestId'>,
  call: Call,
): Pick<StartRequest, 'title' | 'options' | 'requestId' | 'callerRequestId' | 'traceparent'> {
  return {
    ...text('title', request.title),
    options: writtenOptions(request.options),
    ...text('requestId', request.requestId),
    callerRequestId: call.request.requestId,
    traceparent: call.request.traceparent,
  };
}

/** Starts for good: what was begun is not given up with the call. */
function started(application: Application): (request: StartRequest) => Promise<StartReply> {
  return async (request) => {
    const { state, repeated } = await detached(() => application.start(request));
    return { workflow: workflowMessage(state), alreadyStarted: repeated };
  };
}

/** Only looks whether it would start. */
function validated(application: Application): (request: StartRequest) => Promise<StartReply> {
  return async (request) => ({ workflow: workflowMessage((await application.validate(request)).state) });
}

/** Only a completed workflow has a whole report, and only a build that knows its rules can tell it. */
function reportOf(application: Application, state: WorkflowState): Report | undefined {
  if (state.status !== 'completed') return undefined;
  return application
    .orchestrators()
    .find(({ name, version }) => name === state.orchestrator && version === state.orchestratorVersion)
    ?.report(state);
}

/** proto-loader leaves numbers it has no name for as they are. */
function statusOf(state: string | number, index: number): Status {
  const status = statuses.find((name) => stateNames[name] === state);
  if (!status) throw invalid(['states', index], 'must be a state a workflow can have', 'INVALID_VALUE');
  return status;
}
