import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { workflowService } from '../../src/grpc/definition.ts';
import { eventMessage } from '../../src/grpc/event-message.ts';
import { resultMessage } from '../../src/grpc/result-message.ts';
import { workflowMessage } from '../../src/grpc/workflow-message.ts';
import { research } from '../../src/orchestrator/research.ts';
import { auditLog } from '../../src/workflow/audit.ts';
import type { WorkflowEvent } from '../../src/workflow/event.ts';
import { fold } from '../../src/workflow/evolve.ts';
import type { WorkflowKey } from '../../src/workflow/id.ts';
import { limits } from '../../src/workflow/limits.ts';
import type { WorkflowRow } from '../../src/workflow/row.ts';
import type { WorkflowState } from '../../src/workflow/state.ts';

/** How a run may fail by what models say; everything else would be a defect of ours. */
const typedFailures: ReadonlySet<string> = new Set(['planning_failed', 'quorum_not_met', 'synthesis_failed']);

const { ListWorkflowEvents, GetWorkflow, GetWorkflowResult } = workflowService;

/** What is wrong with the log a workflow left behind after hostile answers; empty: nothing. */
export function problemsOf(
  key: WorkflowKey,
  log: readonly WorkflowEvent[],
  row: WorkflowRow | undefined,
): readonly string[] {
  const checks = [
    () => assert.deepEqual(auditLog(key, log, row), [], 'the audit of its log'),
    () => log.forEach(sameAsJson),
    () => log.forEach(sameOnTheWire),
    () => within(log),
  ];
  return checks.flatMap((check) => {
    try {
      check();
      return [];
    } catch (error) {
      return [`${key.workflowId}: ${error instanceof Error ? error.message : String(error)}`.slice(0, 2_000)];
    }
  });
}

/** Its end, its plan, its turns and what is told of them. */
function within(log: readonly WorkflowEvent[]): void {
  const state = fold(log);
  assert.ok(state, 'a log that folds');
  const { status, error, plan } = state;
  assert.ok(status === 'completed' || status === 'failed', `it ended as ${status}`);
  if (status === 'failed') assert.ok(error && typedFailures.has(error.type), `failed by ${error?.type}`);
  if (status === 'completed') assert.ok(plan, 'a plan of what was completed');
  const { numAgents } = research.inputSchema.parse(state.input);
  assert.ok((plan?.subtasks.length ?? 0) <= Number(numAgents), 'no more subtasks than agents asked for');
  for (const { title, question } of plan?.subtasks ?? []) {
    assert.ok(charsOf(title) <= limits.subtaskTitleCharsMax, 'a title within its limit');
    assert.ok(charsOf(question) <= limits.subtaskQuestionCharsMax, 'a question within its limit');
    assert.ok(title.isWellFormed() && question.isWellFormed(), 'whole Unicode');
    assert.ok(/[\p{L}\p{N}\p{M}]/u.test(question), 'a question that asks something');
  }
  for (const agent of state.agents.values()) {
    assert.ok(agent.turns.length <= limits.turnsPerAgentMax, `${agent.agentId}: turns within their limit`);
    const unknown = agent.completion?.unknownCitations.length ?? 0;
    assert.ok(unknown <= limits.unknownCitationsMax, `${agent.agentId}: citations within their limit`);
  }
  told(state);
}

/** What clients ask of it can be told, and reads the same after having been told. */
function told(state: WorkflowState): void {
  const workflow = { workflow: workflowMessage(state) };
  same(GetWorkflow.responseSerialize(workflow), GetWorkflow, 'GetWorkflow');
  const report = state.status === 'completed' ? research.report(state) : undefined;
  const result = GetWorkflowResult.responseSerialize({ result: resultMessage(state, report) });
  same(result, GetWorkflowResult, 'GetWorkflowResult');
  assert.ok(result.length < limits.replyBytesMax, 'a result that clients accept');
}

/** What a store writes is what it was given: no NaN, no undefined, nothing that JSON would change. */
function sameAsJson(event: WorkflowEvent): void {
  const { sequence, data } = event;
  assert.ok(isDeepStrictEqual(JSON.parse(JSON.stringify(event)), event), `JSON of ${sequence} ${data.type}`);
  assert.ok(JSON.stringify(event).isWellFormed(), `whole Unicode in ${sequence} ${data.type}`);
}

function sameOnTheWire(event: WorkflowEvent): void {
  const bytes = ListWorkflowEvents.responseSerialize({ events: [eventMessage(event)] });
  same(bytes, ListWorkflowEvents, `event ${event.sequence} ${event.data.type}`);
  assert.ok(bytes.length < limits.replyBytesMax, `${event.sequence}: a message that clients accept`);
  const [message] = ListWorkflowEvents.responseDeserialize(bytes).events;
  assert.equal(message?.type, event.data.type);
  if (event.data.type === 'model_call_ended' && event.data.result === 'ok')
    assert.equal(message.modelCallEnded?.output?.text, event.data.output?.text, 'the text arrives whole');
}

interface Codec<Reply> {
  responseSerialize(reply: Reply): Buffer;
  responseDeserialize(bytes: Buffer): Reply;
}

function same<Reply>(bytes: Buffer, codec: Codec<Reply>, what: string): void {
  const reply = codec.responseDeserialize(bytes);
  const again = codec.responseDeserialize(codec.responseSerialize(reply));
  assert.ok(isDeepStrictEqual(again, reply), `${what} on the wire`);
}

function charsOf(text: string): number {
  return [...text].length;
}
